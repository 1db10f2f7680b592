// SPDX-License-Identifier: BSD-2-Clause
// What a trace knows beside calls on its way through the rooms: accesses, fences, alias maintenance, copies,
// references.
#pragma once

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// A read or a write by the CPU or a device. The belief was advanced up to it; so it was to all the others.
void walk_access(Rooms& rooms, BufferState& b, const traces::Event& e);
/// A fence was added or signalled.
void walk_fence(Rooms& rooms, BufferState& b, const traces::Event& e);
/// A kernel mapping's alias was flushed or invalidated.
void walk_alias(Rooms& rooms, BufferState& b, const traces::Event& e);
/// A copy into the slot of a bounced mapping, or out of it.
void walk_bounce(Rooms& rooms, BufferState& b, const traces::Event& e);
/// A reference or a file descriptor of the buffer was made or given up.
void walk_reference(Rooms& rooms, BufferState& b, const traces::Event& e);

}  // namespace custody::checker::replay
