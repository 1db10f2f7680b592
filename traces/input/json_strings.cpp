// SPDX-License-Identifier: BSD-2-Clause
#include "traces/input/json_strings.hpp"

#include <charconv>
#include <memory>
#include <utility>

#include "traces/input/memory.hpp"
#include "traces/input/utf8.hpp"

namespace custody::traces::input {

namespace {

/// A string that is longer is no name and no date.
constexpr std::size_t kMostHeld = 4096;

bool may_be_of_trace(std::string_view text) {
  if (!text.empty() && text.front() == '#') return true;
  return text.find(' ') != std::string_view::npos &&
         (text.find_first_of("=[#") != std::string_view::npos || text.find(": ") != std::string_view::npos);
}

bool is_structure(char c) {
  // Of `true`, `false`, `null` and numbers the letters.
  return std::string_view(" \t\r{}[],:-+.0123456789eEtrufalsn").find(c) != std::string_view::npos;
}

}  // namespace

void JsonStrings::put(char c, std::string& text) {
  if (is_told_) return text.push_back(c);
  held_.push_back(c);
  if (held_.size() < kMostHeld) return;
  is_told_ = true;
  text += std::exchange(held_, {});
}

void JsonStrings::end_string(std::string& text, bool ends_line) {
  in_string_ = false;
  const std::string held = std::exchange(held_, {});
  const bool is_told = std::exchange(is_told_, false) || may_be_of_trace(held);
  if (!is_told) return;
  text += held;
  if (ends_line && !text.empty() && text.back() != '\n') text.push_back('\n');
}

/// Characters of the escape that `raw` begins with; 0: they are not all there yet.
std::size_t JsonStrings::decode_escape(std::string_view raw, bool ended) {
  constexpr std::size_t kCode = 6;  // \u0022
  if (raw.size() < 2 || (raw[1] == 'u' && raw.size() < kCode)) return ended ? raw.size() : 0;
  std::string& to = held_;
  switch (raw[1]) {
    case 'n': to.push_back('\n'); return 2;
    case 't': to.push_back('\t'); return 2;
    case 'r': to.push_back('\r'); return 2;
    case 'b':
    case 'f': to.push_back(' '); return 2;
    case 'u': {
      unsigned code = 0;
      const auto [end, error] = std::from_chars(raw.data() + 2, raw.data() + kCode, code, 16);
      const bool is_half = code >= 0xd800 && code < 0xe000;  // of a pair
      if (error != std::errc() || end != raw.data() + kCode || is_half) code = '?';
      append_utf8(to, code);
      return kCode;
    }
    default: to.push_back(raw[1]); return 2;
  }
}

void JsonStrings::decode(std::string& raw, bool ended, std::string& text) {
  std::size_t at = 0;
  while (at < raw.size()) {
    const char c = raw[at];
    if (!in_string_) {
      if (c == '"') in_string_ = true;
      else if ((!is_structure(c) && c != '\n') || !outside_.empty()) outside_.push_back(c);
      // Behind it a string begins, or a line.
      if ((c == '"' || c == '\n') && !outside_.empty()) {
        if (outside_.back() != '\n') outside_.push_back('\n');
        text += std::exchange(outside_, {});
      }
      ++at;
    } else if (c == '\\') {
      const std::size_t length = decode_escape(std::string_view(raw).substr(at), ended);
      if (length == 0) break;
      at += length;
      if (is_told_) text += std::exchange(held_, {});
    } else if (c == '"' || c == '\n') {
      end_string(text, true);
      ++at;
    } else {
      put(c, text);
      ++at;
    }
  }
  raw.erase(0, at);
  if (!ended) return;
  if (in_string_) end_string(text, false);
  text += std::exchange(outside_, {});
}

std::string strings_of_json(std::string_view text) {
  JsonStrings strings(std::make_unique<Memory>(text));
  std::string out;
  char part[1024];
  while (const std::size_t count = strings.read(part, sizeof(part))) out.append(part, count);
  return out;
}

}  // namespace custody::traces::input
