// SPDX-License-Identifier: BSD-2-Clause
// Who may access a buffer now, and what an agent that becomes active would read or lose.
#include "checker/replay/engine.hpp"

namespace custody::checker {

using model::Access;
using model::AccessSet;
using model::Belief;
using spec::RuleId;

namespace {

constexpr std::uint8_t bit(Assumption a) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(a)); }

/// The states in which one of the accesses is a hazard.
Belief hazards_of(AccessSet accesses) {
  Belief all;
  for (unsigned a = 0; a < model::kAccesses; ++a)
    if (accesses.has(static_cast<Access>(a))) all = all | model::hazards(static_cast<Access>(a));
  return all;
}

AccessSet writes_of(AccessSet accesses) {
  AccessSet writes;
  for (const Access a : {Access::kDeviceWrite, Access::kCoherentWrite})
    if (accesses.has(a)) writes.add(a);
  return writes;
}

}  // namespace

AccessSet Engine::accesses_of(const AttachmentState& a, bool likely_snoops) {
  const DeviceState& device = devices_->of(a.device);
  AccessSet set;
  if (device.bounced) return set;  // it touches its slot, never the buffer
  const bool snoops = device.coherence == Coherence::kYes || (likely_snoops && device.snoops());
  if (a.may_read()) set.add(snoops ? Access::kCoherentRead : Access::kDeviceRead);
  if (a.may_write() && !device.reads_only) set.add(snoops ? Access::kCoherentWrite : Access::kDeviceWrite);
  return set;
}

std::uint8_t Engine::assumptions_of(const AttachmentState& a) {
  std::uint8_t bits = 0;
  if (devices_->of(a.device).coherence == Coherence::kUnknown) bits |= bit(Assumption::kDeviceNotCoherent);
  if (a.mapped_by_core && a.maps[0] > 0) bits |= bit(Assumption::kBidirectionalHabit);
  return bits;
}

void Engine::refresh_agents(BufferState& b) {
  b.agents_stale = false;
  AccessSet contract;
  AccessSet pessimistic;
  AccessSet worst;
  AccessSet whole;
  if (!header_.exact_accesses) {
    const bool suspended = b.devices_suspended();
    bool abandoned = false;
    AccessSet windows;
    for (const Window& w : b.windows) {
      abandoned = abandoned || w.abandoned;
      if (w.closing) continue;
      if (model::device_may_write(w.dir)) windows.add(Access::kCpuRead);
      if (model::device_may_read(w.dir)) windows.add(Access::kCpuWrite);
    }
    for (const AttachmentState& a : b.attachments) {
      const AccessSet set = accesses_of(a);
      if (!suspended) contract.add(set);
      if (suspended && a.write_fence) contract.add(writes_of(set));
      if (!suspended) pessimistic.add(accesses_of(a, false));
      if (suspended && a.write_fence) pessimistic.add(writes_of(accesses_of(a, false)));
      if (abandoned) worst.add(accesses_of(a, false));
    }
    const bool mapped_by_cpu = b.cpu_was_mapped || b.world.get(model::at(model::kFields, "kernel_mappings")) > 0;
    if (header_.trust_mappings && mapped_by_cpu && b.calls.empty())
      contract.add(Access::kCpuRead).add(Access::kCpuWrite);
    whole = contract;
    contract.add(windows);
    worst.add(contract).add(pessimistic);
    pessimistic.add(contract);
    if (mapped_by_cpu) worst.add(Access::kCpuRead).add(Access::kCpuWrite);
    if (worst.has(Access::kCpuWrite)) worst.add(Access::kCpuWritePart);
    if (worst.has(Access::kCoherentWrite)) worst.add(Access::kCoherentWriteDirty);
    if (b.own_device) worst.add(Access::kDeviceWrite).add(Access::kCoherentWriteDirty);
  }
  b.contract_agents = contract;
  b.if_not_coherent_agents = pessimistic;
  b.worst_agents = worst;
  b.whole_buffer_agents = whole;
}

void Engine::advance(BufferState& b) {
  if (b.agents_stale) refresh_agents(b);
  if (b.lines) advance_lines(b);
  else b.contract = model::advance(b.contract, b.contract_agents);
  if (b.forked) b.if_not_coherent = model::advance(b.if_not_coherent, b.if_not_coherent_agents);
  b.worst = b.complete ? model::advance(b.worst, b.worst_agents) : model::start::kAnything;
  advance_hindsight(b);
}

void Engine::mark_slots(BufferState& b, const AttachmentState* writer) {
  for (MappingState& m : b.mappings) {
    if (!devices_->of(m.device).bounced) continue;
    if (writer != nullptr && m.attachment == writer->id) m.slot_newer = true;
    else m.slot_old = true;
  }
}

