// SPDX-License-Identifier: BSD-2-Clause
// What may have happened to a buffer since its last event.
#pragma once

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// From the first event on that concerns a part of the buffer its lines are told apart.
void tell_lines_apart(Rooms& rooms, BufferState& b, const traces::Event& e);

/// Everything that may have happened up to the event has.
void advance(Rooms& rooms, BufferState& b, const traces::Event& e);

/// The same while an importer waits for its own sync: of everybody but its device. Nothing is judged.
void advance_beside_late(Rooms& rooms, BufferState& b);

}  // namespace custody::checker::replay
