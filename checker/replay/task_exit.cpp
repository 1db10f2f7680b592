// SPDX-License-Identifier: BSD-2-Clause
// Looks up whose windows an exit leaves open.
#include "checker/replay/task_exit.hpp"

#include "checker/replay/advance.hpp"
#include "checker/replay/hand_over.hpp"
#include "checker/replay/verdict.hpp"

namespace custody::checker::replay {

void note_window(Rooms& rooms, const BufferState& b) {
  const auto& windows = b.custody.custody().windows;
  if (windows.empty() || windows.back().task == traces::kNoId) return;
  const std::uint32_t task = windows.back().task;
  rooms.with_windows.add(task, b.id,
                         [&](std::uint32_t other) { return has_window_of(rooms.buffers[other].custody, task); });
}

void exit_task(Rooms& rooms, const traces::Event& e) {
  if (e.task == traces::kNoId) return;
  for (const std::uint32_t id : rooms.with_windows.take(e.task)) {
    BufferState& b = rooms.buffers[id];
    hear_news(rooms, b);
    if (!b.exists || !has_window_of(b.custody, e.task)) continue;
    finish_late_hand_over(rooms, b);
    advance(rooms, b, e);
    walk_task_exit(rooms, b, e);
    b.history.remember(e);
  }
}

}  // namespace custody::checker::replay
