// SPDX-License-Identifier: BSD-2-Clause
// The open CPU access windows of a program, and which of them an end closes (section 2 of the semantics).
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "tests/property/program.hpp"

namespace custody::property {

struct CpuWindow {
  unsigned id = 0;
  unsigned task = 0;
  Way way = Way::kBidi;
  bool closing = false;  ///< an end of it was entered
};

/// Oldest first.
class CpuWindows {
 public:
  void open(unsigned task, Way way) { windows_.push_back({next_++, task, way, false}); }
  /// The window that this end closes, as its entry finds it.
  [[nodiscard]] std::optional<unsigned> enter_end(const ProgramLine& end) {
    CpuWindow* const window = closed_by(end);
    if (window == nullptr) return std::nullopt;
    window->closing = true;
    return window->id;
  }
  void leave_end(unsigned id, bool fails) {
    const auto it = std::find_if(windows_.begin(), windows_.end(), [id](const CpuWindow& w) { return w.id == id; });
    if (it == windows_.end()) return;
    if (fails) it->closing = false;
    else windows_.erase(it);
  }
  void drop(unsigned task) {
    std::erase_if(windows_, [task](const CpuWindow& w) { return w.task == task; });
  }
  void clear() { windows_.clear(); }
  [[nodiscard]] bool empty() const { return windows_.empty(); }
  [[nodiscard]] bool has(unsigned task) const {
    return std::any_of(windows_.begin(), windows_.end(), [task](const CpuWindow& w) { return w.task == task; });
  }
  [[nodiscard]] const std::vector<CpuWindow>& all() const { return windows_; }

 private:
  [[nodiscard]] CpuWindow* closed_by(const ProgramLine& end) {
    const auto open = [](const CpuWindow& w) { return !w.closing; };
    for (CpuWindow& w : windows_)
      if (open(w) && w.task == end.task && w.way == end.way) return &w;
    for (CpuWindow& w : windows_)
      if (open(w) && w.way == end.way) return &w;
    for (auto w = windows_.rbegin(); w != windows_.rend(); ++w)
      if (open(*w) && w->task == end.task) return &*w;
    return nullptr;
  }

  std::vector<CpuWindow> windows_;
  unsigned next_ = 0;
};

}  // namespace custody::property
