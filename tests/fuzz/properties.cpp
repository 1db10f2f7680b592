// SPDX-License-Identifier: BSD-2-Clause
// What the targets hold the product to, whatever the bytes are.
#include "tests/fuzz/properties.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

namespace custody::fuzz {

namespace {

constexpr std::size_t kMostShown = 2000;

/// What `text` begins with, if that is a character of UTF-8; else 0 bytes of it.
struct Character {
  std::size_t bytes = 0;
  char32_t code = 0;
};

Character character_at(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (bytes == 0 || bytes > text.size()) return {};
  char32_t code = bytes == 1 ? lead : lead & (0xffU >> (bytes + 1));
  for (const char c : text.substr(1, bytes - 1)) {
    if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80) return {};
    code = code << 6U | (static_cast<unsigned char>(c) & 0x3fU);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xd800 && code < 0xe000;
  return code < kLeast[bytes] || code > 0x10ffff || is_surrogate ? Character{} : Character{bytes, code};
}

bool is_control(char32_t code) {
  return (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7f && code < 0xa0);
}

/// A stream that gives few bytes at a time.
class Pieces final : public traces::input::ByteSource {
 public:
  explicit Pieces(std::string_view bytes) : left_(bytes) {}
  [[nodiscard]] std::size_t read(char* into, std::size_t size) override {
    const std::size_t n = std::min({size, kPiece, left_.size()});
    std::memcpy(into, left_.data(), n);
    left_.remove_prefix(n);
    return n;
  }

 private:
  static constexpr std::size_t kPiece = 61;
  std::string_view left_;
};

}  // namespace

void require(bool holds, std::string_view what, std::string_view detail) {
  if (holds) return;
  detail = detail.substr(0, kMostShown);
  std::fprintf(stderr, "property broken: %.*s\n%.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(detail.size()), detail.data());
  std::abort();
}

void require_same(std::string_view text, std::string_view again, std::string_view what) {
  if (text == again) return;
  const auto at = static_cast<std::size_t>(
      std::mismatch(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(text.size(), again.size())),
                    again.begin())
          .first -
      text.begin());
  const std::size_t begin = text.substr(0, at).rfind('\n') + 1;
  const auto line = [begin](std::string_view of) {
    return "`" + std::string(of.substr(begin, of.find('\n', begin) - begin)) + "`";
  };
  require(false, what, line(text) + " against\n" + line(again));
}

void require_json(std::string_view text) {
  try {
    const nlohmann::json json = nlohmann::json::parse(text.begin(), text.end());
    require(!json.is_discarded(), "JSON parses");
  } catch (const nlohmann::json::exception& e) {
    require(false, "JSON parses and is valid UTF-8", std::string(e.what()) + "\n" + std::string(text));
  }
}

void require_plain_text(std::string_view text) {
  for (std::string_view rest = text; !rest.empty();) {
    const Character c = character_at(rest);
    const std::size_t at = text.size() - rest.size();
    if (c.bytes == 0 || is_control(c.code))
      require(false, c.bytes == 0 ? "text is valid UTF-8" : "text has no control characters",
              "byte " + std::to_string(at) + ": " + std::string(text.substr(at < 80 ? 0 : at - 80)));
    rest.remove_prefix(c.bytes);
  }
}

Reader reader_of(std::string_view bytes, ReadLines read) {
  return [bytes, read](traces::EventSink& sink, traces::ReadStatistics& statistics) {
    traces::input::Lines lines = traces::input::Lines::of_text(bytes);
    read(lines, sink, statistics);
  };
}

Reader reader_of_stream(std::string_view bytes, ReadLines read) {
  return [bytes, read](traces::EventSink& sink, traces::ReadStatistics& statistics) {
    traces::input::Lines lines(std::make_unique<Pieces>(bytes));
    read(lines, sink, statistics);
  };
}

void require_written_contract(const spec::Contract& contract) {
  const std::string text = spec::write_contract(contract);
  require_json(text);
  try {
    const spec::Contract again = spec::read_contract(text, "written.json");
    require(spec::write_contract(again) == text, "a contract that is written is read back equal", text);
  } catch (const std::exception& e) {
    require(false, "a contract that is written can be read", e.what() + ("\n" + text));
  }
}

}  // namespace custody::fuzz
