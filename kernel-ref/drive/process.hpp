// SPDX-License-Identifier: GPL-2.0-only
// Programs that are run: the compiler, patch(1), git(1).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace custody::kernel_ref::drive {

struct Ran {
  int status = 0;       ///< 127: there is no such program; 128: a signal ended it
  std::string output;   ///< of both streams, or of the first
  bool is_cut = false;  ///< there was more than `RunOptions::most`
};

struct RunOptions {
  std::string folder = {};                    ///< where; empty: here
  std::vector<std::string> environment = {};  ///< `NAME=VALUE`, in the place of this process's; empty: the same
  bool errors_apart = false;                  ///< standard error is thrown away
  std::size_t most = std::size_t{1} << 20U;   ///< bytes of output that are kept
  unsigned seconds = 0;                       ///< after which it is ended; 0: never
};

/// Runs a program and takes what it writes. Throws InputProblem.
[[nodiscard]] Ran run_program(const std::vector<std::string>& words, const RunOptions& options = {});

}  // namespace custody::kernel_ref::drive
