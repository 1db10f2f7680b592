// SPDX-License-Identifier: BSD-2-Clause
// The agents that are active now, and what their accesses do to the belief and to the accounts.
#include "checker/replay/advance.hpp"

#include "checker/replay/cpu_window.hpp"
#include "checker/replay/hand_over.hpp"
#include "checker/replay/importer_kinds.hpp"
#include "checker/replay/verdict.hpp"

namespace custody::checker::replay {

using traces::Event;

namespace {

/// Its lines can be in different states.
bool is_followed(const BufferState& b) { return b.evidence.cache == CacheKind::kCached && !b.custody.release().done; }

/// Whoever may write from the latest event on, and might not before, is what a finding is told by.
void note_writers(Rooms& rooms, BufferState& b, model::AccessSet before) {
  const model::AccessSet now = b.agents.now.contract;
  if (now.has(model::Access::kCpuWrite) && !before.has(model::Access::kCpuWrite)) b.history.note_cpu_writer();
  if (writes_of(now).bits == 0 || writes_of(before).bits != 0) return;
  for (const std::size_t i : told_apart(b.custody, *rooms.devices)) {
    const Importer importer = b.custody.importer(i);
    const DeviceState& device = rooms.devices->of(importer.device());
    if (!device.bounced && may_write(importer, device)) return b.history.note_device_writer(importer.device());
  }
}

}  // namespace

void tell_lines_apart(Rooms& rooms, BufferState& b, const Event& e) {
  const bool placed = e.range.length != 0 || e.range.offset != 0 || e.maintenance.known;
  if (!placed || !is_followed(b) || b.belief.lines() != nullptr || !concerns_a_part(b.belief.size(), e)) return;
  rooms.accounts.stop_hindsight(b.account);
  b.belief.tell_lines_apart(rooms.terms.cache_lines);
}

void advance_beside_late(Rooms& rooms, BufferState& b) {
  const traces::Header& header = rooms.terms.header;
  const Agents others = agents_now(rooms, b, b.late->step.importer);
  b.belief.advance(others, header.exact_accesses ? nullptr : &b.custody.custody(), b.custody.is_complete());
  if (is_followed(b))
    rooms.accounts.advance(b.account, b.belief, others.contract, b.evidence.client_broke_rules, !b.told.mixed.empty());
}

void advance(Rooms& rooms, BufferState& b, const Event& e) {
  tell_lines_apart(rooms, b, e);
  const traces::Header& header = rooms.terms.header;
  const Agents& agents = b.agents.now;
  if (b.agents.stale || b.agents.known != rooms.devices_settled) {
    const model::AccessSet before = agents.contract;
    b.agents.now = agents_now(rooms, b);
    note_writers(rooms, b, before);
    if (agents.devices) judge_mixed(rooms, b, e, nullptr);
  }
  b.agents.stale = false;
  b.agents.known = rooms.devices_settled;
  b.belief.advance(agents, header.exact_accesses ? nullptr : &b.custody.custody(), b.custody.is_complete());
  if (b.belief.lines() != nullptr && b.belief.lines()->forgot()) b.doubts.note(JudgedReason::kManyLines);
  if (b.belief.keeps_settling()) settle_beside_jobs(b);
  if (!b.doubts.is_history_seen()) advance_doubts(b);
  if (rooms.devices->has_bounced()) advance_slots(rooms, b);
  const bool copies = agents.devices && b.mappings.have_copies();
  if (is_followed(b) && (copies || b.belief.contract().intersects(agents.hazards))) watch_active(rooms, b, e);
  // What is lost from here on is more than the zeroes of fresh memory.
  if (agents.contract.has(model::Access::kCpuWrite) || agents.contract.has(model::Access::kCoherentWriteDirty))
    b.evidence.written = true;
  if (is_followed(b))
    rooms.accounts.advance(b.account, b.belief, agents.contract, b.evidence.client_broke_rules, !b.told.mixed.empty());
}

}  // namespace custody::checker::replay
