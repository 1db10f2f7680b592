// SPDX-License-Identifier: BSD-2-Clause
// Tasks that go away with windows open: on which buffers, so that not all have to be asked.
#pragma once

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// A begin was walked: the window that opened last is its task's to leave open.
void note_window(Rooms& rooms, const BufferState& b);

/// Walks the exit of a task through the buffers on which it has a window.
void exit_task(Rooms& rooms, const traces::Event& e);

}  // namespace custody::checker::replay
