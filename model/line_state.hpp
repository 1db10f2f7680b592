// SPDX-License-Identifier: BSD-2-Clause
// One cache line and its memory, part by part: for a line that is not always handled as a whole.
#pragma once

#include <compare>
#include <cstdint>

#include "model/coherence.hpp"

namespace custody::model {

/// Parts of one line, a bit each.
using PartMask = std::uint64_t;

/// A line has one presence and one dirty mark; each part of it is current or old in memory and in the line. With one
/// part these are the states of model/coherence.hpp.
struct LineState {
  enum class Presence : std::uint8_t { kAbsent, kClean, kDirty } presence = Presence::kAbsent;
  PartMask memory_old = 0;
  PartMask line_old = 0;  ///< none where the line is absent
  auto operator<=>(const LineState&) const = default;
  /// The parts that a reader through the cache would find old.
  [[nodiscard]] PartMask stale() const { return presence == Presence::kAbsent ? memory_old : line_old; }
};

/// The hardware's one move: it fills an absent line, drops a clean one, writes a dirty one back as a whole.
[[nodiscard]] LineState moved(LineState s);

/// Runs an operation on the whole line. True where it destroys the newest data of some part.
[[nodiscard]] bool operate(Operation op, LineState& s);

/// The CPU stores in `touched` what is newest there already: memory stays as it is, and the line is dirty.
void rewrite(PartMask touched, LineState& s);

/// An access to `touched`; `all` are the parts of the line. True where it meets a hazard: it reads what is old, a
/// device writes under a dirty line, or a CPU writes beside parts that are stale and will go back with the line (M9).
[[nodiscard]] bool access(Access what, PartMask touched, PartMask all, LineState& s);

}  // namespace custody::model
