// SPDX-License-Identifier: BSD-2-Clause
// Everything that a replay keeps of one live buffer.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/hindsight/subset.hpp"
#include "checker/lines/line_map.hpp"
#include "checker/optimum/schedule.hpp"
#include "model/coherence.hpp"
#include "model/world.hpp"
#include "spec/exporter_profile.hpp"
#include "traces/directory.hpp"
#include "traces/event.hpp"

namespace custody::checker {

/// An attachment: its lifetime state, and what the contract lets its device do.
struct AttachmentState {
  std::uint32_t id = traces::kNoId;
  std::uint32_t device = traces::kNoId;
  model::Attachment lifetime;
  std::array<std::uint16_t, 3> maps{};  ///< live maps by direction
  bool complete = true;                 ///< its whole history is in the trace
  bool mapped_by_core = false;          ///< the core mapped it inside attach, BIDIRECTIONAL by habit
  bool write_fence = false;             ///< an unsignalled write fence of its device
  [[nodiscard]] bool is_mapped() const { return maps[0] + maps[1] + maps[2] > 0; }
  [[nodiscard]] bool may_write() const { return maps[0] + maps[2] > 0; }
  [[nodiscard]] bool may_read() const { return maps[0] + maps[1] > 0; }
};

/// A live DMA mapping. Owner of the sync rules L1-L4, L9, L14 and of the bounce bits.
struct MappingState {
  std::uint32_t id = traces::kNoId;
  std::uint32_t device = traces::kNoId;
  std::uint32_t attachment = traces::kNoId;  ///< kNoId: the exporter's own
  std::uint32_t call = traces::kNoId;        ///< the core call in which it was made
  std::uint32_t orig_nents = 0;
  std::uint32_t nents = 0;
  model::Direction dir = model::Direction::kNone;
  bool skipped_sync = false;
  bool complete = true;
  bool slot_old = false;    ///< bounced: the slot may miss what the buffer holds
  bool slot_newer = false;  ///< bounced: the buffer may miss what the slot holds
  std::uint64_t line = 0;
  std::uint64_t last_use = 0;  ///< the buffer's significant events when a DMA call last used it (R6)
  traces::EventKind last_kind = traces::EventKind::kDmaMap;
};

struct Window {
  model::Direction dir = model::Direction::kNone;
  std::uint32_t task = traces::kNoId;
  std::uint32_t closing_call = traces::kNoId;  ///< the end_cpu_access that is closing it
  bool closing = false;
  bool abandoned = false;  ///< its task went away
  ByteRange range;
};

/// A core call between its entry and its return.
struct OpenCall {
  std::uint32_t call = traces::kNoId;
  std::uint32_t task = traces::kNoId;
  std::uint32_t attachment = traces::kNoId;
  std::uint32_t overlapped_by = traces::kNoId;  ///< another task whose call ran meanwhile
  traces::EventKind kind = traces::EventKind::kLost;
  model::Direction dir = model::Direction::kNone;
  bool refused_direction = false;                        ///< L3 was said of the call itself
  bool issued = false;                                   ///< a DMA call that should have done something ran inside
  bool cleaned = false, invalidated = false;             ///< what the operations inside did
  bool useful_clean = false, useful_invalidate = false;  ///< ... and it had an effect
  bool invalidated_early = false;                        ///< while a write fence was not signalled
  bool partly_cleaned = false, partly_invalidated = false;
  std::uint64_t line = 0;
  ByteRange range;
};

/// The contract belief as it would be had one operation not run.
struct Shadow {
  model::Belief belief;
  std::uint32_t pending;  ///< what is said when its fate is known: an index in the engine
};

/// How the memory behaves, after the exporter's profile and what the trace says were put together.
enum class CacheKind : std::uint8_t { kCached, kUncached };

struct BufferState {
  std::uint32_t generation = 0;
  bool exists = false;
  bool complete = true;  ///< the export was seen and nothing was lost since
  bool released = false;
  bool history_known = true;    ///< the export is the allocation
  bool assumed_cached = false;  ///< the exporter's name does not tell the memory
  bool own_device = false;
  bool silent = false;  ///< the trace could not have shown this exporter's syncs: no M rules
  bool client_broke_rules = false;
  bool warned_first_invalidate = false;  ///< M10 of an invalidate-first hand-over: once per buffer
  CacheKind cache = CacheKind::kCached;
  std::uint64_t size = 0;

  model::World world;
  model::Belief contract, worst;
  /// From the first event on that concerns a part of the buffer: the contract belief line by line. `contract` then is
  /// what any line may hold.
  std::optional<LineMap> lines;
  /// While a device is only likely to be coherent: the contract belief if it is not.
  bool forked = false;
  model::Belief if_not_coherent;
  model::AccessSet if_not_coherent_agents;
  ScheduleState schedule;
  SubsetState subset;
  std::uint64_t passes = 0;       ///< of all operations
  std::uint64_t kept_passes = 0;  ///< of those that `subset` does not know
  bool looked_away = false;       ///< the client broke the rules: no fate of an operation is known any more
  std::vector<Shadow> shadows;    ///< oldest first
  std::vector<AttachmentState> attachments;
  std::vector<MappingState> mappings;
  std::vector<Window> windows;
  std::vector<OpenCall> calls;

  /// Agents as of the last change; recomputed when `agents_stale`.
  model::AccessSet contract_agents, worst_agents;
  model::AccessSet whole_buffer_agents;  ///< those of the contract without the CPU windows
  bool agents_stale = true;

  bool cpu_was_mapped = false;    ///< a user mapping may be alive: munmap is never seen
  bool ineffective_sync = false;  ///< the latest sync did not invalidate
  bool stale_for_sure = false;    ///< a device of known kind could write since the last invalidate
  std::uint8_t stale_assumes = 0;
  std::uint32_t last_unmapped_device = traces::kNoId;  ///< no CPU window opened since (R5)
  std::uint64_t release_line = 0;
  std::uint32_t release_task = traces::kNoId;
  bool release_returned = false;
  bool sums_closed = false;

  std::uint64_t events = 0;
  std::uint64_t significant_events = 0;  ///< without returns and without the entries of map and unmap
  static constexpr std::size_t kHistory = 8;
  std::array<traces::Event, kHistory> history;

  [[nodiscard]] bool devices_suspended() const {
    if (!windows.empty()) return true;
    for (const OpenCall& c : calls)
      if (c.kind == traces::EventKind::kBeginCpuAccess) return true;
    return false;
  }
};

}  // namespace custody::checker
