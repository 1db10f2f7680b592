// SPDX-License-Identifier: BSD-2-Clause
// Learns the contract of a driver that a command-line argument means.
#pragma once

#include <optional>
#include <string>

#include "checker/cli/driver_child.hpp"
#include "checker/learn/study.hpp"

namespace custody::checker::cli {

/// A driver by its name, or a C source that is built first.
struct DriverArgument {
  std::string driver;
  std::string patch;  ///< of the source; empty: none
  bool quiet = false;
  DriverRange range = {};
};

/// Whether it has to be built: a C file, a path in the kernel's source, or one that is patched.
[[nodiscard]] bool is_built(const DriverArgument& driver);

/// Shows progress. `options` need no name, source and stop. Complains for `command` where the driver cannot be run.
[[nodiscard]] std::optional<learn::Study> study_driver(const std::string& command, const DriverArgument& driver,
                                                       learn::StudyOptions options);

}  // namespace custody::checker::cli
