// SPDX-License-Identifier: BSD-2-Clause
// JSON that people write, read strictly: what the library would take silently, or slowly, is refused with its line.
#include <algorithm>
#include <set>
#include <sstream>

#include "spec/contract_json.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::spec {

namespace {

constexpr std::size_t kMaxDepth = 8;
/// The library looks for a key among all those before it.
constexpr std::size_t kMaxMembers = 512;
constexpr std::size_t kMaxComplaint = 300;

/// What is wrong with a text that is JSON or not, and behind which byte.
struct Flawed {
  std::string says;
  std::size_t byte = 0;
};

/// Is told of values and does nothing with them.
class OfStructure : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
};

/// Looks at a text and builds nothing. The first thing that is wrong ends it.
class Inspection final : public OfStructure {
 public:
  explicit Inspection(const std::string& text) : in_(text) {}

  std::optional<Flawed> run() {
    if (!Json::sax_parse(in_, this) && !flawed_) fail("no JSON");
    return flawed_;
  }

  bool start_object(std::size_t /*elements*/) override { return open(); }
  bool start_array(std::size_t /*elements*/) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& key) override {
    if (!keys_.back().insert(key).second)
      return fail("the key " + shown(Json(key)) + " is there twice in one object, expected it once");
    if (keys_.back().size() > kMaxMembers)
      return fail("an object of more than " + std::to_string(kMaxMembers) + " members, expected at most that");
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/, const nlohmann::json::exception& e) override {
    constexpr int kNumberOverflow = 406;
    const std::string says(e.what());
    flawed_ = e.id == kNumberOverflow
                  ? Flawed{"a number that is out of range, expected at most 1.8e308", position}
                  : Flawed{"no JSON: " + (says.size() > kMaxComplaint ? says.substr(0, kMaxComplaint) + "..." : says),
                           position};
    return false;
  }

 private:
  bool fail(std::string says) {
    const auto byte = in_.rdbuf()->pubseekoff(0, std::ios::cur, std::ios::in);
    flawed_ = Flawed{std::move(says), static_cast<std::size_t>(std::max<std::streamoff>(byte, 0))};
    return false;
  }
  bool open() {
    keys_.emplace_back();
    return keys_.size() <= kMaxDepth || fail("JSON nests deeper than " + std::to_string(kMaxDepth));
  }
  bool close() {
    keys_.pop_back();
    return true;
  }

  std::istringstream in_;
  std::vector<std::set<std::string>> keys_;  ///< of what is open; of an array none
  std::optional<Flawed> flawed_;
};

/// Notes where the keys below `clauses` stand, and that of the base.
class KeyLines final : public OfStructure {
 public:
  explicit KeyLines(std::string text) : text_(std::move(text)), in_(text_) {}

  std::vector<ClauseLine> run() {
    static_cast<void>(Json::sax_parse(in_, this));
    return std::move(lines_);
  }

  bool start_object(std::size_t /*elements*/) override { return ++depth_ <= kMaxDepth; }
  bool start_array(std::size_t /*elements*/) override { return ++depth_ <= kMaxDepth; }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& key) override {
    if (depth_ == 1) in_clauses_ = key == "clauses";
    if (depth_ == 1 && key == "base") note({});
    if (depth_ == 2 && in_clauses_) note(key);
    return true;
  }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::json::exception& /*e*/) override {
    return false;
  }

 private:
  void note(std::string clause) {
    const auto here = std::max<std::streamoff>(in_.rdbuf()->pubseekoff(0, std::ios::cur, std::ios::in), 0);
    const auto end = std::min<std::ptrdiff_t>(here, static_cast<std::ptrdiff_t>(text_.size()));
    counted_ += static_cast<std::uint64_t>(std::count(text_.begin() + at_, text_.begin() + end, '\n'));
    at_ = end;
    lines_.push_back({std::move(clause), counted_ + 1});
  }
  bool close() {
    --depth_;
    return true;
  }

  std::string text_;
  std::istringstream in_;
  std::vector<ClauseLine> lines_;
  std::size_t depth_ = 0;
  std::ptrdiff_t at_ = 0;
  std::uint64_t counted_ = 0;
  bool in_clauses_ = false;
};

}  // namespace

std::vector<ClauseLine> clause_lines(std::string_view json) { return KeyLines(std::string(json)).run(); }

Json parse_contract_json(std::string_view json, const std::string& path) {
  if (json.size() > kMaxContractBytes)
    throw SpecError(path + ": more than " + std::to_string(kMaxContractBytes) + " bytes");
  const std::string text(json);
  if (const auto flawed = Inspection(text).run()) {
    const auto end = static_cast<std::ptrdiff_t>(std::min(flawed->byte, text.size()));
    const auto line = 1 + std::count(text.begin(), text.begin() + end, '\n');
    const std::size_t start = end == 0 ? 0 : text.rfind('\n', static_cast<std::size_t>(end) - 1) + 1;
    const std::size_t column = std::max<std::size_t>(static_cast<std::size_t>(end) - start, 1);
    throw SpecError(path + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + flawed->says);
  }
  return Json::parse(text);
}

}  // namespace custody::spec
