// SPDX-License-Identifier: BSD-2-Clause
// Part of the evidence room: records that must be missing, by what the trace itself shows.
#pragma once

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// Before `e` is walked. A trace can lack a record and say nothing of it. Where what is there cannot be without what is
/// not, the buffer is as after a loss, and nobody is accused of what only the missing record would have shown:
/// - a return without its entry, or a call, or an access, by a task whose call before never returned, of a buffer
/// exported in the trace;
/// - a call of an attachment that was never made, of such a buffer in a capture by probes;
/// - the end of a window in a capture by probes that holds no begin: the CPU may have written;
/// - a call whose time is before that of the call before it, of the same task on the same buffer.
void find_missing_records(Rooms& rooms, BufferState& b, const traces::Event& e);

/// The core refuses a call as another one did not come before it, and the probe of that one seems not to be set: there
/// is no such record in the trace so far: of a release L6, that no detach came, and of a detach, that no unmap did; of
/// any call but an end L7, that a window is open.
[[nodiscard]] bool rests_on_missing_probe(const Rooms& rooms, traces::EventKind refused, const RuleSet& rules);

/// A window is open, and in a capture by probes no window was seen to end: it may be closed.
[[nodiscard]] bool may_be_closed_unseen(const Rooms& rooms, BufferState& b);

/// What a map synced would not be there: a capture by probes holds no dma_map, nor a cache operation of its own.
[[nodiscard]] bool hides_sync_of_map(const Rooms& rooms);

/// Records of this kind would be in the trace if such calls were made: a capture by probes shows that it holds them by
/// the first of them, so that one which comes later says nothing of what was before.
[[nodiscard]] bool is_shown(const Rooms& rooms, traces::EventKind kind);

/// The core refuses a call as another one did not come before it, of which a capture by probes holds a single record
/// that leaves no mark where it is missed: the kernel counts missed probes, and does not write them into the trace.
[[nodiscard]] bool rests_on_one_record(const Rooms& rooms, traces::EventKind refused);

/// The reader took a call as returned. Of which no return is in the trace at all, its probe may not be set; but what
/// was mapped or unmapped inside that call may be missing with it; and where returns of other calls are there, so may
/// all that a window call did, of which nothing is there.
void note_call_without_return(Rooms& rooms, BufferState& b, traces::EventKind kind, bool shows_others);

/// A DMA call that ran no operation, although its device needs one and the trace would show it: as
/// `dev_is_dma_coherent` never changes, a device that does not snoop has its operation in each call.
[[nodiscard]] bool lacks_operation(Rooms& rooms, const traces::Event& e);

/// A cache operation outside any DMA call, in a capture by probes. Of an exporter that syncs by DMA calls only, the
/// record of one is missing; of another one it need not be. Either way a map or unmap around it may have mapped or
/// unmapped unseen.
void note_operation_without_call(const Rooms& rooms, BufferState& b, const OpenCall* call);

/// The device turned out not to snoop after calls of it had run nothing: their operations are missing.
void distrust_calls_of(Rooms& rooms, std::uint32_t device);

}  // namespace custody::checker::replay
