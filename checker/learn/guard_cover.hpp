// SPDX-License-Identifier: BSD-2-Clause
// The fewest guards that hold in some situations of a call and not in others.
#pragma once

#include <cstdint>
#include <vector>

#include "model/facts.hpp"
#include "model/vocabulary.hpp"

namespace custody::checker::learn {

/// A situation, and whether something happens in it.
struct Example {
  enum class Want : std::uint8_t { kOff, kOn, kFree };
  const model::Facts* facts = nullptr;
  Want want = Want::kFree;
  bool rare = false;  ///< explored once or twice: an exception here costs less
};
/// All of these guards hold; none: always.
using Conjunction = std::vector<model::Id>;
struct Cover {
  std::vector<Conjunction> any;  ///< one of them; none: never
  unsigned cost = 0;             ///< grows with guards, with conjunctions, and most with exceptions
};
/// What an example that a cover gets wrong costs; a guard costs a third of it.
inline constexpr unsigned kExceptionCost = 300;

/// Guards that `event` can have, of facts that neither are policies nor belong to `without`.
[[nodiscard]] std::vector<model::Id> guards_for(model::Id event, model::FactSet without);

/// The cheapest cover that was found, the same each time. One conjunction of up to three guards is searched
/// completely; several are chosen greedily.
[[nodiscard]] Cover cover(const std::vector<model::Id>& guards, const std::vector<Example>& examples);

}  // namespace custody::checker::learn
