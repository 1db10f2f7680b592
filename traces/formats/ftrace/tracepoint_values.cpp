// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/tracepoint_values.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>

#include "traces/dma_attrs.hpp"
#include "traces/formats/ftrace/scan.hpp"

namespace custody::traces::formats::ftrace {

bool take(std::string_view& text, std::string_view word) {
  if (text.substr(0, word.size()) != word) return false;
  text.remove_prefix(word.size());
  return true;
}

bool parse_number(std::string_view text, int base, std::uint64_t& value) {
  text = trimmed(text);
  if (take(text, "0x") || take(text, "0X")) base = 16;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  return error == std::errc() && stop == end;
}

bool parse_signed(std::string_view text, std::int64_t& value) {
  text = trimmed(text);
  const bool negative = take(text, "-");
  std::uint64_t size = 0;
  constexpr std::uint64_t kMost = ~std::uint64_t{0} >> 1U;
  if (!parse_number(text, 10, size) || size > kMost) return false;
  value = negative ? -static_cast<std::int64_t>(size) : static_cast<std::int64_t>(size);
  return true;
}

namespace {

/// `{0x1,0x2}`, blanks allowed.
bool parse_list(std::string_view text, std::vector<std::uint64_t>& out) {
  if (!take(text, "{") || text.empty() || text.back() != '}') return false;
  text = trimmed(text.substr(0, text.size() - 1));
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::uint64_t value = 0;
    if (!parse_number(text.substr(0, comma), 16, value)) return false;
    out.push_back(value);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return true;
}

/// `ARRAY[00, 10, ...]`: elements of so many bytes, the lowest first.
bool parse_bytes(std::string_view text, std::size_t width, std::vector<std::uint64_t>& out) {
  if (!take(text, "ARRAY[") || text.empty() || text.back() != ']') return false;
  text = trimmed(text.substr(0, text.size() - 1));
  std::uint64_t element = 0;
  std::size_t filled = 0;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::uint64_t byte = 0;
    if (!parse_number(text.substr(0, comma), 16, byte) || byte > 0xff) return false;
    element |= byte << (8 * filled);
    if (++filled == width) {
      out.push_back(std::exchange(element, 0));
      filled = 0;
    }
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return filled == 0;
}

}  // namespace

bool parse_array(std::string_view text, std::size_t width, std::vector<std::uint64_t>& out) {
  out.clear();
  return text.substr(0, 1) == "{" ? parse_list(text, out) : parse_bytes(text, width, out);
}

bool parse_direction(std::string_view text, model::Direction& dir) {
  text = trimmed(text);
  if (text.size() == 1 && text[0] >= '0' && text[0] <= '3') {
    dir = static_cast<model::Direction>(text[0] - '0');
    return true;
  }
  const std::optional<model::Direction> named = model::find_direction(text);
  dir = named.value_or(dir);
  return named.has_value();
}

namespace {

/// A name that the kernel may have; the beginning of a known one is what a cut line has.
bool may_be_attribute(std::string_view word) {
  if (word.empty() || word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") != word.npos) return false;
  return std::none_of(std::begin(kDmaAttributes), std::end(kDmaAttributes),
                      [word](const DmaAttribute& a) { return starts_with(a.name, word); });
}

/// False where the word is damaged.
bool parse_attribute(std::string_view word, std::uint64_t& attrs, std::string_view& unknown) {
  std::uint64_t bits = dma_attribute_bit(word);
  const bool is_number = word.substr(0, 2) == "0x";
  if (bits == 0 && !is_known_without_bit(word)) {
    if (!(is_number ? parse_number(word, 16, bits) : may_be_attribute(word))) return false;
    if (!is_number) unknown = word;
  }
  attrs |= bits;
  return true;
}

}  // namespace

bool parse_attributes(std::string_view text, std::uint64_t& attrs, std::string_view& unknown) {
  text = trimmed(text);
  if (text.empty()) return true;
  for (std::size_t at = 0, bar = 0; bar != std::string_view::npos; at = bar + 1) {
    bar = text.find('|', at);
    if (!parse_attribute(text.substr(at, bar == std::string_view::npos ? bar : bar - at), attrs, unknown)) return false;
  }
  return true;
}

std::size_t end_of_value(std::string_view text, std::size_t value) {
  const bool list = text.substr(value, 1) == "{", bytes = text.substr(value, 6) == "ARRAY[";
  const std::size_t end = list ? text.find('}', value) : bytes ? text.find(']', value) : text.find(' ', value);
  return end == std::string_view::npos ? text.size() : end + (list || bytes ? 1 : 0);
}

std::string_view next_word(std::string_view text, std::size_t& at) {
  while (at < text.size() && text[at] == ' ') ++at;
  const std::size_t begin = at;
  const std::size_t equals = text.find_first_of("= ", at);
  const bool is_mark = equals == std::string_view::npos || text[equals] == ' ';
  at = is_mark ? std::min(text.find(' ', at), text.size()) : end_of_value(text, equals + 1);
  return text.substr(begin, at - begin);
}

}  // namespace custody::traces::formats::ftrace
