// SPDX-License-Identifier: BSD-2-Clause
// One event line of a litmus file, taken apart.
#include "traces/formats/litmus/line.hpp"

#include "traces/formats/litmus/tokens.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::litmus {
namespace {

constexpr std::size_t kTab = 8;

/// Takes the blanks at the front of `text` and gives the column behind them.
std::size_t take_blanks(std::string_view& text, std::size_t column) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    column = text.front() == '\t' ? (column / kTab + 1) * kTab : column + 1;
    text.remove_prefix(1);
  }
  return column;
}

}  // namespace

Line split_line(std::string_view line, std::uint64_t number, const std::string& path) {
  Line out;
  out.number = number;
  out.indent = take_blanks(line, 0);
  if (!line.empty() && line.front() == '[') {
    const auto end = line.find(']');
    if (end == std::string_view::npos)
      throw InputError(path, number, "found " + shown(line) + ", expected `]` behind the name of the task");
    out.task = trimmed(line.substr(1, end - 1));
    if (out.task->empty()) throw InputError(path, number, "`[]` names no task");
    if (!is_task(*out.task))
      throw InputError(path, number,
                       "found " + shown(*out.task) +
                           ", expected the name of a task, of UTF-8 without control characters and [ ] # \"");
    line.remove_prefix(end + 1);
    const bool parted = !line.empty() && (line.front() == ' ' || line.front() == '\t');
    if (parted) line.remove_prefix(1);
    out.indent = take_blanks(line, out.indent);
    if (line.empty() || line.front() == '#')
      throw InputError(path, number, "the line ends behind `[TASK]`, expected an event or `}`");
  }
  out.text = trimmed(line);
  return out;
}

}  // namespace custody::traces::formats::litmus
