// SPDX-License-Identifier: BSD-2-Clause
// The first-order mutants of the clauses of a contract.
#pragma once

#include <functional>
#include <string>

#include "spec/contract.hpp"

namespace custody::checker::test {

/// Calls `take(mutant, what)` for each contract that differs from `original` in one place: a clause dropped, a guard of
/// one dropped or negated, a sync, a note or a refusal dropped. `what` names the clause and the change. Gives the
/// number of guards that the vocabulary can not negate.
std::size_t for_each_clause_mutant(const spec::Contract& original,
                                   const std::function<void(const spec::Contract&, const std::string&)>& take);

}  // namespace custody::checker::test
