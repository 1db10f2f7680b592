// SPDX-License-Identifier: BSD-2-Clause
#include "traces/input/markup.hpp"

#include <algorithm>
#include <cctype>

namespace custody::traces::input {

namespace {

constexpr std::size_t kLongestTag = 1024;

struct Known {
  std::string_view name;
  bool ends_line;
};
constexpr Known kTags[] = {{"br", true},    {"p", false},     {"/p", true},    {"div", false},   {"/div", true},
                           {"li", false},   {"/li", true},    {"tr", false},   {"/tr", true},    {"td", false},
                           {"/td", false},  {"pre", true},    {"/pre", true},  {"code", false},  {"/code", false},
                           {"span", false}, {"/span", false}, {"font", false}, {"/font", false}, {"tt", false},
                           {"/tt", false},  {"b", false},     {"/b", false},   {"samp", false},  {"/samp", false}};

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool is_named(std::string_view text, std::size_t at, std::string_view name) {
  const std::string_view here = text.substr(at, name.size());
  return here.size() == name.size() &&
         std::equal(name.begin(), name.end(), here.begin(), [](char a, char b) { return a == lower(b); });
}

}  // namespace

Tag tag_at(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size() || text[at] != '<') return {};
  for (const Known& known : kTags) {
    const std::size_t behind = at + 1 + known.name.size();
    if (!is_named(text, at + 1, known.name) || behind >= text.size()) continue;
    if (text[behind] == '>') return {known.name, behind + 1, known.ends_line};
    if (text[behind] != ' ' && text[behind] != '/') continue;
    const std::size_t close = text.substr(0, at + kLongestTag).find_first_of("<>\n", behind);
    if (close != std::string_view::npos && text[close] == '>') return {known.name, close + 1, known.ends_line};
  }
  return {};
}

void Markup::end_line(std::string& text) {
  if (in_line_) text.push_back('\n');
  in_line_ = false;
}

void Markup::decode(std::string& raw, bool ended, std::string& text) {
  std::size_t at = 0;
  while (at < raw.size()) {
    const std::size_t mark = std::min(raw.find_first_of("<\n", at), raw.size());
    text.append(raw, at, mark - at);
    in_line_ = in_line_ || raw.find_first_not_of(" \t\r", at) < mark;
    at = mark;
    if (at == raw.size()) break;
    if (raw[at] == '\n') {
      // The end of a line that a tag has ended is none of its own.
      end_line(text);
      ++at;
      continue;
    }
    // Its end may not be here yet.
    if (!ended && raw.size() - at < kLongestTag) break;
    const Tag tag = tag_at(raw, at);
    if (tag.name.empty()) {
      text.push_back(raw[at++]);
      in_line_ = true;
    } else {
      if (tag.ends_line) end_line(text);
      at = tag.end;
    }
  }
  raw.erase(0, at);
}

}  // namespace custody::traces::input
