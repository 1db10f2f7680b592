// SPDX-License-Identifier: BSD-2-Clause
// The difference of two contracts, as plain text of at most 72 columns.
#pragma once

#include <string>

#include "checker/explore/difference.hpp"
#include "checker/explore/matrix.hpp"

namespace custody::checker {

struct Comparison {
  const spec::Contract &first, &second;
  std::vector<RowDifference> rows;
  Difference calls;
  std::vector<MatrixCell> first_matrix, second_matrix;

  [[nodiscard]] bool finds_nothing() const;
  /// Cells that are safe under the first contract and not under the second.
  [[nodiscard]] std::size_t regressions() const;
};

/// Rows, calls and both matrices.
[[nodiscard]] Comparison compare(const spec::Contract& first, const spec::Contract& second,
                                 const Configuration& configuration);

[[nodiscard]] std::string difference_text(const Comparison& comparison);

}  // namespace custody::checker
