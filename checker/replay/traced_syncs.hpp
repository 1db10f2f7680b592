// SPDX-License-Identifier: BSD-2-Clause
// Part of the evidence room: whether a trace by the kernel's tracepoints would have shown the syncs of a buffer.
#pragma once

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// Before `e` is walked. Since 6.10 a sync of a device that needs none returns before its tracepoint, so that a sync
/// that is not there is no sign: unless the device is known, or was seen to be synced, and its mapping is in the trace.
void watch_traced_syncs(Rooms& rooms, BufferState& b, const traces::Event& e);

/// The buffer's trace can bear out no all-clear for that reason.
[[nodiscard]] bool may_hide_syncs(Rooms& rooms, const BufferState& b);

}  // namespace custody::checker::replay