void Engine::judge_devices(BufferState& b, const Event& e, OpenCall& call, AttachmentState* first, std::size_t count) {
  Suspicion s;
  AccessSet looked;
  bool certain = false;
  for (AttachmentState* a = first; a != first + count; ++a) {
    if (!a->is_mapped()) continue;
    const AccessSet accesses = accesses_of(*a);
    RuleSet rules;
    if (devices_->of(a->device).coherence != Coherence::kLikely) looked.add(accesses);
    if (accesses.has(Access::kDeviceRead) && meets(b, Access::kDeviceRead)) rules.add(RuleId::kM1);
    if (accesses.has(Access::kDeviceWrite) && meets(b, Access::kDeviceWrite)) rules.add(RuleId::kM2);
    const bool surely = devices_->of(a->device).coherence == Coherence::kYes;
    if (surely && accesses.has(Access::kCoherentRead) && meets(b, Access::kCoherentRead)) rules.add(RuleId::kM3);
    for (const MappingState& m : b.mappings) {
      const bool own = m.attachment == a->id;
      if (a->may_read() && devices_->of(m.device).bounced && (own ? m.slot_old : m.slot_newer)) rules.add(RuleId::kM6);
    }
    hold_for_likely(b, e, call, *a);
    if (rules.empty()) continue;
    if (s.device == traces::kNoId) s.device = a->device;
    const std::uint8_t assumes = assumptions_of(*a);
    certain = certain || assumes == 0;
    s.assumes |= assumes;
    s.rules.bits |= rules.bits;
  }
  schedules_.require(b.schedule, hazards_of(looked));
  look(b, looked, s.rules);
  if (s.rules.empty()) return;
  if (certain) s.assumes = 0;
  const bool stale = s.rules.has(RuleId::kM3);
  const bool dirty = s.rules.has(RuleId::kM1) || s.rules.has(RuleId::kM2);
  if ((dirty && call.partly_cleaned) || (stale && call.partly_invalidated)) s.rules.add(RuleId::kM5);
  if (call.issued && ((dirty && !call.cleaned) || (stale && !call.invalidated))) s.rules.add(RuleId::kM8);
  s.line = call.line;
  s.bytes = b.size;
  report_audible(b, e, call, s);
  settle(b, s.rules);
  for (MappingState& m : b.mappings) m.slot_old = m.slot_newer = false;
}

void Engine::settle(BufferState& b, const RuleSet& rules, ByteRange range) {
  if (b.lines && !rules.empty()) {
    b.lines->settle(settlement_of(rules), range);
    b.contract = b.lines->joined();
  } else {
    b.contract = settled(b.contract, settlement_of(rules));
  }
  if (!rules.empty()) b.forked = false;
}

void Engine::hold_for_likely(BufferState& b, const Event& e, const OpenCall& call, const AttachmentState& a) {
  if (devices_->of(a.device).coherence != Coherence::kLikely || is_silent(b)) return;
  Suspicion s;
  s.device = a.device;
  s.line = call.line;
  s.bytes = b.size;
  if (a.may_read() && meets(b, Access::kCoherentRead)) {
    s.rules.add(RuleId::kM3);
    hold(b, e, &call, s, true);
  }
  s.rules = {};
  if (a.may_read() && meets(b, Access::kDeviceRead)) s.rules.add(RuleId::kM1);
  if (a.may_write() && meets(b, Access::kDeviceWrite)) s.rules.add(RuleId::kM2);
  if (s.rules.empty()) return;
  s.assumes = bit(Assumption::kDeviceNotCoherent);
  hold(b, e, &call, s, false);
}

void Engine::activate_device(BufferState& b, const Event& e, OpenCall& call, AttachmentState& a) {
  if (header_.exact_accesses) return;
  judge_devices(b, e, call, &a, 1);
  const DeviceState& device = devices_->of(a.device);
  if (!a.may_write() || device.reads_only) return;
  mark_slots(b, &a);
  if (device.bounced) return;
  const std::uint8_t assumes = assumptions_of(a);
  if (assumes == 0) b.stale_for_sure = true;
  else b.stale_assumes |= assumes;
}

void Engine::activate_all_devices(BufferState& b, const Event& e, OpenCall& call) {
  if (header_.exact_accesses || b.devices_suspended()) return;
  judge_devices(b, e, call, b.attachments.data(), b.attachments.size());
  for (AttachmentState& a : b.attachments) {
    if (!a.may_write() || devices_->of(a.device).reads_only) continue;
    mark_slots(b, &a);
    if (assumptions_of(a) == 0) b.stale_for_sure = true;
    else b.stale_assumes |= assumptions_of(a);
  }
}

void Engine::activate_cpu(BufferState& b, const Event& e, OpenCall& call, model::Direction dir) {
  if (header_.exact_accesses) return;
  if (model::device_may_read(dir) && b.lines && meets(b, Access::kCpuWrite, call.range)) {
    Suspicion s;
    s.rules.add(RuleId::kM9);
    s.line = call.line;
    s.bytes = call.range.length != 0 ? call.range.length : b.size;
    report_audible(b, e, call, s);
    settle(b, s.rules, call.range);
  }
  if (model::device_may_write(dir)) {
    const bool stale = meets(b, Access::kCpuRead, call.range);
    Suspicion s;
    bool fenced = false;
    for (const AttachmentState& a : b.attachments) fenced = fenced || (a.write_fence && a.may_write());
    if (stale && !call.invalidated_early) s.rules.add(RuleId::kM3);
    if (stale && (fenced || call.invalidated_early)) s.rules.add(RuleId::kM4);
    if (stale && call.partly_invalidated) s.rules.add(RuleId::kM5);
    if (stale && call.issued && !call.invalidated) s.rules.add(RuleId::kM8);
    for (const MappingState& m : b.mappings)
      if (m.slot_newer && devices_->of(m.device).bounced) {
        s.rules.add(RuleId::kM6);
        s.device = m.device;
      }
    schedules_.require(b.schedule, model::kStaleThroughCache);
    look(b, AccessSet().add(Access::kCpuRead), s.rules);
    if (!s.rules.empty()) {
      s.line = call.line;
      s.bytes = call.range.length != 0 ? call.range.length : b.size;
      s.assumes = b.stale_for_sure ? std::uint8_t{0} : b.stale_assumes;
      report_audible(b, e, call, s);
      settle(b, s.rules, call.range);
      for (MappingState& m : b.mappings) m.slot_newer = false;
    }
  }
  if (model::device_may_read(dir)) mark_slots(b, nullptr);
}

}  // namespace custody::checker
