// SPDX-License-Identifier: BSD-2-Clause
// The fewest syncs, with the fewest guards, that say what a driver did in every explored call of one kind.
#pragma once

#include <string>

#include "checker/learn/guard_cover.hpp"
#include "checker/learn/moments.hpp"

namespace custody::checker::learn {

/// A situation with the notes that were guessed, and the answer that most of its calls got.
struct Situation {
  const Scope* scope = nullptr;
  model::Facts facts;
  const Answer* answer = nullptr;
  std::uint64_t calls = 0;  ///< explored calls with that answer
};

/// What becomes a clause.
struct CallRule {
  Conjunction guards;
  std::vector<model::Sync> syncs;
  std::string refuse;
  bool operator==(const CallRule&) const = default;
};
struct CallRules {
  std::vector<CallRule> rules;  ///< in the order in which they run; refusals first
  unsigned cost = 0;
  bool exact = true;  ///< every situation gets its answer
};

/// The cheapest rules that were found for the calls of `event`; what they get wrong is in the cost. `unused`: notes
/// that guards and syncs do without.
[[nodiscard]] CallRules rules_of(model::Id event, const std::vector<Situation>& situations, model::FactSet unused);

}  // namespace custody::checker::learn
