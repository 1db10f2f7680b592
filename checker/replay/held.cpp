// SPDX-License-Identifier: BSD-2-Clause
// Keeps findings with their histories.
#include "checker/replay/held.hpp"

namespace custody::checker::replay {

void HeldFindings::hold(const Finding& f, bool if_coherent) {
  constexpr std::size_t kMostHeld = 256;
  if (held_.size() >= kMostHeld) return;
  const auto history = f.place.history;
  held_.push_back({if_coherent, f, std::vector<traces::Event>(history.begin(), history.end())});
}

void HeldFindings::settle(std::uint32_t device, bool coherent, Judge& judge) {
  std::vector<Held> kept;
  for (Held& h : held_) {
    if (device != traces::kNoId && h.finding.device != device) {
      kept.push_back(std::move(h));
    } else if (h.if_coherent == coherent) {
      h.finding.place.history = h.history;
      judge.emit(h.finding);
    }
  }
  held_ = std::move(kept);
}

void HeldFindings::settle_all(Judge& judge) { settle(traces::kNoId, false, judge); }

void UnplacedFindings::hold(std::uint32_t task, const Finding& f, Judge& judge) {
  constexpr std::size_t kMostHeld = 256;
  if (held_.size() >= kMostHeld) return judge.emit(f);
  const auto history = f.place.history;
  held_.push_back({task, f, std::vector<traces::Event>(history.begin(), history.end())});
}

void UnplacedFindings::settle(std::uint32_t task, Judge& judge) {
  for (Held& h : held_) {
    if (h.task != task) continue;
    h.finding.place.history = h.history;
    judge.emit(h.finding);
  }
  drop(task);
}

void UnplacedFindings::drop(std::uint32_t task) {
  std::erase_if(held_, [task](const Held& h) { return h.task == task; });
}

void UnplacedFindings::settle_all(Judge& judge) {
  while (!held_.empty()) settle(held_.front().task, judge);
}

}  // namespace custody::checker::replay
