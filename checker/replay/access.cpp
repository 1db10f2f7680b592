// SPDX-License-Identifier: BSD-2-Clause
// Accesses that the trace really knows, fences, alias maintenance, bounce copies, references.
#include <algorithm>

#include "checker/replay/engine.hpp"

namespace custody::checker {

using model::Access;
using model::AccessSet;
using model::at;
using model::kFields;
using spec::RuleId;
using traces::EventKind;
using traces::kNoId;

void Engine::judge_cpu_access(BufferState& b, const Event& e, Suspicion& s, bool part) {
  const ByteRange range = range_of_access(b, e);
  const bool reads = e.kind == EventKind::kCpuRead;
  const bool inside = std::any_of(b.windows.begin(), b.windows.end(), [&](const Window& w) {
    return !w.closing && is_inside(b, w, range) &&
           (reads ? model::device_may_write(w.dir) : model::device_may_read(w.dir));
  });
  s.client_owes = !inside;
  if (!inside && !header_.trust_mappings && b.complete) {
    s.rules.add(RuleId::kL8);
    b.client_broke_rules = true;
  }
  if (!reads && !part && !b.lines) return;
  const Access write = b.lines ? Access::kCpuWrite : Access::kCpuWritePart;
  if (meets(b, reads ? Access::kCpuRead : write, range)) s.rules.add(reads ? RuleId::kM3 : RuleId::kM9);
  if (s.rules.has(RuleId::kM3) && b.ineffective_sync) s.rules.add(RuleId::kM8);
  if (reads)
    for (const MappingState& m : b.mappings)
      if (m.slot_newer) s.rules.add(RuleId::kM6);
}

void Engine::judge_device_access(BufferState& b, const Event& e, Suspicion& s) {
  const DeviceState& device = devices_->of(e.device);
  const bool reads = e.kind == EventKind::kDeviceRead;
  for (const AttachmentState& a : b.attachments)
    if (a.device == e.device && a.lifetime.get(at(kFields, "own_invalidated")) != 0) s.rules.add(RuleId::kL13);
  // What is newer in another device's copy reaches nobody; a device behind a copy reads its own.
  for (const MappingState& m : b.mappings)
    if (reads && (m.device == e.device ? m.slot_old : m.slot_newer)) s.rules.add(RuleId::kM6);
  if (device.bounced) return;
  const ByteRange range = range_of_access(b, e);
  const RuleId rule = !reads ? RuleId::kM2 : device.snoops() ? RuleId::kM3 : RuleId::kM1;
  if (meets(b, access_of(e, false), range)) s.rules.add(rule);
  if (!reads && spills_into_window(b, device, range)) s.rules.add(RuleId::kM2);
}

Access Engine::access_of(const Event& e, bool part) {
  const bool snoops = e.device != kNoId && devices_->of(e.device).snoops();
  switch (e.kind) {
    case EventKind::kCpuRead: return Access::kCpuRead;
    case EventKind::kCpuWrite: return part ? Access::kCpuWritePart : Access::kCpuWrite;
    case EventKind::kDeviceRead: return snoops ? Access::kCoherentRead : Access::kDeviceRead;
    default: return snoops ? Access::kCoherentWrite : Access::kDeviceWrite;
  }
}

void Engine::on_access(BufferState& b, const Event& e) {
  const bool by_cpu = e.kind == EventKind::kCpuRead || e.kind == EventKind::kCpuWrite;
  const bool part = e.length != 0 && (e.offset % arch_->line_bytes != 0 || e.length % arch_->line_bytes != 0);
  const bool bounced = !by_cpu && devices_->of(e.device).bounced;
  const Access access = access_of(e, part);
  Suspicion s;
  s.device = e.device;
  s.line = e.line;
  s.bytes = e.length != 0 ? e.length : b.size;
  if (by_cpu) judge_cpu_access(b, e, s, part);
  else judge_device_access(b, e, s);
  if (b.released) s.rules.add(RuleId::kL10);
  hush(b, s.rules);
  const OpenCall* call = call_around(b, e);
  if (!s.rules.empty()) report(b, e, call, s);
  AccessSet looked;
  if (!bounced) looked.add(access);
  look(b, looked, s.rules);
  const ByteRange range = range_of_access(b, e);
  settle(b, s.rules, range);
  if (s.rules.has(RuleId::kM6))
    for (MappingState& m : b.mappings) m.slot_old = m.slot_newer = false;
  if (!bounced) {
    if (header_.exact_accesses) schedules_.require(b.schedule, model::hazards(access));
    const bool whole = is_whole(b, range);
    if (!whole && header_.exact_accesses) b.schedule.infeasible = true;
    if (!whole) schedules_.pass(b.schedule, AccessSet().add(access));
    else schedules_.perform(b.schedule, access);
    perform(b, access, range);
    perform_in_hindsight(b, access);
  }
  if (e.kind == EventKind::kCpuWrite || e.kind == EventKind::kDeviceWrite) {
    for (MappingState& m : b.mappings) {
      if (!devices_->of(m.device).bounced) continue;
      (m.device == e.device ? m.slot_newer : m.slot_old) = true;
    }
  }
}

void Engine::on_fence(BufferState& b, const Event& e) {
  for (AttachmentState& a : b.attachments) {
    if (a.device != e.device) continue;
    a.write_fence = e.kind == EventKind::kFence && e.ret == 1;
  }
  b.agents_stale = true;
}

void Engine::on_alias(BufferState& b, const Event& e) {
  if (!b.complete || b.world.get(at(kFields, "kernel_mappings")) > 0) return;
  Suspicion s;
  s.rules.add(RuleId::kM7);
  s.line = e.line;
  report(b, e, call_around(b, e), s);
}

void Engine::on_bounce(BufferState& b, const Event& e) {
  summary_.maintenance.copy_bytes += e.length != 0 ? e.length : b.size;
  for (MappingState& m : b.mappings) {
    if (m.device != e.device) continue;
    devices_->of(m.device).bounced = true;
    (e.kind == EventKind::kBounceIn ? m.slot_old : m.slot_newer) = false;
  }
  if (e.kind != EventKind::kBounceOut) return;
  const model::Belief worst = b.worst;
  perform(b, Access::kCpuWrite, {});
  b.worst = worst | b.contract;
  schedules_.perform(b.schedule, Access::kCpuWrite);
  perform_in_hindsight(b, Access::kCpuWrite);
}

void Engine::on_reference(BufferState& b, const Event& e) {
  if (!b.released || !b.complete) return;
  Suspicion s;
  s.rules.add(RuleId::kL10);
  s.line = e.line;
  report(b, e, nullptr, s);
}

}  // namespace custody::checker
