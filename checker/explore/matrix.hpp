// SPDX-License-Identifier: BSD-2-Clause
// Where a contract is safe: for each kind of client, architecture and mix of devices.
#pragma once

#include <string>
#include <vector>

#include "checker/explore/search.hpp"

namespace custody::checker {

/// One cell: what was explored, and which properties are violated.
struct MatrixCell {
  Configuration configuration;
  std::string mix;                    ///< non-coherent, coherent, mixed, bounced
  std::vector<std::string> violated;  ///< ids of properties, and `stuck`; empty: safe
  [[nodiscard]] bool is_safe() const { return violated.empty(); }
};

/// Two devices; one window for a client that keeps the rules and two for one that breaks them; every architecture
/// profile and every mix. Cells are in the same order for every contract.
[[nodiscard]] std::vector<MatrixCell> verdict_matrix(const spec::Contract& contract);

}  // namespace custody::checker
