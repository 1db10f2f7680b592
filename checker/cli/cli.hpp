// SPDX-License-Identifier: BSD-2-Clause
// The subcommands of `custody`, one file each. Only this folder prints.
#pragma once

#include <CLI/CLI.hpp>

namespace custody::checker::cli {

/// Exit statuses; where several apply, kBug, kUsage, kViolated, kInconclusive, kHolds.
inline constexpr int kHolds = 0, kViolated = 1, kUsage = 2, kInconclusive = 3, kBug = 70;

/// Each adds its subcommand to `app`; parsing runs it and puts its exit status into `status`.
void add_replay(CLI::App& app, int& status);
void add_convert(CLI::App& app, int& status);
void add_minimize(CLI::App& app, int& status);
void add_explain(CLI::App& app, int& status);
void add_list(CLI::App& app, int& status);
void add_check(CLI::App& app, int& status);
void add_diff(CLI::App& app, int& status);
void add_review(CLI::App& app, int& status);
void add_export(CLI::App& app, int& status);
void add_doc(CLI::App& app, int& status);

/// Writes all of `text` to file descriptor `fd`; false where that fails (a full disk, a closed pipe).
[[nodiscard]] bool write_all(int fd, std::string_view text);

}  // namespace custody::checker::cli
