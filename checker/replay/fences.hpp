// SPDX-License-Identifier: BSD-2-Clause
// Part of the custody room: the fences of one importer that are not signalled yet.
#pragma once

#include <cstdint>

namespace custody::checker::replay {

/// A trace does not say which fence signals: it is taken to be the oldest, as on a timeline.
class Fences {
 public:
  void add(bool writes) {
    // Hostile traces add without end: the oldest makes room.
    if (pending_ == kMost) signal();
    writes_ |= static_cast<std::uint64_t>(writes) << pending_;
    ++pending_;
  }
  void signal() {
    writes_ >>= 1U;
    if (pending_ != 0) --pending_;
    if (before_move_ != 0) --before_move_;
  }
  /// The storage moved: what is pending now may still use the old one.
  void note_move() { before_move_ = pending_; }

  [[nodiscard]] bool has_write() const { return writes_ != 0; }
  /// Some fence was pending when the storage moved, and still is.
  [[nodiscard]] bool outlasts_move() const { return before_move_ != 0; }

 private:
  static constexpr std::uint8_t kMost = 64;
  std::uint64_t writes_ = 0;  ///< a bit per pending fence, the oldest first
  std::uint8_t pending_ = 0, before_move_ = 0;
};

}  // namespace custody::checker::replay
