// SPDX-License-Identifier: BSD-2-Clause
// One line of an event log: the handler of the JSON parser's events.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "traces/dma_attrs.hpp"
#include "traces/formats/event_log/event_log.hpp"
#include "traces/formats/event_log/record.hpp"
#include "traces/quoting.hpp"

namespace custody::traces::formats::event_log {
namespace {

using nlohmann::json;

constexpr std::string_view kExpected[] = {
    "text",
    "text or a number from 0",
    "a number from 0",
    "an integer",
    "seconds from 0",
    "a number or a list of DMA_ATTR_ words",
    "true or false",
    "anything",
};

std::optional<Key> find_key(std::string_view name) {
  const auto* const found =
      std::find_if(kKeyWords.begin(), kKeyWords.end(), [&](const KeyWord& word) { return word.name == name; });
  if (found == kKeyWords.end()) return std::nullopt;
  return static_cast<Key>(found - kKeyWords.begin());
}

bool differs_in_one_letter(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const auto same = static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin());
  return same < a.size() && a.substr(same + 1) == b.substr(same + 1);
}

/// The key that a damaged one was: without its phase a return is a second call, without its result a call that failed
/// is one that did something. Nothing for words too short to tell: a `pid` is no damaged `tid`.
std::string_view damaged_key(std::string_view name) {
  constexpr std::size_t kShortest = 4;
  const auto* const found = std::find_if(kKeyWords.begin(), kKeyWords.end(), [&](const KeyWord& word) {
    return (word.name == "ret" || word.name.size() >= kShortest) && differs_in_one_letter(name, word.name);
  });
  return found == kKeyWords.end() ? std::string_view() : found->name;
}

/// Values at depth 1 are set in the record, attributes at depth 2 too; whatever else is deeper is only counted.
class Handler : public nlohmann::json_sax<json> {
 public:
  Handler(Record& record, std::vector<std::string>& unknown) : record_(record), unknown_(unknown) {}

  [[nodiscard]] const std::string& error() const { return error_; }

  bool null() override { return depth_ != 0 || fail("the line is null, expected an object"); }
  bool boolean(bool value) override {
    if (!wanted()) return scalar_ok();
    if (type() == Type::kFlag) return set(value ? 1 : 0);
    return mismatch(value ? "true" : "false");
  }
  bool number_integer(number_integer_t value) override {
    if (!wanted()) return scalar_ok();
    if (type() == Type::kSigned) return set(static_cast<std::uint64_t>(value));
    return mismatch("a negative number");
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (!wanted()) return scalar_ok();
    switch (type()) {
      case Type::kId: record_.set(key_, std::to_string(value)); return true;
      case Type::kUnsigned:
      case Type::kAttributes: return list_ ? mismatch("a number in a list") : set(value);
      case Type::kSigned:
        if (value > static_cast<std::uint64_t>(INT64_MAX)) return mismatch("a larger number");
        return set(value);
      case Type::kTime: return time(std::to_string(value));
      case Type::kText:
      case Type::kFlag:
      case Type::kAny: break;
    }
    return mismatch("a number");
  }
  bool number_float(number_float_t, const string_t& text) override {
    if (!wanted()) return scalar_ok();
    return type() == Type::kTime ? time(text) : mismatch("a fraction");
  }
  bool string(string_t& value) override {
    if (!wanted()) return scalar_ok();
    if (type() == Type::kText || type() == Type::kId) {
      record_.set(key_, value);
      return true;
    }
    if (type() != Type::kAttributes || !list_) return mismatch("text");
    const std::uint64_t bit = dma_attribute_bit(value);
    if (bit == 0) return fail("an unknown word in `attrs`, expected DMA_ATTR_SKIP_CPU_SYNC and the like");
    return set(record_.number(key_) | bit);
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    if (depth_ != 0 && wanted()) return mismatch("an object");
    return deeper();
  }
  bool end_object() override { return shallower(); }
  bool start_array(std::size_t) override {
    if (depth_ == 0) return fail("the line is a list, expected an object");
    if (wanted()) {
      if (type() != Type::kAttributes || list_) return mismatch("a list");
      list_ = true;
      set(0);
    }
    return deeper();
  }
  bool end_array() override {
    if (depth_ == 2) list_ = false;
    return shallower();
  }
  bool key(string_t& name) override {
    if (depth_ != 1) return true;
    const auto found = find_key(name);
    known_ = found.has_value();
    if (found) {
      key_ = *found;
    } else if (const std::string_view meant = damaged_key(name); !meant.empty()) {
      return fail("unknown key " + shown(name) + "; did you mean `" + std::string(meant) + "`?");
    } else {
      unknown_.push_back(name);
    }
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    return fail("the line is no JSON from its byte " + std::to_string(position) + " on");
  }

