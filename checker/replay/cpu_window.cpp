// SPDX-License-Identifier: BSD-2-Clause
// Judges what is read through windows, and what is written in them and beside them.
#include "checker/replay/cpu_window.hpp"

#include "checker/replay/access_facts.hpp"
#include "checker/replay/importer_kinds.hpp"

namespace custody::checker::replay {

using model::Access;
using model::AccessSet;
using spec::RuleId;
using traces::Event;

namespace {

/// What the CPU reads in this range.
AccessFacts facts_of_read(BufferState& b, lines::ByteRange range) {
  AccessFacts f;
  f.reads = f.snoops = true;
  f.stale = b.belief.meets(Access::kCpuRead, range);
  f.write_pending = has_pending_write(b.custody);
  return f;
}

/// What the CPU writes in this range: whole lines; what is a part of one may be stale beside it.
AccessFacts facts_of_write(BufferState& b, lines::ByteRange range) {
  AccessFacts f;
  f.writes = f.snoops = true;
  f.part_over_stale = b.belief.lines() != nullptr && b.belief.meets(Access::kCpuWrite, range);
  return f;
}

/// What the CPU reads is newer in a slot.
void suspect_slots(const BufferState& b, Suspicion& s) {
  for (const Mapping& m : b.mappings.copied()) {
    const RuleSet slot = broken_by(SlotFacts{true, false, m.slot_old, m.slot_newer});
    if (!slot.empty()) s.device = m.device;
    s.rules.add(slot);
  }
}

/// What a job and the CPU's windows do to each other needs time in which both write.
void advance_both(Rooms& rooms, BufferState& b) {
  const Agents both = agents_now(rooms, b);
  b.belief.advance(both, &b.custody.custody(), b.custody.is_complete());
  rooms.accounts.advance(b.account, b.belief, both.contract, b.evidence.client_broke_rules, !b.told.mixed.empty());
}

/// What the job of this importer writes can be written over.
RuleSet judge_job(Rooms& rooms, BufferState& b, std::size_t place) {
  const Importer importer = b.custody.importer(place);
  const DeviceState& device = rooms.devices->of(importer.device());
  if (device.bounced || device.coherence == Coherence::kLikely || !may_write(importer, device)) return {};
  // What the other of a pair wrote stays when that one goes.
  if (b.told.mixed.names(importer.device())) return {};
  return broken_by(facts_of(b, false, true, device.snoops(), {}));
}

/// Of all jobs that run beside a window that opens. What they do.
AccessSet suspect_jobs(Rooms& rooms, BufferState& b, Suspicion& s) {
  AccessSet writes;
  if (!has_pending_write(b.custody)) return writes;
  advance_both(rooms, b);
  for (const std::size_t i : told_apart(b.custody, *rooms.devices)) {
    const Importer importer = b.custody.importer(i);
    if (!importer.has_job()) continue;
    writes.add(writes_of(accesses_of(importer, rooms.devices->of(importer.device()))));
    const RuleSet rules = judge_job(rooms, b, i);
    if (rules.empty()) continue;
    s.device = importer.device();
    s.assumes |= assumptions_of(importer, rooms.devices->of(importer.device()));
    s.rules.add(rules);
    s.owes = spec::Owes::kCore;
    s.beside_job = true;
  }
  return writes;
}

Suspicion suspicion_of_window(const BufferState& b, const OpenCall& call) {
  Suspicion s;
  s.line = call.entry.line;
  s.bytes = call.entry.range.length != 0 ? call.entry.range.length : b.belief.size();
  return s;
}

/// Says it, and goes on as if it were mended, as long as a job runs beside the windows.
void tell(Rooms& rooms, BufferState& b, const Event& e, const OpenCall* call, const Suspicion& s,
          lines::ByteRange range = {}) {
  report_audible(rooms, b, e, call, s);
  settle(b, s.rules, range);
  b.belief.keep_settling(settlement_of(s.rules));
}

void judge_writes(Rooms& rooms, BufferState& b, const Event& e, const OpenCall& call) {
  Suspicion s = suspicion_of_window(b, call);
  s.rules = broken_by(facts_of_write(b, call.entry.range));
  report_audible(rooms, b, e, &call, s);
  settle(b, s.rules, call.entry.range);
}

void judge_reads(Rooms& rooms, BufferState& b, const Event& e, const OpenCall& call, Suspicion s, AccessSet looked) {
  AccessFacts f = facts_of_read(b, call.entry.range);
  f.synced_early = call.done.invalidated_early;
  RuleSet rules = broken_by(f);
  rules.add(broken_by(HandOverFacts{false, f.stale, call.done}));
  if (!rules.empty()) s.assumes |= b.evidence.assumed_of_stale();
  s.rules.add(rules);
  suspect_slots(b, s);
  rooms.accounts.require(b.account, model::hazards(Access::kCpuRead));
  rooms.accounts.look(b.account, b.belief, looked.add(Access::kCpuRead), settlement_of(s.rules));
  if (s.rules.empty()) return;
  tell(rooms, b, e, &call, s, call.entry.range);
  b.mappings.settle_newer();
}

/// The job of this importer joins the windows that are open.
void join(Rooms& rooms, BufferState& b, const Event& e, const OpenCall* call, std::size_t place) {
  const Importer importer = b.custody.importer(place);
  const DeviceState& device = rooms.devices->of(importer.device());
  const std::uint8_t assumes = assumptions_of(importer, device);
  if (!device.bounced) b.evidence.note_writer(assumes);
  if (may_write_slots(b, importer, device)) b.mappings.written_by(importer.id(), *rooms.devices);
  advance_both(rooms, b);
  Suspicion s;
  s.line = call != nullptr ? call->entry.line : e.at.line;
  s.device = importer.device();
  s.bytes = b.belief.size();
  s.owes = spec::Owes::kClient;
  s.beside_job = true;
  s.rules = judge_job(rooms, b, place);
  if (!s.rules.empty()) s.assumes = assumes;
  AccessSet looked = writes_of(accesses_of(importer, device));
  for (const model::Window& w : b.custody.custody().windows) {
    if (!model::is_active(b.custody.custody(), w)) continue;
    const lines::ByteRange range{w.extent.offset, w.extent.length};
    RuleSet rules;
    if (model::device_may_write(w.dir)) rules.add(broken_by(facts_of_read(b, range))), looked.add(Access::kCpuRead);
    if (model::device_may_read(w.dir)) rules.add(broken_by(facts_of_write(b, range)));
    if (!rules.empty()) s.assumes |= b.evidence.assumed_of_stale();
    s.rules.add(rules);
    if (model::device_may_write(w.dir)) suspect_slots(b, s);
  }
  b.evidence.hush(s.rules);
  rooms.accounts.look(b.account, b.belief, looked, settlement_of(s.rules));
  if (s.rules.empty()) return;
  b.evidence.client_broke_rules = true;
  Accounts::give_schedule_up(b.account, NotComputed::kNoSchedule);
  tell(rooms, b, e, call, s);
  b.mappings.settle_newer();
}

/// Somebody's job can join: no access is known exactly, and the CPU has the buffer.
bool is_joinable(const Rooms& rooms, const BufferState& b) {
  return !rooms.terms.header.exact_accesses && !b.custody.release().done &&
         model::is_handed_to_cpu(b.custody.custody());
}

}  // namespace

void open_window(Rooms& rooms, BufferState& b, const Event& e, const OpenCall& call) {
  const bool writes = model::device_may_read(call.entry.dir), reads = model::device_may_write(call.entry.dir);
  if (writes) judge_writes(rooms, b, e, call);
  Suspicion s = suspicion_of_window(b, call);
  const AccessSet jobs = suspect_jobs(rooms, b, s);
  if (reads) {
    judge_reads(rooms, b, e, call, s, jobs);
  } else if (jobs != AccessSet()) {
    rooms.accounts.look(b.account, b.belief, jobs, settlement_of(s.rules));
    tell(rooms, b, e, &call, s);
  }
  if (writes) b.mappings.written_by(std::nullopt, *rooms.devices);
}

void join_by_fence(Rooms& rooms, BufferState& b, const Event& e) {
  if (!is_joinable(rooms, b)) return;
  using model::Attachment;
  each(b.custody.custody().attachments, Attachment::by_device(e.device), Attachment::kByDevice, [&](std::size_t place) {
    if (b.custody.importer(place).has_job()) join(rooms, b, e, nullptr, place);
  });
}

void join_by_map(Rooms& rooms, BufferState& b, const Event& e, const OpenCall& map) {
  if (!is_joinable(rooms, b)) return;
  const std::size_t place = b.custody.place_of(e);
  if (place == b.custody.importers() || !b.custody.importer(place).has_job()) return;
  const model::Attachment& attachment = b.custody.importer(place).attachment;
  // A device that could write before has joined already.
  const bool first = attachment.maps[0] + attachment.maps[2] == 1 && model::device_may_write(e.dir);
  if (first) join(rooms, b, e, &map, place);
}

void settle_beside_jobs(BufferState& b) {
  b.belief.settle_again(!model::is_handed_to_cpu(b.custody.custody()) || !has_pending_write(b.custody));
}

}  // namespace custody::checker::replay
