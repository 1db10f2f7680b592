// SPDX-License-Identifier: BSD-2-Clause
// Text inside the languages of documents that are read line by line.
#include <algorithm>

#include "model/escape.hpp"

namespace custody::model {

namespace {

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_punctuation(char c) { return c > 0x20 && c < 0x7f && !is_alnum(c); }

/// `1.`, `a)`, `(iv)`, `#.`: what begins an item of a list where it begins a block.
bool is_enumerator(std::string_view word) {
  if (word.size() < 2 || (word.back() != '.' && word.back() != ')')) return false;
  word.remove_suffix(1);
  if (word.front() == '(') word.remove_prefix(1);
  const auto all_of = [&](std::string_view letters) {
    return word.find_first_not_of(letters) == std::string_view::npos;
  };
  return !word.empty() && (word == "#" || (word.size() == 1 && is_alnum(word[0])) || all_of("0123456789") ||
                           all_of("ivxlcdm") || all_of("IVXLCDM"));
}

/// The character acts inside a word wherever that stands: it begins or ends inline markup, a role, a reference.
bool acts_in_rst(std::string_view word, std::size_t i) {
  const char next = i + 1 < word.size() ? word[i + 1] : ' ';
  switch (word[i]) {
    case '\\':
    case '*':
    case '`':
    case '|':
    case '@':
    case '<': return true;
    case '_': return !is_alnum(next);
    case ':': return next != ' ';  // of an address or a role; a sentence has it at the end of a word
    default: return false;
  }
}

/// The word is a bar or a dash: it underlines a title, begins an item, a comment or a quotation.
bool is_rule(std::string_view word) {
  constexpr std::string_view kAlone = "-+*|>#=~^_`";
  if (word.size() == 1) return kAlone.find(word[0]) != std::string_view::npos;
  return is_punctuation(word[0]) && word.find_first_not_of(word[0]) == std::string_view::npos;
}

/// It begins what a block may begin with: a field, an option, a table, a directive's name.
bool begins_markup(std::string_view word) {
  constexpr std::string_view kHarmless = "([\"'),;.!?";
  return is_punctuation(word[0]) && kHarmless.find(word[0]) == std::string_view::npos && word != ":";
}

void append_rst_word(std::string& out, std::string_view word) {
  const bool rule = is_rule(word), begins = begins_markup(word);
  const bool enumerates = is_enumerator(word);
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool ends_enumerator = enumerates && i + 1 == word.size();
    if (rule || (begins && i == 0) || ends_enumerator || acts_in_rst(word, i)) out += '\\';
    out += word[i];
  }
}

}  // namespace

std::string escape_rst(std::string_view text) {
  const std::string shown = escape_text(text);
  std::string out;
  for (std::size_t i = 0; i < shown.size();) {
    if (shown[i] == ' ') {
      out += shown[i++];
      continue;
    }
    const std::size_t end = std::min(shown.find(' ', i), shown.size());
    append_rst_word(out, std::string_view(shown).substr(i, end - i));
    i = end;
  }
  return out;
}

std::string escape_mermaid(std::string_view text) {
  // A colon and a slash stand in labels as they are; what is left is a character's number.
  constexpr std::string_view kPlain = " ,.()/=-+_:?!";
  std::string out;
  for (const char c : escape_text(text)) {
    const bool is_plain =
        is_alnum(c) || static_cast<unsigned char>(c) >= 0x80 || kPlain.find(c) != std::string_view::npos;
    if (is_plain) out += c;
    else out.append("#").append(std::to_string(static_cast<int>(c))).append(";");
  }
  // Two of them would be an arrow or a comment.
  for (const std::string_view pair : {std::string_view("--"), std::string_view("::")})
    for (std::size_t at = out.find(pair); at != std::string::npos; at = out.find(pair))
      out.replace(at + 1, 1, pair == "--" ? "#45;" : "#58;");
  return out;
}

}  // namespace custody::model
