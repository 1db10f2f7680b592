// SPDX-License-Identifier: BSD-2-Clause
// Text inside the languages of outputs.
#include "model/escape.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "model/spelling.hpp"

namespace custody::model {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

/// A character of a text: where it is no UTF-8, one byte.
struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
  bool is_utf8 = false;
};

/// The character at `i` of `s`; RFC 3629 says what is UTF-8.
Character character_at(std::string_view s, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(s[k]); };
  const unsigned char c = byte(i);
  const std::size_t n = c < 0x80                ? 1
                        : c >= 0xc2 && c < 0xe0 ? 2
                        : c >= 0xe0 && c < 0xf0 ? 3
                        : c >= 0xf0 && c < 0xf5 ? 4
                                                : 0;
  const Character no_utf8{c, 1, false};
  if (n == 0 || i + n > s.size()) return no_utf8;
  std::uint32_t code = n == 1 ? c : c & (0x7fU >> n);
  for (std::size_t k = 1; k < n; ++k) {
    if ((byte(i + k) & 0xc0U) != 0x80) return no_utf8;
    code = (code << 6U) | (byte(i + k) & 0x3fU);
  }
  const bool is_long = (n == 3 && code < 0x800) || (n == 4 && code < 0x10000);
  if (is_long || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff) return no_utf8;
  return {code, n, true};
}

struct CodeRange {
  std::uint32_t first, last;
};
/// Control characters, ends of lines, Bidi_Control of Unicode 15 (PropList.txt), and what XML 1.0 (2.2) forbids.
constexpr CodeRange kActing[] = {{0x00, 0x1f},     {0x7f, 0x9f},     {0x61c, 0x61c},  {0x200e, 0x200f},
                                 {0x2028, 0x202e}, {0x2066, 0x2069}, {0xfffe, 0xffff}};

bool acts(const Character& c) {
  if (!c.is_utf8) return true;
  return std::any_of(std::begin(kActing), std::end(kActing),
                     [&](const CodeRange& range) { return c.code >= range.first && c.code <= range.last; });
}

void append_hex(std::string& out, std::string_view lead, std::uint32_t value, unsigned digits) {
  out += lead;
  while (digits-- != 0) out += kHex[(value >> (4 * digits)) & 15U];
}

void append_shown(std::string& out, const Character& c) {
  if (c.code < 0x80 || !c.is_utf8) append_hex(out, "\\x", c.code, 2);
  else append_hex(out, "\\u", c.code, 4);
}

/// `text` with `append(out, c)` for each character that acts; what `special(c)` gives for one of ASCII stands for it,
/// unless that is empty.
template <class Append, class Special>
std::string replaced(std::string_view text, const Append& append, const Special& special) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const Character c = character_at(text, i);
    const std::string_view instead = c.code < 0x80 ? special(static_cast<char>(c.code)) : std::string_view();
    if (!instead.empty()) out += instead;
    else if (acts(c)) append(out, c);
    else out += text.substr(i, c.bytes);
    i += c.bytes;
  }
  return out;
}

constexpr auto kNothingSpecial = [](char) { return std::string_view(); };

/// Eight characters, each of them as it is in JSON and on a terminal.
bool are_plain(const char* eight) {
  constexpr std::uint64_t kEach = 0x0101010101010101U, kTop = kEach * 0x80;
  std::uint64_t c = 0;
  std::memcpy(&c, eight, sizeof(c));
  // A top bit is set behind a character that is below a blank, DEL or above, a quote, or a backslash.
  const std::uint64_t odd =
      (c - kEach * 0x20) | (c + kEach) | ((c ^ kEach * '"') - kEach) | ((c ^ kEach * '\\') - kEach) | c;
  return (odd & kTop) == 0;
}

/// So many characters from the beginning are as they are in JSON and on a terminal: nearly all, nearly always.
std::size_t plain_length(std::string_view text) {
  constexpr std::size_t kStep = 8;
  const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; };
  std::size_t i = 0;
  while (i + kStep <= text.size() && are_plain(text.data() + i)) i += kStep;
  while (i < text.size() && is_plain(text[i])) ++i;
  return i;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string_view markdown_special(char c) {
  switch (c) {
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '&': return "&amp;";
    case '|': return "\\|";
    case '*': return "\\*";
    case '_': return "\\_";
    case '`': return "\\`";
    case '~': return "\\~";
    case '#': return "\\#";
    case '$': return "\\$";
    case '[': return "\\[";
    case ']': return "\\]";
    case '\\': return "\\\\";
    default: return {};
  }
}

