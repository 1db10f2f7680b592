// SPDX-License-Identifier: BSD-2-Clause
// Lines that have something behind their record too: rows of tables, messages of logcat.
#pragma once

#include <string>
#include <string_view>

namespace custody::traces::formats::ftrace {

/// Can `line` have something behind its record? Soon said, as it is asked of every line.
[[nodiscard]] inline bool may_be_enclosed(std::string_view line) {
  if (line.size() < 3) return false;
  return line.back() == '|' || (line.back() == ')' && line[1] == '(');
}

/// Puts what stands inside into `out`: of `| ... |`, whose bars between cells are blanks then, or of `I( 123) ...
/// (tag)`, as `logcat -v process` has it. False where `line` is neither.
[[nodiscard]] bool take_out(std::string_view line, std::string& out);

/// `|----|:--:|` or `+----+----+` of a table: nothing but its lines.
[[nodiscard]] bool is_border(std::string_view line);

}  // namespace custody::traces::formats::ftrace
