// SPDX-License-Identifier: BSD-2-Clause
// When guards hold, in words, folded to the policies of a contract.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/row.hpp"

namespace custody::spec::document {

/// What must hold, each in words and all of them; empty: it always does. What the policies decide is left out, so that
/// nothing is said of other policies; without `policies` it is said. Nothing where the policies exclude it.
[[nodiscard]] std::optional<std::vector<std::string>> conditions(const model::Id* begin, const model::Id* end,
                                                                 const model::Policies* policies);
/// The same of what has guards: a row, a clause.
template <class Guarded>
[[nodiscard]] std::optional<std::vector<std::string>> conditions(const Guarded& guarded,
                                                                 const model::Policies* policies) {
  return conditions(std::data(guarded), std::data(guarded) + std::size(guarded), policies);
}

}  // namespace custody::spec::document
