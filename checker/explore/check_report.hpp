// SPDX-License-Identifier: BSD-2-Clause
// The verdict of a search, for people and for tools.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/explore/economy.hpp"
#include "checker/explore/search.hpp"

namespace custody::checker::explore {

inline constexpr std::string_view kCheckSchema = "custody.check/1", kChecksSchema = "custody.checks/1";

/// A search that was made.
struct CheckRun {
  const spec::Contract& contract;
  const System& system;
  const SearchResult& result;
  bool symmetry = true;
  double seconds = 0;                        ///< that the search took
  std::string file = {};                     ///< of the contract, where it is one
  std::optional<Economy> economy = {};       ///< where it was measured to its end
  std::string version = {};                  ///< of the tool
  std::vector<spec::ClauseLine> lines = {};  ///< of the file
};

/// Plain text: properties, counterexamples as litmus and as sequence diagram, numbers, verdict.
[[nodiscard]] std::string check_text(const CheckRun& run);
/// One JSON document with a line end, spec/check_report.schema.json: schema `custody.check/1` for one run, else
/// `custody.checks/1` with those of each.
[[nodiscard]] std::string check_json(std::span<const CheckRun> runs);
/// JUnit XML: a test case for each property; vacuous and undecided ones are skipped ones. A suite for each run.
[[nodiscard]] std::string check_junit(std::span<const CheckRun> runs);
/// SARIF 2.1.0: a result for each property that is violated, at the clause that acted last on the way there, and where
/// none did, or none of the file's own, at the contract's file. `complete`: there was nothing else to check.
[[nodiscard]] std::string check_sarif(std::span<const CheckRun> runs, bool complete);

}  // namespace custody::checker::explore
