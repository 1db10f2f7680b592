// SPDX-License-Identifier: BSD-2-Clause
// Which ids of attachments may be given again.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "traces/event.hpp"

namespace custody::traces::formats::ftrace {

/// The ids of attachments that are gone. One that a call is on, from its entry to its return, is given to no other.
class AttachmentIds {
 public:
  /// For a call on the attachment; nothing of kNoId.
  void hold(std::uint32_t id) {
    if (id == kNoId) return;
    if (uses_.size() <= id) uses_.resize(id + std::size_t{1});
    ++uses_[id].calls;
  }
  void let_go(std::uint32_t id) {
    if (id == kNoId || --uses_[id].calls != 0) return;
    if (std::exchange(uses_[id].is_gone, false)) free_.push_back(id);
  }
  /// The attachment is gone.
  void give_back(std::uint32_t id) {
    if (id < uses_.size() && uses_[id].calls != 0) uses_[id].is_gone = true;
    else free_.push_back(id);
  }
  /// One to give again; kNoId where there is none.
  [[nodiscard]] std::uint32_t take() {
    if (free_.empty()) return kNoId;
    const std::uint32_t id = free_.back();
    free_.pop_back();
    return id;
  }

 private:
  struct Use {
    std::uint32_t calls = 0;
    bool is_gone = false;  ///< in one of the calls
  };
  std::vector<std::uint32_t> free_;
  std::vector<Use> uses_;  ///< by id
};

}  // namespace custody::traces::formats::ftrace
