// SPDX-License-Identifier: BSD-2-Clause
// Puts the exporter's profile, the trace's header and what the buffer's info says together.
#include "checker/replay/evidence.hpp"

namespace custody::checker::replay {

using spec::RuleId;

namespace {

spec::MemoryKind memory_of(const traces::BufferInfo& info, const spec::ExporterProfile& profile) {
  switch (info.memory) {
    case traces::MemoryKind::kCached: return spec::MemoryKind::kCached;
    case traces::MemoryKind::kWriteCombined: return spec::MemoryKind::kWriteCombined;
    case traces::MemoryKind::kCoherent: return spec::MemoryKind::kCoherent;
    case traces::MemoryKind::kUnsaid: break;
  }
  return profile.memory;
}

}  // namespace

bool hides_syncs(const spec::ExporterProfile& profile, const traces::Header& header) {
  return !header.observes_dma_api || profile.sync_via == spec::SyncVia::kClflush ||
         profile.sync_via == spec::SyncVia::kDmaPage ||
         (profile.sync_via == spec::SyncVia::kArch && !header.observes_cache_ops);
}

void Evidence::hush(RuleSet& rules) {
  if (!is_silent()) return;
  traced.hushed = traced.hushed || (traced.hides_syncs && rules.meets(rules_of(spec::RuleClass::kMissing)));
  const bool misses_copy = !silent && rules.has(RuleId::kM6);
  rules.remove(rules_of(spec::RuleClass::kMissing));
  rules.remove(rules_of(spec::RuleClass::kLostWrite));
  if (misses_copy) rules.add(RuleId::kM6);
}

void Evidence::note_writer(std::uint8_t assumes) {
  if (assumes == 0) stale.for_sure = true;
  else stale.assumes |= assumes;
}

void Evidence::note_invalidate() {
  ineffective_sync = device_ran_in_window = false;
  stale = {};
}

bool may_claim(const Evidence& evidence, const CustodyAccount& custody) {
  return evidence.history_known && custody.is_complete() && !evidence.own_device && !evidence.client_broke_rules &&
         !evidence.many_copies && !custody.release().done;
}

std::uint8_t assumptions_of(const Importer& importer, const DeviceState& device) {
  std::uint8_t bits = 0;
  if (device.coherence == Coherence::kUnknown) bits |= bit_of(Assumption::kDeviceNotCoherent);
  if (importer.evidence.mapped_by_core && importer.attachment.maps[0] > 0)
    bits |= bit_of(Assumption::kBidirectionalHabit);
  return bits;
}

Evidence evidence_of(const traces::BufferInfo& info, const traces::Header& header,
                     const spec::ExporterProfile& profile) {
  const spec::MemoryKind memory = memory_of(info, profile);
  Evidence evidence;
  evidence.assumed_cached = memory == spec::MemoryKind::kUnknown;
  const bool cached = evidence.assumed_cached || memory == spec::MemoryKind::kCached;
  evidence.cache = cached ? CacheKind::kCached : CacheKind::kUncached;
  evidence.own_device = profile.own_device;
  evidence.memory_outlives = profile.memory_outlives;
  evidence.history_known = profile.export_is_allocation && info.export_seen;
  evidence.syncs_by_sg = !profile.name.empty() && profile.sync_via == spec::SyncVia::kDmaSg;
  evidence.silent = hides_syncs(profile, header);
  evidence.traced.by_address = info.by_address;
  return evidence;
}

model::Belief start_of(const Evidence& evidence, const spec::ExporterProfile& profile) {
  const bool dirty = evidence.history_known && profile.zeroed_by == spec::ZeroedBy::kCpu;
  return model::hardware_closure(dirty ? model::start::kDirty : model::start::kClean);
}

}  // namespace custody::checker::replay
