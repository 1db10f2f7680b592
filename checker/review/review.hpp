// SPDX-License-Identifier: BSD-2-Clause
// A proposed contract beside the one that it changes: what is different, what it breaks, what it saves.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/review/cost.hpp"
#include "checker/review/difference.hpp"
#include "checker/review/driven.hpp"
#include "checker/review/matrix.hpp"
#include "checker/review/page.hpp"

namespace custody::checker::review {

/// Policies, clauses, calls and both matrices.
struct Comparison {
  const spec::Contract &first, &second;
  std::vector<PolicyDifference> policies;
  std::vector<ClauseDifference> clauses;
  Difference calls;
  std::vector<MatrixCell> first_matrix, second_matrix;

  [[nodiscard]] bool finds_nothing() const;
  /// Cells that are safe under the first contract and not under the second; and the other way round.
  [[nodiscard]] std::size_t regressions() const;
  [[nodiscard]] std::size_t mended() const;
};

/// Both contracts must outlive what is returned. Throws std::invalid_argument where the configuration is beyond the
/// bounds of the checker.
[[nodiscard]] Comparison compare(const spec::Contract& first, const spec::Contract& second,
                                 const explore::Configuration& configuration);

/// A shortest counterexample in a cell where one contract is safe and the other is not.
struct Example {
  explore::Configuration configuration;
  std::string mix, property;
  bool of_second = true;  ///< the contract that is not safe
  std::string litmus;
};

struct CostLine {
  std::string name, title;  ///< of the workload; of a trace its path
  Cost first, second;
};

struct Review {
  Comparison comparison;
  std::vector<Example> examples;    ///< at most one a client and side
  std::vector<CostLine> costs;      ///< the standard workloads, then the traces
  std::vector<Driven> driven = {};  ///< of each side that is a driver
  /// What the exploration of the second side found, of a legal client in one task: no contract has it.
  [[nodiscard]] std::size_t driven_faults() const;
};

/// `traces`: paths of any format. Throws also traces::InputError.
[[nodiscard]] Review review(const spec::Contract& base, const spec::Contract& proposal,
                            const explore::Configuration& configuration, const std::vector<std::string>& traces,
                            const replay::Options& options);

/// What `custody diff` says.
[[nodiscard]] Page difference_page(const Comparison& comparison);
/// What `custody review` says.
[[nodiscard]] Page review_page(const Review& review);
/// One JSON document with a line end: schema `custody.review/2`, spec/review_report.schema.json. A difference alone has
/// no `costs` and no `examples`.
[[nodiscard]] std::string difference_json(const Comparison& comparison);
[[nodiscard]] std::string review_json(const Review& review);

inline constexpr std::string_view kReviewSchema = "custody.review/2";

}  // namespace custody::checker::review
