// SPDX-License-Identifier: BSD-2-Clause
// Part of the custody room: the fences of one importer that are not signalled yet.
#pragma once

#include <cstdint>

namespace custody::checker::replay {

/// A trace does not say which fence signals: it is taken to be the oldest, as on a timeline.
class Fences {
 public:
  /// `moves`: of the storage, so far; of every call.
  void add(bool writes, std::uint32_t moves) {
    note_moves(moves);
    // Hostile traces add without end: the oldest makes room.
    if (pending_ == kMost) signal(moves);
    writes_ |= static_cast<std::uint64_t>(writes) << pending_;
    ++pending_;
  }
  void signal(std::uint32_t moves) {
    note_moves(moves);
    writes_ >>= 1U;
    if (pending_ != 0) --pending_;
    if (before_move_ != 0) --before_move_;
  }
  [[nodiscard]] bool has_write() const { return writes_ != 0; }
  /// Some fence was pending when the storage moved, and still is.
  [[nodiscard]] bool outlasts_move(std::uint32_t moves) const {
    return (moves != moves_ ? pending_ : before_move_) != 0;
  }

 private:
  /// What was pending when the storage moved may still use the old one: nothing came or went since.
  void note_moves(std::uint32_t moves) {
    if (moves != moves_) before_move_ = pending_;
    moves_ = moves;
  }

  static constexpr std::uint8_t kMost = 64;
  std::uint64_t writes_ = 0;  ///< a bit per pending fence, the oldest first
  std::uint8_t pending_ = 0, before_move_ = 0;
  std::uint32_t moves_ = 0;  ///< that it knows of
};

}  // namespace custody::checker::replay
