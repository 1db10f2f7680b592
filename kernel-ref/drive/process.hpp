// SPDX-License-Identifier: GPL-2.0-only
// Programs that are run: the compiler, patch(1).
#pragma once

#include <string>
#include <vector>

namespace custody::kernel_ref::drive {

struct Ran {
  int status = 0;      ///< 127: there is no such program
  std::string output;  ///< of both streams
};

/// Runs a program in `folder` (empty: here) and takes what it writes. Throws InputProblem.
[[nodiscard]] Ran run_program(const std::vector<std::string>& words, const std::string& folder = "");

}  // namespace custody::kernel_ref::drive
