// SPDX-License-Identifier: GPL-2.0-only
// A finding's schedule as a file: the calls, where two tasks take turns, and on which machine; to be made again.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "kernel-ref/drive/explore.hpp"
#include "kernel-ref/drive/tasks.hpp"

namespace custody::kernel_ref::drive {

struct Script {
  std::string key;  ///< of the finding
  Configuration configuration;
  std::vector<Call> path;
  std::optional<std::array<Call, 2>> pair;  ///< side by side, after the path
  Schedule schedule;
};

/// The file of a finding of this configuration. Empty where the process ended, so that no calls are known.
[[nodiscard]] std::string script_text(const Finding& finding, const Configuration& configuration);
/// Throws InputProblem, with the line and what was expected.
[[nodiscard]] Script parse_script(const std::string& text, const std::string& path);
/// Makes the calls, and undoes everything. What is found goes to `book`. The call that the client could not make, as
/// another came out otherwise; empty: it made all.
[[nodiscard]] std::string play(Stage& stage, FindingBook& book, const Script& script, const Progress& progress);

}  // namespace custody::kernel_ref::drive
