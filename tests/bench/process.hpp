// SPDX-License-Identifier: BSD-2-Clause
// Runs a program and measures it from outside.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace custody::bench {

struct Measured {
  double wall_seconds = 0;       ///< from fork to exit
  double cpu_seconds = 0;        ///< user and system time of the child
  std::uint64_t peak_bytes = 0;  ///< maximum resident set
  int status = -1;               ///< exit status; -1: not started, or ended by a signal
};

/// Runs `words` (the program is searched in PATH) in the locale C, its standard output thrown away.
[[nodiscard]] Measured run(const std::vector<std::string>& words);

/// Runs it `times` times: the medians of the times, the largest of the peaks, the first status that is not `expected`.
[[nodiscard]] Measured median_run(const std::vector<std::string>& words, unsigned times, int expected = 0);

/// How many lines of what `words` write begin with `begin`; 0 where they cannot be run.
[[nodiscard]] std::uint64_t count_lines(const std::vector<std::string>& words, std::string_view begin);

/// Replays both traces, of which one is longer with as many live buffers, and prints the peaks of memory. False where
/// that of the longer one is larger.
[[nodiscard]] bool compare_memory(const std::string& tool, const std::string& longer, const std::string& shorter);

}  // namespace custody::bench
