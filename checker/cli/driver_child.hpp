// SPDX-License-Identifier: BSD-2-Clause
// custody-drive as a child process: a program of its own, as it is under the kernel's licence.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace custody::checker::cli {

/// The options that drive a driver's source. All are passed on as they were given.
struct DriverOptions {
  std::vector<std::string> passed;  ///< words for the child
};
/// Adds them; `limits`: those that say how far, and of which the command has none of its own by these names.
void add_driver_options(CLI::App& command, DriverOptions& options, bool limits);

/// Commits of a git repository that a driver's source is taken from. No `range`: it is not.
struct DriverRange {
  std::string tree, range;
};
void add_range_options(CLI::App& command, DriverRange& range);
/// Words for the child.
void add_words(std::vector<std::string>& words, const DriverRange& range);
/// What cannot be meant, beside this patch; empty: nothing.
[[nodiscard]] std::string wrong_with(const DriverRange& range, const std::string& patch);

/// Whether the argument is a driver's source, and no contract: a C file, a path in the kernel's source, or a driver of
/// kernel-ref by its file's name.
[[nodiscard]] bool is_driver_source(const std::string& argument);

/// Runs custody-drive with these words and prints its report. Its exit status.
[[nodiscard]] int run_driver_child(const std::string& command, const std::vector<std::string>& words);
/// What it writes, not printed. Nothing: it failed, which was said, and `status` is the exit status.
[[nodiscard]] std::optional<std::string> report_of_driver(const std::string& command,
                                                          const std::vector<std::string>& words, int& status);

}  // namespace custody::checker::cli
