// SPDX-License-Identifier: BSD-2-Clause
// The verdict room: how much of each buffer was judged, and what the trace lacks.
#pragma once

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// Events were lost, or could not be read: every buffer that lives may be in any state, and nobody is accused.
void lose(Rooms& rooms, JudgedReason why);
/// The same of one buffer.
void lose(Rooms& rooms, BufferState& b, JudgedReason why);
/// The buffer with this id, if there is one, may be in the middle of a change: it is one of which nothing is known.
void drop(Rooms& rooms, std::uint32_t id);
/// A reader could not tell something as it was.
void note_gap(Rooms& rooms, const traces::Gap& gap);
/// What concerns every buffer and this one has not heard of: losses, and headers by which the trace turned out to carry
/// DMA API calls; what was not judged before stays so. Before anything else is done with a buffer.
void hear_news(Rooms& rooms, BufferState& b);
/// The same of losses only: of headers nothing is heard once nobody can be named any more.
void hear_losses(Rooms& rooms, BufferState& b);
/// Time passed in which the agents of the buffer, which is older than the trace, could access it.
void advance_doubts(BufferState& b);
/// Nothing more is known of this buffer: its verdict is counted, and kept while there is room. `names`: null where
/// nobody can be named any more, after an error in the input.
void give_verdict(Rooms& rooms, std::uint32_t id, const BufferState& b, const traces::Directory* names);
/// The trace ends: the same of all buffers that have none yet, then of the trace as a whole. Again, nothing happens.
void give_verdicts(Rooms& rooms, const traces::Directory* names);

}  // namespace custody::checker::replay
