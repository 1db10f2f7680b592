// SPDX-License-Identifier: BSD-2-Clause
// DMA calls and cache operations on their way through the rooms: whether they may, what they did, who needed it.
#pragma once

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// A call of the DMA API. The belief was advanced up to it.
void walk_dma_call(Rooms& rooms, BufferState& b, const traces::Event& e);
/// Cache maintenance outside any such call.
void walk_cache_operation(Rooms& rooms, BufferState& b, const traces::Event& e);

}  // namespace custody::checker::replay
