// SPDX-License-Identifier: BSD-2-Clause
// Notes that a driver keeps and nobody sees: whether the CPU may be dirty or stale, guessed from what it does later.
#pragma once

#include "checker/learn/guard_cover.hpp"
#include "checker/learn/moments.hpp"

namespace custody::checker::learn {

/// `cpu_dirty` or `cpu_stale` is set by a call of this event where the guards hold; a pass that cleans, or invalidates,
/// clears it before that.
struct Trigger {
  model::Id fact = 0, event = 0;
  Conjunction guards;
  bool operator==(const Trigger&) const = default;
};

struct HiddenNotes {
  std::vector<Trigger> triggers;
  std::vector<std::uint8_t> before;  ///< by explored call: 1 dirty, 2 stale, before it
  std::uint64_t conflicts = 0;       ///< calls that got another answer than most in their situation
};

/// The fewest triggers found under which a situation always gets one answer; none where none is needed, or where no
/// triggers explain half of what differs. `hint`: triggers that
/// may be near.
[[nodiscard]] HiddenNotes guess_hidden_notes(const Samples& samples, const Moments& moments,
                                             const std::vector<Trigger>& hint);

}  // namespace custody::checker::learn