/// Where a character lies that makes a list, a rule or a heading of what it begins; or npos.
std::size_t marker_of_block(std::string_view text) {
  if (text.empty()) return std::string_view::npos;
  if (std::string_view("+-=").find(text.front()) != std::string_view::npos) return 0;
  const std::size_t digits = text.find_first_not_of("0123456789");
  const bool numbers = digits != 0 && digits != std::string_view::npos && (text[digits] == '.' || text[digits] == ')');
  return numbers ? digits : std::string_view::npos;
}

}  // namespace

std::string escape_text(std::string_view text) {
  if (plain_length(text) == text.size()) return std::string(text);
  return replaced(text, append_shown, kNothingSpecial);
}

std::string spell_as_utf8(std::string_view text) {
  if (plain_length(text) == text.size()) return std::string(text);
  std::string out;
  bool is_utf8 = true;
  for (std::size_t i = 0; i < text.size();) {
    const Character c = character_at(text, i);
    is_utf8 = is_utf8 && c.is_utf8;
    if (!c.is_utf8) append_shown(out, c);
    else if (c.code == '\\') out += "\\\\";
    else out += text.substr(i, c.bytes);
    i += c.bytes;
  }
  return is_utf8 ? std::string(text) : out;
}

void append_json(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t plain = plain_length(text.substr(i));
    out.append(text, i, plain);
    i += plain;
    if (i == text.size()) return;
    const Character c = character_at(text, i);
    if (!c.is_utf8) out += "\\ufffd";
    else if (c.code == '"' || c.code == '\\') (out += '\\') += text[i];
    else if (acts(c)) append_hex(out, "\\u", c.code, 4);
    else out.append(text.substr(i, c.bytes));
    i += c.bytes;
  }
}

std::string escape_json_document(std::string json) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x7f; };
  if (std::all_of(json.begin(), json.end(), is_ascii)) return json;
  const auto append = [](std::string& out, const Character& c) { append_hex(out, "\\u", c.code, 4); };
  return replaced(json, append, [](char c) { return c == '\n' ? std::string_view("\n") : std::string_view(); });
}

std::string escape_markdown(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::size_t marker = marker_of_block(text);
  if (marker == std::string_view::npos) return replaced(text, append_shown, markdown_special);
  return std::string(text.substr(0, marker)) + "\\" + text[marker] +
         replaced(text.substr(marker + 1), append_shown, markdown_special);
}

std::string escape_xml(std::string_view text) {
  return replaced(text, append_shown, [](char c) -> std::string_view {
    switch (c) {
      case '&': return "&amp;";
      case '<': return "&lt;";
      case '>': return "&gt;";
      case '"': return "&quot;";
      case '\'': return "&#39;";
      case '\n': return "\n";
      default: return {};
    }
  });
}

std::string escape_comment(std::string_view text) {
  std::string out;
  for (const char c : escape_text(text)) {
    if (!out.empty() && ((out.back() == '*' && c == '/') || (out.back() == '/' && c == '*'))) out += ' ';
    out += c;
  }
  return out;
}

std::string escape_sarif(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == '\\') out += '\\';
    if (c == '{' || c == '}') out += c;
    out += c;
  }
  return out;
}

std::string uri_of_path(std::string_view path) {
  // Two slashes at its beginning would name a host.
  while (path.substr(0, 2) == "//") path.remove_prefix(1);
  std::string out;
  for (const char c : path)
    if (is_unreserved(c) || c == '/') out += c;
    else append_hex(out, "%", static_cast<unsigned char>(c), 2);
  return out;
}

std::string shell_word(std::string_view text) {
  // A tilde would be expanded.
  const auto is_safe = [](char c) {
    return (is_unreserved(c) && c != '~') || std::string_view(",:=/@%+").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_safe)) return std::string(text);
  std::string out = "'";
  for (const char c : text)
    if (c == '\'') out += "'\\''";
    else out += c;
  return out + "'";
}

bool is_plain_line(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const Character c = character_at(text, i);
    if (acts(c)) return false;
    i += c.bytes;
  }
  return true;
}

std::string plain_line(std::string_view text, char instead) {
  return replaced(
      text, [instead](std::string& out, const Character&) { out += instead; }, kNothingSpecial);
}

}  // namespace custody::model
