// SPDX-License-Identifier: BSD-2-Clause
// Judges buffers that are known by the addresses of their DMA calls, or by their inode, only.
#pragma once

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// What the addresses prove is told; what they prove unless the memory was mapped for the device before the trace is
/// told with that assumption. No rule but those of `kDecidedByAddress` is told: there are no windows, no calls of the
/// core, and no release.
void walk_by_address(Rooms& rooms, BufferState& b, const traces::Event& e);

}  // namespace custody::checker::replay
