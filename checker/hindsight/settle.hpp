// SPDX-License-Identifier: BSD-2-Clause
// After a finding: the belief that a correct sync would have left, so that one fault is one finding.
#pragma once

#include "model/coherence.hpp"

namespace custody::checker::hindsight {

/// What a correct hand-over has to have done.
struct Settlement {
  bool cleaned = false;      ///< memory is current and no line is dirty
  bool invalidated = false;  ///< nothing is stale
};

/// Monotone: of two beliefs, the one that holds less does so afterwards.
[[nodiscard]] model::Belief settled(model::Belief belief, Settlement by);

}  // namespace custody::checker::hindsight
