// SPDX-License-Identifier: BSD-2-Clause
// Pairs the ends of CPU access windows with their begins.
#include "checker/replay/windows.hpp"

#include <algorithm>

namespace custody::checker {

void CpuWindows::begin_end(const WindowCall& by) {
  const auto closes = [&](bool same_task, bool same_dir, bool same_range) {
    for (CpuWindow& w : windows_) {
      if (w.closing || (same_task && w.task != by.task) || (same_dir && w.dir != by.dir)) continue;
      if (same_range && w.range != by.range) continue;
      w.closing = true;
      w.closing_call = by.call;
      return true;
    }
    return false;
  };
  static_cast<void>(closes(true, true, true) || closes(true, true, false) || closes(false, true, false) ||
                    closes(true, false, false) || closes(false, false, false));
}

const CpuWindow* CpuWindows::closed_by(std::uint32_t call) const {
  for (const CpuWindow& w : windows_)
    if (w.closing && w.closing_call == call) return &w;
  return nullptr;
}

void CpuWindows::finish_end(std::uint32_t call, bool ok) {
  const CpuWindow* found = closed_by(call);
  if (found == nullptr) return;
  const auto it = windows_.begin() + (found - windows_.data());
  if (ok) windows_.erase(it);
  else it->closing = false;
}

bool CpuWindows::has_open(std::uint32_t task) const {
  return std::any_of(windows_.begin(), windows_.end(),
                     [&](const CpuWindow& w) { return w.task == task && !w.closing; });
}

bool CpuWindows::has_open(model::Direction dir) const {
  return std::any_of(windows_.begin(), windows_.end(), [&](const CpuWindow& w) { return w.dir == dir && !w.closing; });
}

bool CpuWindows::abandon(std::uint32_t task) {
  bool any = false;
  for (CpuWindow& w : windows_)
    if (w.task == task) w.abandoned = any = true;
  return any;
}

}  // namespace custody::checker
