// SPDX-License-Identifier: BSD-2-Clause
// Reads custody, and changes nothing.
#include "checker/replay/standing.hpp"

#include "checker/replay/maintenance.hpp"

namespace custody::checker::replay {

Standing standing_of(Rooms& rooms, std::uint32_t buffer, const traces::Event& e) {
  Standing s;
  if (buffer >= rooms.buffers.size()) return s;
  const BufferState& b = rooms.buffers[buffer];
  s.generation = b.generation;
  s.known = b.exists && !b.evidence.traced.by_address;
  if (e.maintenance.known) s.operation = operation_shown(*rooms.terms.arch, e);
  else if (traces::is_dma_call(e.kind) && !e.skips_sync() && e.device != traces::kNoId &&
           rooms.devices->of(e.device).coherence == Coherence::kNo)
    s.operation = due_operation(*rooms.terms.arch, e);
  if (!s.known) return s;
  const model::Custody& custody = b.custody.custody();
  s.owner = custody.state;
  s.assumed = !b.custody.is_complete();
  s.has_windows = !custody.windows.empty();
  s.task_has_window = e.task != traces::kNoId && has_window_of(b.custody, e.task);
  if (b.evidence.cache == CacheKind::kCached && !custody.is_freed())
    s.belief = model::advance(b.belief.contract(), agents_now(rooms, rooms.buffers[buffer]).contract);
  if (e.device == traces::kNoId) return s;
  const std::size_t place = b.custody.place_of(e);
  s.device_mapped = place != b.custody.importers() && b.custody.importer(place).is_mapped();
  return s;
}

}  // namespace custody::checker::replay
