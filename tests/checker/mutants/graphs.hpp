// SPDX-License-Identifier: BSD-2-Clause
// What the search says of a contract, and whether the search tells two contracts apart.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/explore/search.hpp"
#include "tests/checker/mutants/likeness.hpp"

namespace custody::checker::test {

/// The configurations that every contract is held against.
std::vector<explore::Configuration> configurations();

struct Verdict {
  std::vector<std::uint64_t> properties;  ///< which are broken, how often; which calls happen; what is stuck
  std::vector<std::uint64_t> counts;      ///< states, transitions, operations
};
Verdict verdict_of(const spec::Contract& contract, const std::vector<explore::Configuration>& held_against);

/// An edge has the label of its transition, and the property that it breaks.
Comparison compare_graphs(const explore::System& a, const explore::System& b);

/// The shortest way in `a` to a call in which `b` runs another number of operations, after the same calls; nothing
/// where there is none.
std::optional<explore::Violation> where_operations_differ(const explore::System& a, const explore::System& b);

}  // namespace custody::checker::test
