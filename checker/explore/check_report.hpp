// SPDX-License-Identifier: BSD-2-Clause
// The verdict of a search, for people and for tools.
#pragma once

#include <optional>
#include <string>

#include "checker/explore/economy.hpp"
#include "checker/explore/search.hpp"

namespace custody::checker::explore {

inline constexpr std::string_view kCheckSchema = "custody.check/1";

/// A search that was made.
struct CheckRun {
  const spec::Contract& contract;
  const System& system;
  const SearchResult& result;
  bool symmetry = true;
  double seconds = 0;                   ///< that the search took
  std::string file = {};                ///< of the contract, where it is one
  std::optional<Economy> economy = {};  ///< where it was measured to its end
  std::string version = {};             ///< of the tool
};

/// Plain text: properties, counterexamples as litmus and as sequence diagram, numbers, verdict.
[[nodiscard]] std::string check_text(const CheckRun& run);
/// One JSON document with a line end: schema `custody.check/1`, spec/check_report.schema.json.
[[nodiscard]] std::string check_json(const CheckRun& run);
/// JUnit XML: a test case for each property; vacuous and undecided ones are skipped ones.
[[nodiscard]] std::string check_junit(const CheckRun& run);
/// SARIF 2.1.0: a result for each property that is violated, at the contract's file.
[[nodiscard]] std::string check_sarif(const CheckRun& run);

}  // namespace custody::checker::explore
