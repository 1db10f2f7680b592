// SPDX-License-Identifier: BSD-2-Clause
// In which call of the core each task is.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "traces/event.hpp"

namespace custody::traces::formats::event_log {

/// The last call that each task entered, until it returns from it.
class LastCalls {
 public:
  struct Call {
    std::string name;  ///< in the log; empty: there is none
    Event entry;
    bool lost_its_name = false;  ///< another call has the name by now
    [[nodiscard]] bool is(std::uint32_t id) const { return !name.empty() && entry.call == id; }
  };

  /// `event` is an entry, or the return of what was entered, or a loss, behind which nothing is known.
  void note(const Event& event, const std::string& name) {
    if (event.kind == EventKind::kLost) calls_.clear();
    if (event.task == kNoId || event.phase == Phase::kWhole) return;
    if (event.task >= calls_.size()) calls_.resize(event.task + std::size_t{1});
    Call& last = calls_[event.task];
    if (event.phase == Phase::kEnter) last = {name, event, false};
    else if (last.is(event.call)) last = {};
  }
  /// The name of this call, which `task` entered, is given to another one: nothing can return from it any more.
  void take_name(std::uint32_t task, std::uint32_t call) {
    if (task < calls_.size() && calls_[task].is(call)) calls_[task].lost_its_name = true;
  }
  /// Nobody gives up a reference, or an attachment, from within a call on the same buffer. The call that must have
  /// returned before `event` although no record of that is there, which is over then; without name: there is none.
  [[nodiscard]] Call take_left_open_at(const Event& event) {
    if (event.kind != EventKind::kDetach && event.kind != EventKind::kRelease) return {};
    if (event.phase == Phase::kReturn || event.in != kNoId || event.task >= calls_.size()) return {};
    const Call& last = calls_[event.task];
    if (last.name.empty() || event.buffer == kNoId || last.entry.buffer != event.buffer) return {};
    return std::exchange(calls_[event.task], {});
  }

 private:
  std::vector<Call> calls_;  ///< by task
};

}  // namespace custody::traces::formats::event_log
