// SPDX-License-Identifier: BSD-2-Clause
// Which mapping a DMA call concerns, what is learned from it, and the copies of bounced mappings.
#include "checker/replay/dma.hpp"

#include "checker/replay/maintenance.hpp"
#include "checker/replay/missing_records.hpp"
#include "checker/replay/operation.hpp"
#include "checker/replay/verdict.hpp"

namespace custody::checker::replay {

using model::Access;
using model::Operation;
using spec::RuleId;
using traces::Event;
using traces::EventKind;
using traces::kNoId;

namespace {

bool is_sync(EventKind kind) { return kind == EventKind::kSyncForCpu || kind == EventKind::kSyncForDevice; }

/// `unseen`: the trace should show the operation and does not.
Operation operation_of(Rooms& rooms, const Event& e, bool unseen) {
  if (e.maintenance.known && !unseen) return operation_shown(*rooms.terms.arch, e);
  const DeviceState& device = rooms.devices->of(e.device);
  if (e.skips_sync() || device.snoops() || device.bounced) return Operation::kNone;
  return due_operation(*rooms.terms.arch, e);
}

std::uint64_t bytes_of(const BufferState& b, const Event& e) {
  if (e.maintenance.known && e.maintenance.bytes != 0) return e.maintenance.bytes;
  return e.range.length != 0 ? e.range.length : b.belief.size();
}

/// All buffers are told what the device turned out to be. `forked`: beliefs were, as it was only likely to snoop.
void tell_coherence(Rooms& rooms, std::uint32_t device, bool coherent, bool forked) {
  rooms.held.settle(device, coherent, rooms.judge);
  ++rooms.devices_settled;
  if (!forked) return;
  for (const std::uint32_t id : rooms.forked) {
    BufferState& other = rooms.buffers[id];
    hear_news(rooms, other);
    if (other.belief.is_forked() && !coherent)
      rooms.accounts.join(other.account, other.belief, other.belief.if_not_coherent());
    other.belief.join(coherent);
  }
  rooms.forked.clear();
}

/// True where calls before this one are in doubt by what was learned.
bool learn_coherence(Rooms& rooms, BufferState& b, const Event& e, bool on_live_mapping) {
  if (!e.maintenance.known || !rooms.terms.header.observes_cache_ops || e.skips_sync() || !on_live_mapping)
    return false;
  const DeviceState& device = rooms.devices->of(e.device);
  if (device.bounced || device.fixed) return false;
  const bool ran = e.maintenance.helper_ran || e.maintenance.kind != Operation::kNone;
  if (!ran && due_operation(*rooms.terms.arch, e) == Operation::kNone) return false;
  const bool was_silent = device.calls_without_operation != 0;
  const bool settled = rooms.devices->learn(e.device, ran);
  if (device.coherence == Coherence::kLikely && !b.belief.is_forked()) {
    rooms.accounts.restart(b.account, b.belief, b.belief.contract());
    b.belief.fork();
    rooms.forked.insert(e.buffer);
  }
  if (!settled) return false;
  const bool snoops = device.coherence == Coherence::kYes;
  if (was_silent && !snoops) rooms.held.drop(e.device);
  tell_coherence(rooms, e.device, snoops, was_silent);
  if (!was_silent || snoops) return false;
  distrust_calls_of(rooms, e.device);
  return true;
}

/// Of a call that names no live mapping: whether the trace shows that there ought to be one.
bool is_known_unmapped(const BufferState& b, const Event& e) {
  const std::size_t place = b.custody.place_of(e);
  if (place == b.custody.importers()) return false;
  const Importer importer = b.custody.importer(place);
  return importer.device() == e.device && importer.evidence.complete && b.custody.is_complete();
}

bool is_wrong_direction(const Event& e, const OpenCall* call, const Mapping& m) {
  DirectionFacts f;
  f.undoes = e.kind == EventKind::kDmaUnmap;
  f.is_same = e.dir == m.dir;
  f.is_within = model::is_within(e.dir, m.dir);
  f.is_callers = call != nullptr && is_window_call(call->entry.kind) && call->entry.dir == e.dir;
  f.told_of_caller = call != nullptr && call->refused_direction;
  return m.complete && l3(f);
}

RuleSet judge_mapping(const Rooms& rooms, const BufferState& b, const Event& e, const OpenCall* call,
                      const Mapping* m) {
  MappingFacts f;
  f.syncs = is_sync(e.kind);
  f.unmaps = e.kind == EventKind::kDmaUnmap;
  f.is_live = m != nullptr;
  const bool told = call != nullptr && call->refused;
  f.is_known = m != nullptr ? m->complete : !told && is_shown(rooms, EventKind::kDmaMap) && is_known_unmapped(b, e);
  if (m == nullptr) return broken_by(f);
  f.other_device = m->device != e.device;
  f.other_skip = e.skips_sync() != m->skipped_sync;
  f.other_entries = e.dma.nents != 0 && m->orig_nents != 0 && e.dma.nents != m->orig_nents;
  RuleSet rules = broken_by(f);
  rules.add_if(RuleId::kL3, is_wrong_direction(e, call, *m));
  return rules;
}

RuleSet judge_new_mapping(const Rooms& rooms, const BufferState& b, const Event& e) {
  MappingFacts f;
  f.is_known = f.is_live = f.maps = true;
  f.again = is_shown(rooms, EventKind::kDmaUnmap) && maps_again(b.mappings, e);
  f.other_entries = e.is_partial(b.belief.size());
  return broken_by(f);
}

/// The mapping that a call which maps nothing concerns; null: none. A detach, and whoever gives back after the release,
/// undoes what its device has mapped, of this attachment or of one before it.
Mapping* find_mapping(BufferState& b, const Event& e, const OpenCall* call) {
  const EventKind around = call != nullptr ? call->entry.kind : EventKind::kLost;
  const bool undoes_all = around == EventKind::kDetach || b.custody.release().done;
  if (!undoes_all || e.kind != EventKind::kDmaUnmap)
    return b.mappings.find(e, around == EventKind::kUnmap ? call->entry.attachment : kNoId);
  Event of_device = e;
  of_device.attachment = kNoId;
  return b.mappings.find(of_device, kNoId);
}

Mapping& add_mapping(BufferState& b, const Event& e, const OpenCall* call) {
  const bool by_core =
      (call == nullptr || call->entry.kind == EventKind::kAttach) && e.by == traces::AttributedBy::kNesting;
  if (by_core) b.custody.records().note_core_mapping(e.attachment);
  b.custody.records().note_mapped_table(e.attachment);
  return b.mappings.add(e, call != nullptr ? call->entry.call : kNoId, b.custody.records().has(e.attachment));
}

/// The copies that a call of a bounced mapping makes. The processor makes them, through the cache.
void copy_bounced(Rooms& rooms, BufferState& b, const Event& e, Mapping& m, Suspicion& s) {
  if (!rooms.devices->of(e.device).bounced) return;
  b.mappings.note_copies();
  if (b.mappings.gave_copies_up()) note_many_copies(b);
  const bool unmaps = e.kind == EventKind::kDmaUnmap;
  const bool in =
      e.kind == EventKind::kDmaMap || (e.kind == EventKind::kSyncForDevice && model::device_may_read(e.dir));
  const bool out = (e.kind == EventKind::kSyncForCpu || (unmaps && !e.skips_sync())) && model::device_may_write(e.dir);
  // A copy in overwrites what the slot holds, an unmap without copy drops it.
  const bool matters = b.evidence.memory_outlives || !b.custody.release().done;
  const bool drops = matters && (in || (unmaps && !out));
  s.rules.add(broken_by(SlotFacts{drops, false, m.slot_old, m.slot_newer}));
  if (in) {
    AccessFacts f;
    f.reads = f.snoops = true;
    f.stale = b.evidence.cache == CacheKind::kCached && b.belief.meets(Access::kCpuRead);
    const RuleSet stale = broken_by(f);
    s.rules.add(stale);
    rooms.accounts.copy_out_of_buffer(b.account, b.agents.now.contract);
    rooms.accounts.look(b.account, b.belief, model::AccessSet().add(Access::kCpuRead), settlement_of(stale));
    settle(b, stale);
    m.slot_old = m.slot_newer = false;
  }
  if (out) {
    s.rules.add(broken_by(SlotFacts{true, true, m.slot_old, m.slot_newer}));
    b.belief.copy_in(m.slot_newer || b.mappings.gave_copies_up(), m.slot_old);
    b.evidence.written = true;
    rooms.accounts.copy_into_buffer(b.account, m.differs() || b.mappings.gave_copies_up());
    b.mappings.copied_out(m, *rooms.devices);
  }
  if (in || out) rooms.accounts.count_copy(b.belief.size());
}

/// A sync that caused no operation.
void judge_free_sync(Rooms& rooms, const Event& e, Suspicion& s) {
  DeviceState& device = rooms.devices->of(e.device);
  if (!device.bounced) rooms.accounts.count_free_sync();
  const FreeSyncFacts f{is_sync(e.kind), device.coherence == Coherence::kYes, device.bounced, device.advised,
                        s.rules.has(RuleId::kL1)};
  if (!r1(f)) return;
  device.advised = true;
  s.rules.add(RuleId::kR1);
  s.effect = Effect::kNone;
  s.bytes = 0;
}

bool is_too_wide(const Event& e, const OpenCall* call, const Mapping* m, const Suspicion& s) {
  WidthFacts f;
  f.wrong_direction = m != nullptr && s.rules.has(RuleId::kL3);
  f.holds_mapping = m != nullptr && model::is_within(m->dir, e.dir);
  f.operated = s.operation != Operation::kNone && call != nullptr && is_window_call(call->entry.kind);
  f.syncs = is_sync(e.kind);
  f.had_effect = s.effect != Effect::kNone;
  f.bytes = s.bytes;
  if (call != nullptr) {
    f.within_caller = model::is_within(e.dir, call->entry.dir);
    f.caller_bytes = call->entry.range.length;
  }
  return r8(f);
}

/// The call should have led to an operation of the architecture, unless its direction says that there is none.
void note_issued(Rooms& rooms, BufferState& b, const Event& e, OpenCall* call, const Suspicion& s) {
  const DeviceState& device = rooms.devices->of(e.device);
  if (e.skips_sync() || device.snoops() || device.bounced) return;
  if (call != nullptr) call->done.issued = true;
  if (is_sync(e.kind) && !invalidates(s.operation)) b.evidence.ineffective_sync = true;
}

void report(Rooms& rooms, BufferState& b, const Event& e, const OpenCall* call, Suspicion& s) {
  b.evidence.hush(s.rules);
  if (s.rules.empty()) return;
  const spec::RuleClass cls = spec::rule(first_rule(s.rules)).cls;
  const bool about_operation = cls == spec::RuleClass::kRedundant || cls == spec::RuleClass::kLostWrite;
  s.line = about_operation ? s.operation_line : e.at.line;
  const Circumstances at = circumstances(b, e, call);
  if (call == nullptr && rooms.terms.header.by_probes)
    return rooms.unplaced.hold(e.task, Judge::finding(s, at), rooms.judge);
  rooms.judge.report(s, at);
}

}  // namespace

void walk_dma_call(Rooms& rooms, BufferState& b, const Event& e) {
  OpenCall* call = b.custody.calls().around(e);
  const bool maps = e.kind == EventKind::kDmaMap;
  // The map around it was refused: what is freed has no mappings more.
  if (maps && b.custody.release().done) return;
  Mapping* m = maps ? nullptr : find_mapping(b, e, call);
  Suspicion s;
  s.device = e.device;
  if (!maps) s.rules = judge_mapping(rooms, b, e, call, m);
  if (!e.ok()) return;
  if (maps) {
    s.rules = judge_new_mapping(rooms, b, e);
    m = &add_mapping(b, e, call);
  }
  // It is gone where what was learned says that records are missing.
  if (learn_coherence(rooms, b, e, m != nullptr)) call = b.custody.calls().around(e);
  const bool unseen = lacks_operation(rooms, e);
  s.operation = operation_of(rooms, e, unseen);
  if (unseen) b.doubts.note(JudgedReason::kMissingRecord);
  s.bytes = bytes_of(b, e);
  s.operation_line = line_of_operation(e);
  if (m != nullptr) copy_bounced(rooms, b, e, *m, s);
  note_issued(rooms, b, e, call, s);
  if (s.operation != Operation::kNone) operate(rooms, b, e, call, m, s);
  else judge_free_sync(rooms, e, s);
  s.rules.add_if(RuleId::kR8, is_too_wide(e, call, m, s));
  if (unseen) s.rules.remove(rules_of(spec::RuleClass::kRedundant));
  report(rooms, b, e, call, s);
  if (m == nullptr) return;
  m->last_use = b.history.significant() + 1;
  m->last_kind = e.kind;
  if (e.kind == EventKind::kDmaUnmap) b.mappings.remove(m);
}

void walk_cache_operation(Rooms& rooms, BufferState& b, const Event& e) {
  if (e.maintenance.kind == Operation::kNone) return;
  OpenCall* call = b.custody.calls().around(e);
  Suspicion s;
  s.operation = operation_shown(*rooms.terms.arch, e);
  s.bytes = e.maintenance.bytes != 0 ? e.maintenance.bytes : e.range.length != 0 ? e.range.length : b.belief.size();
  s.operation_line = s.line = e.at.line;
  if (call != nullptr) call->done.issued = true;
  note_operation_without_call(rooms, b, call);
  operate(rooms, b, e, call, nullptr, s);
  report_audible(rooms, b, e, call, s);
}

}  // namespace custody::checker::replay
