// SPDX-License-Identifier: BSD-2-Clause
// The options that say which findings are shown, and which count.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "checker/select/selected_report.hpp"

namespace custody::checker::cli {

struct SelectionOptions {
  std::vector<std::string> rules, buffers, tasks, devices;
  std::string since, until, suppressions, baseline, write_baseline;

  /// The files that are read.
  [[nodiscard]] std::vector<std::string> inputs() const { return {suppressions, baseline}; }
};

/// What is said of a word that is no id of a rule.
[[nodiscard]] std::string unknown_rule(const std::string& found);

void add_selection_options(CLI::App& command, SelectionOptions& options);

/// Fills `selection`, reading the files; what is wrong, or empty.
[[nodiscard]] std::string parse_selection(const SelectionOptions& o, select::Selection& selection);

/// A line for each suppression that matched nothing, with its file and line, escaped.
[[nodiscard]] std::string unused_suppressions(const SelectionOptions& o, const select::Selection& selection);

}  // namespace custody::checker::cli
