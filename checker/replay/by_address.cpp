// SPDX-License-Identifier: BSD-2-Clause
// Walks the DMA calls of a buffer that nobody else names.
#include "checker/replay/by_address.hpp"

#include "checker/replay/maintenance.hpp"

namespace custody::checker::replay {

using model::Operation;
using spec::RuleId;
using traces::AddressEvidence;
using traces::Event;
using traces::EventKind;
using traces::kNoId;

namespace {

bool says_not_mapped(AddressEvidence a) {
  return a == AddressEvidence::kNotMapped || a == AddressEvidence::kNotMappedUnlessOlder;
}

bool holds_unless_older(AddressEvidence a) {
  return a == AddressEvidence::kMappedUnlessOlder || a == AddressEvidence::kNotMappedUnlessOlder;
}

Mapping* live_mapping(BufferState& b, const Event& e) {
  if (e.kind == EventKind::kDmaMap || e.dma.mapping == kNoId) return nullptr;
  return b.mappings.find_id(e.dma.mapping);
}

RuleSet judge_addresses(const Event& e, const Mapping* m) {
  MappingFacts f;
  f.unmaps = e.kind == EventKind::kDmaUnmap;
  f.syncs = !f.unmaps;
  f.is_known = e.dma.addresses != AddressEvidence::kNone;
  f.is_live = !says_not_mapped(e.dma.addresses);
  f.other_skip = m != nullptr && e.skips_sync() != m->skipped_sync;
  RuleSet rules = broken_by(f);
  if (!f.is_known || !f.is_live || m == nullptr) return rules;
  DirectionFacts d;
  d.undoes = f.unmaps;
  d.is_same = e.dir == m->dir;
  d.is_within = model::is_within(e.dir, m->dir);
  rules.add_if(RuleId::kL3, l3(d));
  return rules;
}

/// The architecture's operation, of which nobody can say whether it was needed.
void price(Rooms& rooms, const BufferState& b, const Event& e, Suspicion& s) {
  s.operation = e.maintenance.known ? operation_shown(*rooms.terms.arch, e) : due_operation(*rooms.terms.arch, e);
  const DeviceState& device = rooms.devices->of(e.device);
  if (e.skips_sync() || device.snoops() || device.bounced) s.operation = Operation::kNone;
  if (s.operation == Operation::kNone) return rooms.accounts.count_free_sync();
  const bool shown = e.maintenance.known && e.maintenance.bytes != 0;
  s.bytes = shown ? e.maintenance.bytes : e.range.length != 0 ? e.range.length : b.belief.size();
}

void judge_pass(Rooms& rooms, BufferState& b, const Event& e, Suspicion& s) {
  const bool mapped = e.dma.addresses != AddressEvidence::kNone && !says_not_mapped(e.dma.addresses);
  const bool repeats = rooms.passes.repeats(e, mapped, b.evidence.traced.pass);
  if (s.operation == Operation::kNone) return;
  MaintenanceTotals& totals = rooms.summary.maintenance;
  ++totals.operations;
  totals.bytes += s.bytes;
  (repeats ? totals.no_effect : totals.undetermined).add(1, s.bytes);
  if (!repeats) return;
  s.rules.add(RuleId::kR5);
  s.effect = Effect::kNone;
  s.assumes |= bit_of(Assumption::kOneHandOver);
}

/// The mapping that the call makes, or ends. A buffer is live while it is mapped: its release is never seen.
void remap(Rooms& rooms, BufferState& b, const Event& e, const Mapping* ended) {
  const bool was_live = !b.mappings.all().empty();
  if (e.kind == EventKind::kDmaMap) b.mappings.add(e, kNoId);
  else if (ended != nullptr) b.mappings.remove(ended);
  const bool is_live = !b.mappings.all().empty();
  if (was_live && !is_live) --rooms.summary.live_buffers;
  if (is_live && !was_live && b.evidence.traced.was_mapped) ++rooms.summary.live_buffers;
  b.evidence.traced.was_mapped = b.evidence.traced.was_mapped || is_live;
}

}  // namespace

void walk_by_address(Rooms& rooms, BufferState& b, const Event& e) {
  if (!is_dma_call(e.kind) || !e.ok()) return;
  Suspicion s;
  s.device = e.device;
  price(rooms, b, e, s);
  Mapping* const m = live_mapping(b, e);
  if (e.kind != EventKind::kDmaMap) s.rules = judge_addresses(e, m);
  if (!s.rules.empty() && holds_unless_older(e.dma.addresses)) s.assumes |= bit_of(Assumption::kNoneOlder);
  judge_pass(rooms, b, e, s);
  s.rules.keep(kDecidedByAddress);
  remap(rooms, b, e, e.kind == EventKind::kDmaUnmap ? m : nullptr);
  if (!s.rules.empty()) rooms.judge.report(s, circumstances(b, e, nullptr));
}

}  // namespace custody::checker::replay
