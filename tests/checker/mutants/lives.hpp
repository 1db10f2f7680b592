// SPDX-License-Identifier: BSD-2-Clause
// The lifetime that a contract gives a buffer, along all events and all directions, without caches and accesses: who
// owns it, and what the exporter counts and notes. Held against what the calls did, counted apart from the tables.
#pragma once

#include <optional>

#include "spec/contract.hpp"
#include "tests/checker/mutants/likeness.hpp"

namespace custody::checker::test {

/// What the lives of `mutant` are to those of `original`: nothing where a life of the mutant breaks an invariant. An
/// edge's label is the call, whether it is answered, and who owns the buffer then.
std::optional<Comparison> compare_lives(const spec::Contract& original, const spec::Contract& mutant);

}  // namespace custody::checker::test
