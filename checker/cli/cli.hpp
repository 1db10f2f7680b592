// SPDX-License-Identifier: BSD-2-Clause
// The subcommands of `custody`, one file each. Only this folder prints.
#pragma once

#include <CLI/CLI.hpp>

#include "checker/cli/standard_streams.hpp"

namespace custody::checker::cli {

/// Exit statuses; where several apply, kBug, kUsage, kViolated, kInconclusive, kHolds. What `main` sees to for all
/// commands: output that cannot be written is kUsage, memory that runs out and a signal that ends the work
/// kInconclusive.
inline constexpr int kHolds = 0, kViolated = 1, kUsage = 2, kInconclusive = 3, kBug = 70;

/// Each adds its subcommand to `app`; parsing runs it and puts its exit status into `status`.
void add_replay(CLI::App& app, int& status);
void add_convert(CLI::App& app, int& status);
void add_probes(CLI::App& app, int& status);
void add_record(CLI::App& app, int& status);
void add_minimize(CLI::App& app, int& status);
void add_explain(CLI::App& app, int& status);
void add_list(CLI::App& app, int& status);
void add_check(CLI::App& app, int& status);
void add_diff(CLI::App& app, int& status);
void add_review(CLI::App& app, int& status);
void add_export(CLI::App& app, int& status);
void add_doc(CLI::App& app, int& status);
void add_learn(CLI::App& app, int& status);
void add_drive(CLI::App& app, int& status);

}  // namespace custody::checker::cli
