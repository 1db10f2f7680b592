// SPDX-License-Identifier: BSD-2-Clause
// The programs under the kernel's licence that run drivers: where they are, and how they are started.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace custody::checker::cli {

/// A program beside the tool.
struct ChildProgram {
  const char* name;      ///< `custody-learn`
  const char* variable;  ///< of the environment, that says where it is
  const char* needs;     ///< Debian's packages that it takes to build it
};

/// What the variable says, libexec/custody beside the tool or beside its folder. Empty: nowhere.
[[nodiscard]] std::string find_child(const ChildProgram& program);
/// Where it was looked for, and how to get it.
[[nodiscard]] std::string how_to_get(const ChildProgram& program);

/// Starts the program at `path`; `input` (-1: this process's own) and `output` become its standard streams. Other
/// descriptors are to be closed by exec. The error, or 0 and `child`.
[[nodiscard]] int start_child(const std::string& path, const std::vector<std::string>& words, int input, int output,
                              pid_t& child);

}  // namespace custody::checker::cli
