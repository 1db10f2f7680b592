// SPDX-License-Identifier: BSD-2-Clause
// What the exploration of a driver found that no contract can say: leaks, races, illegal calls.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace custody::checker::review {

struct DrivenFinding {
  std::string kind, rule, severity, owes, says, configuration, client;
  std::vector<std::string> calls, together;  ///< `together`: two that run side by side; empty: none do
  std::string litmus;
  /// Goes wrong for a legal client in one task. Contracts speak of no second one.
  [[nodiscard]] bool is_fault() const { return severity == "error" && client == "legal" && together.empty(); }
};

struct Driven {
  std::string driver;
  bool is_second = false;
  std::vector<DrivenFinding> findings;
};

/// Of a report of schema `custody.drive/1`. Missing and needless syncs are left out: matrices and costs of the contract
/// that was learned of the driver have them. Throws std::invalid_argument for another text.
[[nodiscard]] Driven read_drive_report(std::string_view json, bool is_second);

}  // namespace custody::checker::review
