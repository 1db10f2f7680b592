// SPDX-License-Identifier: BSD-2-Clause
// Asks of each device that has a buffer whether its syncs would make records.
#include "checker/replay/traced_syncs.hpp"

#include <algorithm>

namespace custody::checker::replay {

using traces::EventKind;

namespace {

bool is_told(Rooms& rooms, std::uint32_t id) {
  const DeviceState& device = rooms.devices->of(id);
  return device.traced_sync || device.fixed || device.bounced || device.coherence == Coherence::kNo ||
         device.coherence == Coherence::kYes;
}

bool are_syncs_traced(Rooms& rooms, const BufferState& b) {
  // Of many it is not looked for: none is accused.
  if (b.custody.custody().attachments.are_many()) return b.custody.custody().attachments.tally().mapped == 0;
  for (std::size_t i = 0; i < b.custody.importers(); ++i) {
    const Importer importer = b.custody.importer(i);
    if (!importer.is_mapped()) continue;
    if (!b.mappings.has_device(importer.device()) || !is_told(rooms, importer.device())) return false;
  }
  return true;
}

}  // namespace

void watch_traced_syncs(Rooms& rooms, BufferState& b, const traces::Event& e) {
  const bool syncs = e.kind == EventKind::kSyncForCpu || e.kind == EventKind::kSyncForDevice;
  if (syncs && e.device != traces::kNoId) rooms.devices->of(e.device).traced_sync = true;
  const bool hidden = rooms.judge.directory().buffers[e.buffer].hides_syncs;
  b.evidence.traced.hides_syncs = hidden || !are_syncs_traced(rooms, b);
  if (!hidden) return;
  b.evidence.traced.hushed = true;
  b.mappings.distrust();
}

bool may_hide_syncs(Rooms& rooms, const BufferState& b) {
  if (!rooms.terms.header.traced_dma || b.evidence.cache != CacheKind::kCached) return false;
  const auto devices = b.doubts.devices();
  return b.evidence.traced.hushed ||
         std::any_of(devices.begin(), devices.end(), [&](std::uint32_t device) { return !is_told(rooms, device); });
}

}  // namespace custody::checker::replay
