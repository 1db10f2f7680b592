// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/enclosed.hpp"

#include "traces/formats/ftrace/scan.hpp"

namespace custody::traces::formats::ftrace {

namespace {

/// A bar with a blank on a side ends a cell; `A|B` is of a field.
bool ends_cell(std::string_view line, std::size_t at) {
  return line[at] == '|' &&
         (at == 0 || at + 1 == line.size() || line[at - 1] == ' ' || line[at + 1] == ' ' || line[at + 1] == '|');
}

bool take_row(std::string_view line, std::string& out) {
  const std::size_t first = line.find_first_not_of(" \t>");
  if (line.back() != '|' || first + 1 >= line.size() || line[first] != '|') return false;
  out.assign(line.substr(first));
  const std::string_view row = line.substr(first);
  bool is_quoted = false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '"') is_quoted = !is_quoted;
    if (!is_quoted && ends_cell(row, i)) out[i] = ' ';
  }
  out.back() = ' ';
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return true;
}

/// Behind `I( 123)`; npos: the line does not begin with it.
std::size_t after_process(std::string_view line) {
  constexpr std::string_view kPriorities = "VDIWEFS";
  if (kPriorities.find(line[0]) == std::string_view::npos || line[1] != '(') return std::string_view::npos;
  const std::size_t number = skip_blanks(line, 2);
  std::size_t end = number;
  while (end < line.size() && is_digit(line[end])) ++end;
  return end > number && end < line.size() && line[end] == ')' ? end + 1 : std::string_view::npos;
}

bool take_message(std::string_view line, std::string& out) {
  const std::size_t begin = after_process(line);
  if (begin == std::string_view::npos) return false;
  // The tag stands behind two blanks; a record has one between its fields.
  const std::size_t tag = line.rfind("  (");
  if (tag == std::string_view::npos || tag < begin) return false;
  out.assign(line.substr(begin, tag - begin));
  return true;
}

}  // namespace

bool take_out(std::string_view line, std::string& out) {
  return may_be_enclosed(line) && (take_row(line, out) || take_message(line, out));
}

bool is_border(std::string_view line) {
  return line.find('-') != std::string_view::npos && line.find_first_not_of("|+-=: \t>") == std::string_view::npos &&
         line.find_first_of("|+") != std::string_view::npos;
}

}  // namespace custody::traces::formats::ftrace
