// SPDX-License-Identifier: BSD-2-Clause
// The first-order mutants of the table of a contract.
#pragma once

#include <functional>
#include <string>

#include "spec/contract.hpp"

namespace custody::checker::test {

/// Calls `take(mutant, what)` for each contract that differs from `original` in one place: a row deleted or retargeted,
/// a guard dropped or negated, an action or a sync dropped. `what` names the row and the change.
void for_each_mutant(const spec::Contract& original,
                     const std::function<void(const spec::Contract&, const std::string&)>& take);

}  // namespace custody::checker::test
