// SPDX-License-Identifier: BSD-2-Clause
// Calls of the dma-buf core on their way through the rooms: what they refuse, and what changes hands by them.
#pragma once

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// An entry or a return. The belief was advanced up to it. True where the buffer was released by it.
bool walk_core_call(Rooms& rooms, BufferState& b, const traces::Event& e);

/// After the belief was advanced: what an agent that was active already meets now (M1 to M3), each once a buffer.
void watch_active(Rooms& rooms, BufferState& b, const traces::Event& e);
/// After the belief was advanced, where some device is bounced: the slots of its mappings miss what active agents may
/// have written.
void advance_slots(Rooms& rooms, BufferState& b);
/// The hand-over to an importer goes on with this event, which is that importer's own sync.
[[nodiscard]] bool waits_for_own_sync(BufferState& b, const traces::Event& e);
/// The importer that might have synced for itself did not, or has: it is active.
void activate_late(Rooms& rooms, BufferState& b);
/// The same where there is one.
inline void finish_late_hand_over(Rooms& rooms, BufferState& b) {
  if (b.late) activate_late(rooms, b);
}
/// A task went away: its windows on this buffer are gone, and whoever waited for them goes on.
void walk_task_exit(Rooms& rooms, BufferState& b, const traces::Event& exit);

}  // namespace custody::checker::replay
