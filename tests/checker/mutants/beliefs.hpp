// SPDX-License-Identifier: BSD-2-Clause
// Whether anybody can tell two contracts apart who sees calls, and what accesses can go wrong after them.
#pragma once

#include "checker/explore/system.hpp"
#include "tests/checker/mutants/likeness.hpp"

namespace custody::checker::test {

enum class Histories {
  kIsomorphic,  ///< the graphs are
  kBreakMore,   ///< after some calls `b` can break a property that `a` cannot break then
  kDifferent,   ///< not shown to be either
};

/// Compares the graphs of all histories of calls. A node is the set of states that a history can have led to, with
/// whatever accesses and moves of the caches; an edge's label is the call, and the properties that it or an access
/// after it can break.
Histories compare_histories(const explore::System& a, const explore::System& b);

}  // namespace custody::checker::test
