// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/format_text.hpp"

#include <algorithm>

namespace custody::traces::formats::trace_dat {

namespace {

constexpr std::size_t kLongest = std::size_t{1} << 16U;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// Takes a prefix off `text`.
bool take(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// `KEY` and up to nine digits and a semicolon.
bool take_number(std::string_view& text, std::string_view key) {
  if (!take(text, key)) return false;
  const auto digits = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  text.remove_prefix(digits);
  return digits >= 1 && digits <= 9 && take(text, ";");
}

/// `char name[16]`: cuts the brackets off the end.
bool cut_brackets(std::string_view& text) {
  if (text.empty() || text.back() != ']') return true;
  const std::size_t open = text.rfind('[');
  if (open == std::string_view::npos) return false;
  const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  text = text.substr(0, open);
  return std::all_of(inside.begin(), inside.end(), is_word);
}

/// A type of words and stars, a blank, and a name with or without brackets; where it lies elsewhere, the brackets are
/// the type's.
bool is_declaration(std::string_view text) {
  const bool is_away = take(text, "__data_loc ") || take(text, "__rel_loc ");
  if (!is_away && !cut_brackets(text)) return false;
  const std::size_t blank = text.rfind(' ');
  if (blank == std::string_view::npos) return false;
  const std::string_view name = text.substr(blank + 1);
  std::string_view type = text.substr(0, blank);
  if (is_away && !cut_brackets(type)) return false;
  if (name.empty() || is_digit(name[0]) || !std::all_of(name.begin(), name.end(), is_word)) return false;
  if (type.empty() || !is_word(type[0]) || is_digit(type[0])) return false;
  return std::all_of(type.begin(), type.end(), [](char c) { return is_word(c) || c == ' ' || c == '*'; });
}

bool is_field(std::string_view line) {
  if (!take(line, "\tfield:")) return false;
  take(line, " ");  // in header_page
  const std::size_t end = line.find(';');
  if (end == std::string_view::npos || !is_declaration(line.substr(0, end))) return false;
  line.remove_prefix(end + 1);
  if (!take_number(line, "\toffset:") || !take_number(line, "\tsize:")) return false;
  return line.empty() || (take_number(line, "\tsigned:") && line.empty());
}

}  // namespace

std::string field_lines(std::string_view format) {
  std::string kept;
  bool was_field = false;
  while (!format.empty() && kept.size() < kLongest) {
    const std::string_view line = format.substr(0, format.find('\n'));
    format.remove_prefix(std::min(format.size(), line.size() + 1));
    const bool is_kept = line.size() < kLongest && (is_field(line) || (line.empty() && was_field));
    if (is_kept) kept.append(line).push_back('\n');
    was_field = is_kept && !line.empty();
  }
  return kept;
}

}  // namespace custody::traces::formats::trace_dat
