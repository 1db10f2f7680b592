// SPDX-License-Identifier: BSD-2-Clause
// Judges accesses that the trace really knows, and takes in what else it shows.
#include "checker/replay/access.hpp"

#include <algorithm>

#include "checker/replay/cpu_window.hpp"

namespace custody::checker::replay {

using model::Access;
using model::AccessSet;
using spec::RuleId;
using traces::Event;
using traces::EventKind;
using traces::kNoId;

namespace {

bool is_by_cpu(const Event& e) { return e.kind == EventKind::kCpuRead || e.kind == EventKind::kCpuWrite; }
bool is_read(const Event& e) { return e.kind == EventKind::kCpuRead || e.kind == EventKind::kDeviceRead; }

/// Its ends lie within lines.
bool is_part_of_a_line(const Event& e, std::uint32_t line) {
  return e.range.length != 0 && (e.range.offset % line != 0 || e.range.length % line != 0);
}

Access access_of(Rooms& rooms, const Event& e, bool part) {
  const bool snoops = e.device != kNoId && rooms.devices->of(e.device).snoops();
  switch (e.kind) {
    case EventKind::kCpuRead: return Access::kCpuRead;
    case EventKind::kCpuWrite: return part ? Access::kCpuWritePart : Access::kCpuWrite;
    case EventKind::kDeviceRead: return snoops ? Access::kCoherentRead : Access::kDeviceRead;
    default: return snoops ? Access::kCoherentWrite : Access::kDeviceWrite;
  }
}

bool is_in_window(const Rooms& rooms, const BufferState& b, const Event& e, lines::ByteRange range) {
  const model::Custody& custody = b.custody.custody();
  if (custody.windows.empty()) return false;
  if (range == lines::ByteRange{}) return model::active_window(custody, is_read(e), false) != nullptr;
  if (model::active_window(custody, is_read(e), true) != nullptr) return true;
  return std::any_of(custody.windows.begin(), custody.windows.end(), [&](const model::Window& w) {
    const bool allows = is_read(e) ? model::device_may_write(w.dir) : model::device_may_read(w.dir);
    return allows && model::is_active(custody, w) && is_inside(w, range, b.belief.size(), rooms.terms.largest_line);
  });
}

void judge_cpu_access(Rooms& rooms, BufferState& b, const Event& e, bool part, Suspicion& s) {
  const lines::ByteRange range = range_of_access(b.custody.custody(), e);
  const bool inside = is_in_window(rooms, b, e, range);
  if (!inside || b.evidence.device_ran_in_window) s.owes = spec::Owes::kClient;
  if (b.custody.is_complete() && l8(inside, rooms.terms.header.trust_mappings)) {
    s.rules.add(RuleId::kL8);
    b.evidence.client_broke_rules = true;
    b.windows.note_told();
  }
  AccessFacts f;
  f.snoops = true;
  f.reads = is_read(e);
  f.writes = !f.reads;
  f.stale = f.reads && b.belief.meets(Access::kCpuRead, range);
  // The lines themselves know what of them is written; without them only the event tells.
  if (f.writes && b.belief.lines() != nullptr) f.part_over_stale = b.belief.meets(Access::kCpuWrite, range);
  else if (f.writes && part) f.part_over_stale = b.belief.meets(Access::kCpuWritePart, range);
  s.rules.add(broken_by(f));
  OperationsInside before;
  before.issued = b.evidence.ineffective_sync;
  s.rules.add(broken_by(came_out_wrong(s.rules, before)));
  for (const Mapping& m : b.mappings.copied())
    s.rules.add(broken_by(SlotFacts{f.reads, false, m.slot_old, m.slot_newer}));
}

void judge_device_access(Rooms& rooms, BufferState& b, const Event& e, Suspicion& s) {
  const DeviceState& device = rooms.devices->of(e.device);
  s.rules.add_if(RuleId::kL13, l13(is_invalidated(b.custody, e.device)));
  // A client whose window is open while the device runs has to wait for it, or to stop it.
  if (model::is_cpu_active(b.custody.custody())) s.owes = spec::Owes::kClient;
  AccessFacts f;
  f.reads = is_read(e);
  f.writes = !f.reads;
  f.snoops = device.snoops();
  // What is newer in another device's copy reaches nobody; a device behind a copy reads its own.
  for (const Mapping& m : b.mappings.copied())
    s.rules.add(broken_by(SlotFacts{f.reads, m.device == e.device, m.slot_old, m.slot_newer}));
  if (device.bounced) return;
  const lines::ByteRange range = range_of_access(b.custody.custody(), e);
  const bool hazard = b.belief.meets(access_of(rooms, e, false), range);
  f.memory_old = f.dirty = f.stale = hazard;
  f.spills = f.writes && spills_into_window(b.custody.custody(), device.line, range);
  s.rules.add(broken_by(f));
}

/// The access certainly happened. A device that allocates may leave what it writes in the cache.
void perform(Rooms& rooms, BufferState& b, const Event& e, Access access) {
  const bool allocates = access == Access::kCoherentWrite && rooms.devices->of(e.device).allocates;
  const Access hardest = allocates ? Access::kCoherentWriteDirty : access;
  if (allocates) b.evidence.written = true;
  const lines::ByteRange range = range_of_access(b.custody.custody(), e);
  const bool whole = is_whole(b.belief.size(), range);
  if (rooms.terms.header.exact_accesses) {
    rooms.accounts.require(b.account, model::hazards(access));
    if (!whole) Accounts::give_schedule_up(b.account, NotComputed::kPartialAccess);
  }
  if (whole) rooms.accounts.perform(b.account, hardest);
  else rooms.accounts.perform_partly(b.account, hardest);
  b.belief.perform(AccessSet().add(access).add(hardest), range);
  b.doubts.perform(hardest, whole);
}

}  // namespace

void walk_access(Rooms& rooms, BufferState& b, const Event& e) {
  // Where lines are told apart, the bytes themselves are.
  const bool part = b.belief.lines() == nullptr && is_part_of_a_line(e, rooms.terms.arch->line_bytes);
  const bool bounced = !is_by_cpu(e) && rooms.devices->of(e.device).bounced;
  const Access access = access_of(rooms, e, part);
  Suspicion s;
  s.device = e.device;
  s.line = e.at.line;
  s.bytes = e.range.length != 0 ? e.range.length : b.belief.size();
  if (l10(b.custody.release()) && !b.custody.is_complete())
    return b.doubts.note(JudgedReason::kUnjudgedRefusal), rooms.judge.count_unjudged();
  if (l10(b.custody.release())) {
    s.rules.add(RuleId::kL10);
    return report_audible(rooms, b, e, b.custody.calls().around(e), s);
  }
  if (is_by_cpu(e)) judge_cpu_access(rooms, b, e, part, s);
  else judge_device_access(rooms, b, e, s);
  b.evidence.hush(s.rules);
  report_audible(rooms, b, e, b.custody.calls().around(e), s);
  AccessSet looked;
  if (!bounced) looked.add(access);
  rooms.accounts.look(b.account, b.belief, looked, settlement_of(s.rules));
  settle(b, s.rules, range_of_access(b.custody.custody(), e));
  if (s.rules.has(RuleId::kM6)) b.mappings.settle();
  if (!bounced) perform(rooms, b, e, access);
  if (e.kind == EventKind::kCpuWrite) b.evidence.written = true;
  const bool whole = is_whole(b.belief.size(), range_of_access(b.custody.custody(), e));
  if (!is_read(e)) b.mappings.written_by_device(e.device, whole, *rooms.devices);
  if (e.kind == EventKind::kDeviceWrite) b.evidence.device_ran_in_window = model::is_cpu_active(b.custody.custody());
}

void walk_fence(Rooms& rooms, BufferState& b, const Event& e) {
  b.agents.stale = true;
  if (e.kind == EventKind::kFenceSignaled) return signal_fence(b.custody, e.device);
  const bool ran = has_job(b.custody, e.device);
  add_fence(b.custody, e.device, e.ret == 1);
  if (!ran) join_by_fence(rooms, b, e);
}

void walk_alias(Rooms& rooms, BufferState& b, const Event& e) {
  if (!b.custody.is_complete() || b.custody.release().done || !m7(b.custody.custody().kernel.users != 0)) return;
  Suspicion s;
  s.rules.add(RuleId::kM7);
  s.line = e.at.line;
  rooms.judge.report(s, circumstances(b, e, b.custody.calls().around(e)));
}

void walk_bounce(Rooms& rooms, BufferState& b, const Event& e) {
  rooms.accounts.count_copy(e.range.length != 0 ? e.range.length : b.belief.size());
  b.mappings.copied_by_device(e.device, e.kind == EventKind::kBounceIn, *rooms.devices);
  if (e.kind != EventKind::kBounceOut) return rooms.accounts.copy_out_of_buffer(b.account, b.agents.now.contract);
  b.belief.copy_in(true, false);
  b.evidence.written = true;
  rooms.accounts.copy_into_buffer(b.account, true);
}

void walk_reference(Rooms& rooms, BufferState& b, const Event& e) {
  if (!b.custody.is_complete() || !l10(b.custody.release())) return;
  Suspicion s;
  s.rules.add(RuleId::kL10);
  s.line = e.at.line;
  rooms.judge.report(s, circumstances(b, e, nullptr));
}

}  // namespace custody::checker::replay
