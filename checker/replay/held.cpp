// SPDX-License-Identifier: BSD-2-Clause
// Keeps findings with their histories.
#include "checker/replay/held.hpp"

namespace custody::checker::replay {

namespace {

constexpr std::size_t kMostHeld = 256;

}  // namespace

KeptFinding::KeptFinding(const Finding& f) : finding(f) {
  for (std::size_t i = 0; i < f.place.history.size(); ++i) history.push_back(f.place.history.kept(i));
}

void KeptFinding::emit(Judge& judge) {
  const std::uint32_t buffer = finding.place.history.buffer();
  finding.place.history = {history.data(), static_cast<std::uint8_t>(history.size()), 0, buffer};
  judge.emit(finding);
}

void HeldFindings::hold(const Finding& f, bool if_coherent) {
  if (held_.size() < kMostHeld) held_.push_back({if_coherent, KeptFinding(f)});
}

void HeldFindings::settle(std::uint32_t device, bool coherent, Judge& judge) {
  std::vector<Held> others;
  for (Held& h : held_) {
    if (device != traces::kNoId && h.kept.finding.device != device) others.push_back(std::move(h));
    else if (h.if_coherent == coherent) h.kept.emit(judge);
  }
  held_ = std::move(others);
}

void HeldFindings::settle_all(Judge& judge) { settle(traces::kNoId, false, judge); }

void UnplacedFindings::hold(std::uint32_t task, const Finding& f, Judge& judge) {
  if (held_.size() >= kMostHeld) return judge.emit(f);
  held_.push_back({task, KeptFinding(f)});
}

void UnplacedFindings::settle(std::uint32_t task, Judge& judge) {
  for (Held& h : held_)
    if (h.task == task) h.kept.emit(judge);
  drop(task);
}

void UnplacedFindings::drop(std::uint32_t task) {
  std::erase_if(held_, [task](const Held& h) { return h.task == task; });
}

void UnplacedFindings::settle_all(Judge& judge) {
  while (!held_.empty()) settle(held_.front().task, judge);
}

}  // namespace custody::checker::replay
