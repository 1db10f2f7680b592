// SPDX-License-Identifier: BSD-2-Clause
// What the CPU meets in its windows: where one opens, and where a device's job runs beside it.
#pragma once

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// A begin returned, and its window is open (M3, M4, M6, M9). Beside a job that is not done, what either writes can be
/// lost too (M2): the core should have waited for its fence.
void open_window(Rooms& rooms, BufferState& b, const traces::Event& e, const OpenCall& call);

/// A device got a write fence and had none, or a map while its write fence is pending. Where the CPU has the buffer,
/// its job runs beside the open windows: the client owes that, once for each job.
void join_by_fence(Rooms& rooms, BufferState& b, const traces::Event& e);
void join_by_map(Rooms& rooms, BufferState& b, const traces::Event& e, const OpenCall& map);
/// After the belief was advanced, where it keeps settling: what was told of a job that runs on goes on, and is no
/// second fault.
void settle_beside_jobs(BufferState& b);

}  // namespace custody::checker::replay
