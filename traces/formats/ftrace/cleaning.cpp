// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/cleaning.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "traces/formats/ftrace/scan.hpp"

namespace custody::traces::formats::ftrace {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
/// What `clean` looks for begins with one of these.
constexpr std::string_view kSpecial("\x1b&\r\0\t\\\xef\xc2\xe2", 9);
constexpr std::string_view kScriptLineEnd = "\\n\\";
constexpr char kNothing = '\0';
/// What stands for a plain character, or for none.
constexpr std::pair<std::string_view, char> kStandsFor[] = {
    {"&quot;", '"'},
    {"&#34;", '"'},
    {"&#x22;", '"'},
    {"&ldquo;", '"'},
    {"&rdquo;", '"'},
    {"&lt;", '<'},
    {"&gt;", '>'},
    {"&amp;", '&'},
    {"&#39;", '\''},
    {"&nbsp;", ' '},
    {"\t", ' '},
    {"\xc2\xa0", ' '},      // no-break space
    {"\xe2\x80\xaf", ' '},  // narrow no-break space
    {"\xe2\x80\x9c", '"'},  // quotes as they are printed: U+201C to U+201F, U+2033
    {"\xe2\x80\x9d", '"'},
    {"\xe2\x80\x9e", '"'},
    {"\xe2\x80\x9f", '"'},
    {"\xe2\x80\xb3", '"'},
    {"\xe2\x80\x91", '-'},  // hyphen that does not break
    {"\xe2\x80\x93", '-'},  // en dash
    {"\xe2\x88\x92", '-'},  // minus
    {kByteOrderMark, kNothing},
    {"\xe2\x80\x8b", kNothing},  // of no width
    {"\xe2\x81\xa0", kNothing},
    {"\r", kNothing},
    {std::string_view("\0", 1), kNothing}};

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

/// The character that what is at `at` stands for, and where that ends; at the same place where it is what it is.
std::pair<char, std::size_t> resolve(std::string_view line, std::size_t at) {
  for (const auto& [written, character] : kStandsFor)
    if (starts_with(line.substr(at), written)) return {character, at + written.size()};
  return {kNothing, at};
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

/// In brackets: a time, with the names of day and month or without, or the task or processor of a kernel with
/// CONFIG_PRINTK_CALLER.
std::string_view without_brackets(std::string_view text) {
  const std::size_t close = text.find(']');
  if (close == std::string_view::npos) return text;
  const std::string_view inside = without_indent(text.substr(1, close - 1));
  const bool caller = inside.size() > 1 && (inside[0] == 'T' || inside[0] == 'C') && is_digit(inside[1]);
  // `Thu Nov 26 20:51:50 2026` of dmesg -T.
  const bool day = inside.size() > 20 && inside[3] == ' ' && inside[7] == ' ' && inside[13] == ':' && inside[16] == ':';
  for (std::size_t i = caller ? 1 : day ? 8 : 0; i < inside.size(); ++i)
    if (!is_digit(inside[i]) && std::string_view(" .:,-+TZ").find(inside[i]) == std::string_view::npos) return text;
  return text.substr(close + 1);
}

/// `    12` and a tab, or blanks, of cat -n.
std::string_view without_count(std::string_view text) {
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  const std::size_t end = std::min(text.find_first_not_of(" \t", digits), text.size());
  const bool is_apart = end >= digits + 2 || text.substr(digits, 1) == "\t" || (end > digits && end == text.size());
  return digits != 0 && is_apart ? text.substr(end) : text;
}

/// `Nov 26 20:51:50 host tag[12]: ` of syslog and journalctl, whose tag may be missing.
std::string_view without_syslog(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() < 16 || kMonths.find(text.substr(0, 3)) % 3 != 0 || text[3] != ' ' || text[6] != ' ') return text;
  if (!is_digit(text[5]) || !is_time(text.substr(7, 8)) || text[15] != ' ') return text;
  const std::string_view rest = text.substr(16);
  if (rest.empty() || rest[0] == '#' || rest[0] == ' ') return rest;
  const std::size_t host = rest.find(' '), tag = host == rest.npos ? host : rest.find_first_of(" #", host + 1);
  return tag != rest.npos && tag > 0 && rest[tag - 1] == ':' ? rest.substr(tag) : rest;
}

/// `<6>` of the kernel's log, `kern  :info  : ` of dmesg -x.
std::string_view without_priority(std::string_view text) {
  if (starts_with(text, "<") && text.size() > 2 && is_digit(text[1])) {
    const std::size_t end = text.find_first_not_of("0123456789", 1);
    return end != text.npos && text[end] == '>' ? text.substr(end + 1) : text;
  }
  constexpr std::string_view kFacility = "kern  :";
  if (!starts_with(text, kFacility)) return text;
  const std::size_t level = text.find(':', kFacility.size());
  return level != text.npos && level < 16 ? text.substr(level + 1) : text;
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

/// `1234 1234 I tag : ` after the time, or `I/tag( 123): `, `I/tag: `, `I( 123)` or `I( 123: 124)` at the beginning.
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
  if (rest[1] == '(') {
    const std::size_t close = rest.find_first_not_of(" :0123456789", 2);
    const bool is_process = close != rest.npos && rest[close] == ')' && is_digit(rest[close - 1]);
    return is_process ? rest.substr(close + 1) : text;
  }
  if (rest[1] != '/' && !(after_time && rest[1] == ' ')) return text;
  const bool is_tag = rest[1] == '/' && rest.substr(0, rest.find(' ')).back() == ':';
  const std::size_t colon = rest.find(rest[1] == '/' && !is_tag ? "): " : ": ");
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
    } else if (c == '\\' && script && line.substr(i + 1, 1) == "\"") {
      ++i;
    } else if (const auto [character, end] = resolve(line, i); end != i) {
      if (character != kNothing) out.push_back(character);
      i = end;
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
    else if (starts_with(text, ">") || starts_with(text, "|")) text.remove_prefix(1);
    else if (starts_with(text, "[")) text = without_brackets(text);
    if (const std::size_t kernel = text.find(" kernel: "); kernel != std::string_view::npos)
      text = text.substr(kernel + 9);
    text = without_syslog(without_priority(without_count(text)));
    const std::size_t blank = text.find(' ');
    // `1/1 ents=` is no date.
    const std::string_view next = text.substr(std::min(text.size(), blank + 1), text.find(' ', blank + 1) - blank - 1);
    if (blank != text.npos && is_time(text.substr(0, blank)) && next.find('=') == next.npos)
      text = without_logcat(without_indent(text.substr(blank)), true);
    else text = without_logcat(without_line_number(text), false);
    if (text.size() == before.size()) return text;
  }
}

}  // namespace custody::traces::formats::ftrace
