// SPDX-License-Identifier: BSD-2-Clause
// Part of the custody room: the fences of one importer that are not signalled yet.
#pragma once

#include <cstdint>

#include "model/on_demand.hpp"

namespace custody::checker::replay {

/// A trace does not say which fence signals: it is taken to be the oldest, as on a timeline.
class Fences {
 public:
  /// `moves`: of the storage, so far; of every call.
  void add(bool writes, std::uint32_t moves) {
    Pending& p = pending_.made();
    p.note_moves(moves);
    // Hostile traces add without end: the oldest makes room.
    if (p.fences == kMost) signal(moves);
    p.writes |= static_cast<std::uint64_t>(writes) << p.fences;
    ++p.fences;
  }
  void signal(std::uint32_t moves) {
    if (!pending_.exists()) return;
    Pending& p = *pending_.get();
    p.note_moves(moves);
    p.writes >>= 1U;
    if (p.fences != 0) --p.fences;
    if (p.before_move != 0) --p.before_move;
  }
  [[nodiscard]] bool has_write() const { return pending_.exists() && pending_.get()->writes != 0; }
  /// Some fence was pending when the storage moved, and still is.
  [[nodiscard]] bool outlasts_move(std::uint32_t moves) const {
    if (!pending_.exists()) return false;
    const Pending& p = *pending_.get();
    return (moves != p.moves ? p.fences : p.before_move) != 0;
  }

 private:
  static constexpr std::uint8_t kMost = 64;

  struct Pending {
    std::uint64_t writes = 0;  ///< a bit per pending fence, the oldest first
    std::uint8_t fences = 0, before_move = 0;
    std::uint32_t moves = 0;  ///< that it knows of

    /// What was pending when the storage moved may still use the old one: nothing came or went since.
    void note_moves(std::uint32_t now) {
      if (now != moves) before_move = fences;
      moves = now;
    }
  };

  /// Most importers have none.
  model::OnDemand<Pending> pending_;
};

}  // namespace custody::checker::replay
