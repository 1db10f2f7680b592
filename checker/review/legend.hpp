// SPDX-License-Identifier: BSD-2-Clause
// What the words of a table of cells mean: those that occur in it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "checker/review/matrix.hpp"

namespace custody::checker::review {

/// A line for each column, client, mix of devices, rule and remark of these changes.
[[nodiscard]] std::vector<std::string> legend_of(std::span<const MatrixChange> changes);

/// `REGRESSION: exporter owes`, `worse`, `better`, `mended`, or nothing.
[[nodiscard]] std::string remark_on(const MatrixChange& change);

}  // namespace custody::checker::review
