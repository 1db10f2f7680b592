// SPDX-License-Identifier: BSD-2-Clause
#include "traces/input/quoted_printable.hpp"

#include <algorithm>
#include <cctype>

namespace custody::traces::input {

namespace {

/// Of blanks between the sign and the end of its line; more are none that a mail program left there.
constexpr std::size_t kMostBlanks = 80;

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Behind a sign at the end of a line: where the next line begins; npos: it is none.
std::size_t after_line_end(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  if (text.substr(at, 2) == "\r\n") return at + 2;
  return text.substr(at, 1) == "\n" ? at + 1 : std::string_view::npos;
}

bool says_so(std::string_view begin) {
  constexpr std::string_view kHeader = "content-transfer-encoding: quoted-printable";
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  return std::search(begin.begin(), begin.end(), kHeader.begin(), kHeader.end(), same) != begin.end();
}

}  // namespace

bool is_quoted_printable(std::string_view begin) {
  std::size_t signs = 0;
  bool all = true;
  for (std::size_t at = begin.find('='); at != std::string_view::npos; at = begin.find('=', at + 1)) {
    const std::string_view code = begin.substr(at + 1, 2);
    if (code == "3D") ++signs;
    const bool is_code = code.size() < 2 || (digit_of(code[0]) >= 0 && digit_of(code[1]) >= 0);
    all = all && (is_code || after_line_end(begin, at + 1) != std::string_view::npos);
  }
  return signs >= 2 && (all || says_so(begin));
}

void QuotedPrintable::decode(std::string& raw, bool ended, std::string& text) {
  std::size_t at = 0;
  while (at < raw.size()) {
    const std::size_t sign = std::min(raw.find('=', at), raw.size());
    text.append(raw, at, sign - at);
    at = sign;
    if (at == raw.size()) break;
    // Its end may not be here yet.
    if (!ended && raw.size() - at < kMostBlanks) break;
    if (const std::size_t next = after_line_end(raw, at + 1); next != std::string_view::npos) {
      at = next;
    } else if (at + 2 < raw.size() && digit_of(raw[at + 1]) >= 0 && digit_of(raw[at + 2]) >= 0) {
      text.push_back(static_cast<char>(digit_of(raw[at + 1]) * 16 + digit_of(raw[at + 2])));
      at += 3;
    } else {
      text.push_back(raw[at++]);
    }
  }
  raw.erase(0, at);
}

}  // namespace custody::traces::input
