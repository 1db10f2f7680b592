// SPDX-License-Identifier: BSD-2-Clause
// Calls of the dma-buf core on their way through the rooms: what they refuse, and what changes hands by them.
#pragma once

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// An entry or a return. The belief was advanced up to it. True where the buffer was released by it.
bool walk_core_call(Rooms& rooms, BufferState& b, const traces::Event& e);

}  // namespace custody::checker::replay
