// SPDX-License-Identifier: BSD-2-Clause
// A counterexample as a litmus file, which `custody replay` judges.
#pragma once

#include <string>

#include "checker/explore/search.hpp"

namespace custody::checker::explore {

/// The calls, syncs and accesses of the path, with an `expect` line for its rule. The hardware's own moves are left
/// out: the replay takes them for possible at any time.
[[nodiscard]] std::string counterexample_litmus(const System& system, const spec::Contract& contract,
                                                const Violation& violation);

}  // namespace custody::checker::explore
