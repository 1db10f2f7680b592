// SPDX-License-Identifier: BSD-2-Clause
// The words of one litmus line.
#include "traces/formats/litmus/tokens.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "model/escape.hpp"
#include "traces/formats/litmus/words.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::litmus {
namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view word) {
  std::uint64_t value = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, value);
  if (word.empty() || error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_size(std::string_view word) {
  unsigned shift = 0;
  if (!word.empty()) {
    if (word.back() == 'K') shift = 10;
    if (word.back() == 'M') shift = 20;
    if (word.back() == 'G') shift = 30;
    if (shift != 0) word.remove_suffix(1);
  }
  const auto value = parse_number(word);
  if (!value || *value > (std::numeric_limits<std::uint64_t>::max() >> shift)) return std::nullopt;
  return *value << shift;
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<std::pair<unsigned, char>, 3> kSuffixes{{{30, 'G'}, {20, 'M'}, {10, 'K'}}};
  for (const auto& [shift, suffix] : kSuffixes)
    if (bytes != 0 && (bytes & ((std::uint64_t{1} << shift) - 1)) == 0) return std::to_string(bytes >> shift) + suffix;
  return std::to_string(bytes);
}

bool looks_like_range(std::string_view word) { return word.find('+') != std::string_view::npos; }

bool is_name(std::string_view word) {
  constexpr std::string_view kMarks = "_.:-/@~,?";
  return !word.empty() && word.front() != '-' && std::all_of(word.begin(), word.end(), [&](char c) {
    return is_letter(c) || is_digit(c) || kMarks.find(c) != std::string_view::npos;
  });
}

bool is_task(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_of_task) && model::is_plain_line(text);
}

bool is_rule_or_class(std::string_view word) {
  constexpr std::array<std::string_view, 6> kClasses{"illegal",    "missing",   "mixed",
                                                     "lost_write", "redundant", "advice"};
  if (std::find(kClasses.begin(), kClasses.end(), word) != kClasses.end()) return true;
  return word.size() >= 2 && word.size() <= 4 &&
         std::string_view("MRLA").find(word.front()) != std::string_view::npos &&
         std::all_of(word.begin() + 1, word.end(), is_digit);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

void Words::skip_blanks() {
  const auto first = rest_.find_first_not_of(kBlanks);
  rest_.remove_prefix(first == std::string_view::npos ? rest_.size() : first);
}

void Words::find() {
  skip_blanks();
  if (!rest_.empty() && rest_.front() == '#') rest_ = {};
  const auto end = std::min(rest_.find_first_of(kBlanks), rest_.size());
  word_ = rest_.substr(0, end);
  rest_.remove_prefix(end);
}

bool Words::take(std::string_view word) {
  if (word_ != word) return false;
  find();
  return true;
}

std::string_view Words::next(std::string_view what) {
  if (done()) fail("the line ends where " + std::string(what) + " is expected");
  const std::string_view word = word_;
  find();
  return word;
}

std::string_view Words::next_name(std::string_view what) {
  const std::string_view word = next(what);
  if (!is_name(word) || is_reserved(word)) fail("found " + shown(word) + ", expected " + std::string(what));
  return word;
}

std::string_view Words::next_quoted(std::uint64_t& nth) {
  nth = 1;
  // The quoted text can hold blanks and `#`, so it is found in the line and not in the words.
  std::string_view from(word_.data(), word_.size() + rest_.size());
  if (from.empty() || from.front() != '"') fail("found " + shown(word_) + ", expected text in double quotes");
  const auto end = from.find('"', 1);
  if (end == std::string_view::npos) fail("the text " + shown(from) + " has no closing double quote");
  const std::string_view text = from.substr(1, end - 1);
  rest_ = from.substr(end + 1);
  skip_blanks();
  if (rest_.size() >= 2 && rest_[0] == '#' && is_digit(rest_[1])) {
    rest_.remove_prefix(1);
    find();
    const auto number = parse_number(word_);
    if (!number || *number == 0) fail("found " + shown(word_) + " behind `#`, expected a number from 1");
    nth = *number;
  }
  find();
  if (trimmed(text).empty()) fail("the text in double quotes is empty");
  return text;
}

std::string_view Words::rest() {
  const char* const first = word_.data();
  const char* last = first;
  while (!done()) {
    last = word_.data() + word_.size();
    find();
  }
  return {first, static_cast<std::size_t>(last - first)};
}

void Words::expect_end(std::string_view after) const {
  if (!done()) fail("found " + shown(word_) + " where the line should end, after " + std::string(after));
}

void Words::fail(const std::string& message) const { throw InputError(path_, line_, message); }

}  // namespace custody::traces::formats::litmus
