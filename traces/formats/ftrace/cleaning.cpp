// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/cleaning.hpp"

#include <array>
#include <utility>

#include "traces/formats/ftrace/scan.hpp"

namespace custody::traces::formats::ftrace {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kNoBreakSpace = "\xc2\xa0";
/// What `clean` looks for begins with one of these.
constexpr std::string_view kSpecial("\x1b&\r\0\t\\\xef\xc2", 8);
constexpr std::string_view kScriptLineEnd = "\\n\\";
constexpr std::pair<std::string_view, char> kReferences[] = {{"&quot;", '"'}, {"&#34;", '"'}, {"&#x22;", '"'},
                                                             {"&lt;", '<'},   {"&gt;", '>'},  {"&amp;", '&'},
                                                             {"&#39;", '\''}, {"&nbsp;", ' '}};

constexpr auto kIsSpecial = [] {
  std::array<bool, 256> is{};
  for (const char c : kSpecial) is[static_cast<unsigned char>(c)] = true;
  return is;
}();

std::size_t first_special(std::string_view line, std::size_t at) {
  while (at < line.size() && !kIsSpecial[static_cast<unsigned char>(line[at])]) ++at;
  return at;
}

/// The index after the escape sequence that begins at `at`.
std::size_t after_escape(std::string_view line, std::size_t at) {
  std::size_t i = at + 1;
  if (i >= line.size()) return i;
  if (line[i] == '[') {
    for (++i; i < line.size() && (line[i] < '@' || line[i] > '~'); ++i) continue;
    return i + 1;
  }
  if (line[i] != ']') return i + 1;
  // An operating system command, a window's title for example, ends in BEL or ESC backslash.
  while (i < line.size() && line[i] != '\a' && line[i] != '\x1b') ++i;
  return i < line.size() && line[i] == '\x1b' ? i + 2 : i + 1;
}

/// The character that the reference at `at` stands for, and where it ends; at the same place where it is none.
std::pair<char, std::size_t> resolve(std::string_view line, std::size_t at) {
  for (const auto& [reference, character] : kReferences)
    if (starts_with(line.substr(at), reference)) return {character, at + reference.size()};
  return {'&', at};
}

std::string_view without_indent(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  return text;
}

/// Digits with the marks of dates and times between them, and at least one of those.
bool is_time(std::string_view token) {
  bool marks = false;
  for (const char c : token) {
    if (c == ':' || c == '.' || c == '-' || c == '/') marks = true;
    else if (!is_digit(c) && c != 'T' && c != 'Z' && c != '+' && c != ',') return false;
  }
  return marks && !token.empty() && is_digit(token[0]);
}

/// In brackets: a time, or the task or processor of a kernel with CONFIG_PRINTK_CALLER.
std::string_view without_brackets(std::string_view text) {
  const std::size_t close = text.find(']');
  if (close == std::string_view::npos) return text;
  const std::string_view inside = without_indent(text.substr(1, close - 1));
  const bool caller = inside.size() > 1 && (inside[0] == 'T' || inside[0] == 'C') && is_digit(inside[1]);
  for (std::size_t i = caller ? 1 : 0; i < inside.size(); ++i)
    if (!is_digit(inside[i]) && std::string_view(" .:,-+TZ").find(inside[i]) == std::string_view::npos) return text;
  return text.substr(close + 1);
}

/// `12:` and `file:12:` of grep -n.
std::string_view without_line_number(std::string_view text) {
  const std::size_t end = text.find(' ');
  const std::string_view token = text.substr(0, end);
  for (std::size_t mark = 0; mark < token.size(); ++mark) {
    if (mark != 0 && token[mark] != ':') continue;
    const std::size_t begin = mark == 0 ? 0 : mark + 1;
    std::size_t digits = begin;
    while (digits < token.size() && is_digit(token[digits])) ++digits;
    if (digits > begin && digits < token.size() && token[digits] == ':') return text.substr(digits + 1);
  }
  return text;
}

/// `1234 1234 I tag : ` after the time, or `I/tag( 123): ` at the beginning.
std::string_view without_logcat(std::string_view text, bool after_time) {
  constexpr std::string_view kPriorities = "VDIWEFS";
  std::string_view rest = text;
  if (after_time)
    for (int i = 0; i < 2; ++i) {
      std::size_t digits = 0;
      while (digits < rest.size() && is_digit(rest[digits])) ++digits;
      if (digits == 0) return text;
      rest = without_indent(rest.substr(digits));
    }
  if (rest.size() < 3 || kPriorities.find(rest[0]) == std::string_view::npos) return text;
  if (rest[1] != '/' && !(after_time && rest[1] == ' ')) return text;
  const std::size_t colon = rest.find(rest[1] == '/' ? "): " : ": ");
  return colon == std::string_view::npos ? text : rest.substr(rest.find(": ", colon) + 2);
}

}  // namespace

bool needs_cleaning(std::string_view line) { return first_special(line, 0) != line.size(); }

void clean(std::string_view line, std::string& out) {
  out.clear();
  const bool script = line.size() >= 3 && line.substr(line.size() - 3) == kScriptLineEnd;
  if (script) line.remove_suffix(3);
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t special = first_special(line, i);
    out.append(line.substr(i, special - i));
    i = special;
    if (i == line.size()) return;
    const char c = line[i];
    if (c == '\x1b') {
      i = after_escape(line, i);
    } else if (c == '\r' || c == '\0' || (c == '\\' && script && line.substr(i + 1, 1) == "\"")) {
      ++i;
    } else if (starts_with(line.substr(i), kByteOrderMark)) {
      i += kByteOrderMark.size();
    } else if (const auto [character, end] = resolve(line, i); c == '&' && end != i) {
      out.push_back(character);
      i = end;
    } else if (c == '\t' || starts_with(line.substr(i), kNoBreakSpace)) {
      out.push_back(' ');
      i += c == '\t' ? 1 : kNoBreakSpace.size();
    } else {
      out.push_back(c);
      ++i;
    }
  }
}

std::string_view without_prefix(std::string_view text) {
  for (;;) {
    const std::string_view before = text;
    text = without_indent(text);
    if (starts_with(text, kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    else if (starts_with(text, ">")) text.remove_prefix(1);
    else if (starts_with(text, "[")) text = without_brackets(text);
    if (const std::size_t kernel = text.find(" kernel: "); kernel != std::string_view::npos)
      text = text.substr(kernel + 9);
    const std::size_t blank = text.find(' ');
    if (blank != std::string_view::npos && is_time(text.substr(0, blank)))
      text = without_logcat(without_indent(text.substr(blank)), true);
    else text = without_logcat(without_line_number(text), false);
    if (text.size() == before.size()) return text;
  }
}

}  // namespace custody::traces::formats::ftrace
