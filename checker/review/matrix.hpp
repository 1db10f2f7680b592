// SPDX-License-Identifier: BSD-2-Clause
// Where a contract is safe: for each kind of client, architecture and mix of devices; and how two of these differ.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "checker/explore/search.hpp"

namespace custody::checker::review {

/// One cell: what was explored, and which properties are violated.
struct MatrixCell {
  explore::Configuration configuration;
  std::string mix;  ///< `non-coherent`; `coherent`; `mixed, together`; `mixed, in turn`; the same two of `bounced`
  std::vector<std::string> violated;  ///< ids of properties, and `stuck`; empty: safe
  [[nodiscard]] bool is_safe() const { return violated.empty(); }
};

/// Two devices; two windows for clients that overlap and one for the others; every client, architecture profile and
/// mix. Mixed are one that snoops and one that does not, bounced one behind a copy and one that is not: together as the
/// contract lets them, or in turn, where the client never has both mapped. Cells are in the same order for every
/// contract. `lines`: of it cpu_line and device_line are taken, which count for a contract that syncs ranges.
/// Throws std::bad_alloc.
[[nodiscard]] std::vector<MatrixCell> verdict_matrix(const spec::Contract& contract,
                                                     const explore::Configuration& lines);

/// What a mix is, for people; empty for a name that is none.
[[nodiscard]] std::string_view says_of_mix(std::string_view mix);

/// Cells of one client and mix whose verdicts change in the same way.
struct MatrixChange {
  const MatrixCell* before = nullptr;  ///< the first of them, under both contracts
  const MatrixCell* after = nullptr;
  std::vector<std::string> archs;
  [[nodiscard]] bool is_regression() const { return before->is_safe() && !after->is_safe(); }
  /// Unsafe before and after, with violations that were not there; with fewer of them, and no others.
  [[nodiscard]] bool is_worse() const;
  [[nodiscard]] bool is_better() const;
  [[nodiscard]] bool is_mended() const { return !before->is_safe() && after->is_safe(); }
  /// Who has to make the sync that is missing now: the debtor of the rule, or the client where it leaves the rules
  /// aside.
  [[nodiscard]] std::string owes() const;
};

/// Both are of `verdict_matrix`, and outlive what is returned.
[[nodiscard]] std::vector<MatrixChange> changes_of(std::span<const MatrixCell> before,
                                                   std::span<const MatrixCell> after);

}  // namespace custody::checker::review
