// SPDX-License-Identifier: BSD-2-Clause
// The programs under the kernel's licence that run drivers: where they are.
#pragma once

#include <string>

namespace custody::checker::cli {

/// A program beside the tool.
struct ChildProgram {
  const char* name;      ///< `custody-learn`
  const char* variable;  ///< of the environment, that says where it is
  const char* needs;     ///< Debian's packages that it takes to build it
};

/// Builds drivers' sources and drives them.
inline constexpr ChildProgram kDrive = {"custody-drive", "CUSTODY_DRIVE",
                                        "linux-source-6.1 libelf-dev gcc binutils patch"};

/// What the variable says, libexec/custody beside the tool or beside its folder. Empty: nowhere.
[[nodiscard]] std::string find_child(const ChildProgram& program);
/// Where it was looked for, and how to get it.
[[nodiscard]] std::string how_to_get(const ChildProgram& program);

}  // namespace custody::checker::cli