 private:
  [[nodiscard]] Type type() const { return kKeyWords[static_cast<std::size_t>(key_)].type; }
  /// The value is one that the record has a place for.
  [[nodiscard]] bool wanted() const {
    return known_ && type() != Type::kAny && (depth_ == 1 || (depth_ == 2 && list_));
  }
  bool scalar_ok() {
    if (depth_ == 0) return fail("the line is a single value, expected an object");
    if (depth_ == 1 && known_) return set(0);
    return true;
  }
  bool set(std::uint64_t value) {
    record_.set(key_, value);
    return true;
  }
  bool time(std::string_view text) {
    const std::int64_t ns = nanoseconds(text);
    return ns < 0 ? mismatch("a number out of range") : set(static_cast<std::uint64_t>(ns));
  }
  bool deeper() {
    return ++depth_ <= kMaxJsonDepth || fail("the line nests deeper than " + std::to_string(kMaxJsonDepth));
  }
  bool shallower() {
    --depth_;
    return true;
  }
  bool mismatch(const std::string& found) {
    const KeyWord& word = kKeyWords[static_cast<std::size_t>(key_)];
    return fail("`" + std::string(word.name) + "` is " + found + ", expected " +
                std::string(kExpected[static_cast<std::size_t>(word.type)]));
  }
  bool fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
    return false;
  }

  Record& record_;
  std::vector<std::string>& unknown_;
  std::string error_;
  int depth_ = 0;
  Key key_ = Key::kEvent;
  bool known_ = false;
  bool list_ = false;  ///< inside the list of attributes
};

}  // namespace

std::string parse_record(std::string_view line, Record& record, std::vector<std::string>& unknown) {
  record.clear();
  unknown.clear();
  Handler handler(record, unknown);
  if (json::sax_parse(line.begin(), line.end(), &handler)) return {};
  return handler.error().empty() ? "the line is no JSON" : handler.error();
}

std::int64_t nanoseconds(std::string_view seconds) {
  constexpr std::uint64_t kBillion = 1'000'000'000;
  constexpr auto kMost = static_cast<std::uint64_t>(INT64_MAX);
  constexpr std::uint64_t kMostSeconds = kMost / kBillion;
  std::uint64_t whole = 0;
  std::size_t i = 0;
  for (; i < seconds.size() && seconds[i] >= '0' && seconds[i] <= '9'; ++i) {
    whole = whole * 10 + static_cast<std::uint64_t>(seconds[i] - '0');
    if (whole > kMostSeconds) return -1;
  }
  std::uint64_t fraction = 0;
  std::uint64_t unit = kBillion;
  if (i < seconds.size() && seconds[i] == '.' && seconds.size() - i <= 10) {
    for (++i; i < seconds.size() && seconds[i] >= '0' && seconds[i] <= '9'; ++i) {
      unit /= 10;
      fraction += static_cast<std::uint64_t>(seconds[i] - '0') * unit;
    }
  }
  if (i == seconds.size()) {
    const std::uint64_t all = whole * kBillion + fraction;
    return all <= kMost ? static_cast<std::int64_t>(all) : -1;
  }
  // An exponent, or more decimals than nanoseconds: the nearest one.
  const double value = std::strtod(std::string(seconds).c_str(), nullptr);
  if (!(value >= 0) || value >= static_cast<double>(kMostSeconds)) return -1;
  return std::llround(value * 1e9);
}

}  // namespace custody::traces::formats::event_log
