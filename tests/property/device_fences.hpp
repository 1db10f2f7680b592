// SPDX-License-Identifier: BSD-2-Clause
// The fences of a program's device that are pending, and what a move of the storage leaves of its mapping (sections 2
// and 3 of the semantics).
#pragma once

#include <algorithm>
#include <vector>

namespace custody::property {

/// Of one attachment. A signal does not say which fence it is: as on a timeline it is the oldest.
class DeviceFences {
 public:
  void add(bool writes) { pending_.push_back({writes, false}); }
  void signal() {
    if (!pending_.empty()) pending_.erase(pending_.begin());
  }
  void map() { moved_ = false; }
  void move() {
    moved_ = true;
    for (Fence& f : pending_) f.before_move = true;
  }
  /// The device may still write, whoever has the buffer.
  [[nodiscard]] bool has_write() const {
    return std::any_of(pending_.begin(), pending_.end(), [](const Fence& f) { return f.writes; });
  }
  /// The storage has moved since the last map, and no job is left that the move has to wait for.
  [[nodiscard]] bool has_lost_storage() const {
    return moved_ && std::none_of(pending_.begin(), pending_.end(), [](const Fence& f) { return f.before_move; });
  }

 private:
  struct Fence {
    bool writes, before_move;
  };
  std::vector<Fence> pending_;  ///< oldest first
  bool moved_ = false;
};

}  // namespace custody::property
