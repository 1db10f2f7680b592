// SPDX-License-Identifier: BSD-2-Clause
// From the depths of the states back to a path.
#pragma once

#include <vector>

#include "checker/explore/search.hpp"
#include "checker/explore/state_table.hpp"

namespace custody::checker::explore {

/// A state with a transition that breaks a property.
struct Break {
  Property property{};
  Packed state = 0;
  unsigned depth = 0;
};

/// A shortest path to each break; of several, the one whose states are the least. `Violation::count` is left to the
/// caller.
[[nodiscard]] std::vector<Violation> retrace(const System& system, StateTable& table, const std::vector<Break>& breaks,
                                             bool symmetry);

}  // namespace custody::checker::explore
