// SPDX-License-Identifier: BSD-2-Clause
// One event line of a litmus file, taken apart: indentation, task, statement.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace custody::traces::formats::litmus {

struct Line {
  std::uint64_t number = 0;
  /// Leading blanks, and those behind `[TASK]` beyond the first; a tab goes to the next multiple of 8.
  std::size_t indent = 0;
  std::optional<std::string_view> task;  ///< of `[TASK]`
  std::string_view text;                 ///< the rest, without blanks around it
};

/// Throws InputError for a `[` without `]`, a task without name, and a task with nothing behind it.
[[nodiscard]] Line split_line(std::string_view line, std::uint64_t number, const std::string& path);

}  // namespace custody::traces::formats::litmus
