// SPDX-License-Identifier: BSD-2-Clause
// Holds what a trace shows against what it must have shown before.
#include "checker/replay/missing_records.hpp"

#include "checker/replay/maintenance.hpp"
#include "checker/replay/verdict.hpp"

namespace custody::checker::replay {

using model::Operation;
using traces::Event;
using traces::EventKind;
using traces::kNoId;
using traces::Phase;

namespace {

bool is_return_without_entry(BufferState& b, const Event& e) {
  return e.phase == Phase::kReturn && e.call != kNoId && !b.custody.calls().is_open(e);
}

/// A log that says what nests in what: this is inside nothing.
bool follows_call_without_return(BufferState& b, const Event& e) {
  const bool is_access = e.kind >= EventKind::kCpuRead && e.kind <= EventKind::kDeviceWrite;
  if (e.phase == Phase::kReturn || (e.call == kNoId && !is_access) || e.in != kNoId) return false;
  const OpenCall* before = b.custody.calls().around(e);
  return before != nullptr && before->entry.call != kNoId;
}

/// What is nested may be told later than it happened, where its operations come first.
bool steps_back(BufferState& b, const Event& e) {
  return e.at.ts >= 0 && !is_nested_kind(e.kind) && b.history.steps_back(e);
}

bool ends_unseen_window(const Rooms& rooms, const Event& e) {
  return e.kind == EventKind::kEndCpuAccess && !is_shown(rooms, EventKind::kBeginCpuAccess);
}

bool is_of_unseen_attachment(const Rooms& rooms, const Event& e) {
  const auto& known = rooms.judge.directory().attachments;
  return rooms.terms.header.by_probes && names_importer(e.kind) && e.attachment < known.size() &&
         !known[e.attachment].attach_seen;
}

}  // namespace

void find_missing_records(Rooms& rooms, BufferState& b, const Event& e) {
  if (steps_back(b, e)) lose(rooms, b, JudgedReason::kMissingRecord);
  if (!b.custody.is_complete() || b.custody.release().done || is_nested_kind(e.kind)) return;
  if (is_core_call(e.kind) && (is_return_without_entry(b, e) || is_of_unseen_attachment(rooms, e)))
    return lose(rooms, b, JudgedReason::kMissingRecord);
  if (ends_unseen_window(rooms, e)) return lose(rooms, b, JudgedReason::kUnjudgedRefusal);
  if (follows_call_without_return(b, e)) lose(rooms, b, JudgedReason::kCallNeverReturned);
}

bool lacks_operation(Rooms& rooms, const Event& e) {
  if (!e.maintenance.known || !rooms.terms.header.observes_cache_ops || e.skips_sync()) return false;
  if (e.maintenance.kind != Operation::kNone || e.maintenance.stated_none) return false;
  const DeviceState& device = rooms.devices->of(e.device);
  return device.coherence == Coherence::kNo && !device.bounced &&
         due_operation(*rooms.terms.arch, e) != Operation::kNone;
}

bool rests_on_missing_probe(const Rooms& rooms, EventKind refused, const RuleSet& rules) {
  if (rules.has(spec::RuleId::kL7) && refused != EventKind::kEndCpuAccess)
    return !is_shown(rooms, EventKind::kEndCpuAccess);
  if (!rules.has(spec::RuleId::kL6)) return false;
  return (refused == EventKind::kRelease && !is_shown(rooms, EventKind::kDetach)) ||
         (refused == EventKind::kDetach && !is_shown(rooms, EventKind::kUnmap));
}

bool may_be_closed_unseen(const Rooms& rooms, BufferState& b) {
  return !b.custody.custody().windows.empty() && !is_shown(rooms, EventKind::kEndCpuAccess);
}

bool hides_sync_of_map(const Rooms& rooms) {
  return !is_shown(rooms, EventKind::kDmaMap) && !is_shown(rooms, EventKind::kCacheOperation);
}

bool is_shown(const Rooms& rooms, EventKind kind) {
  return !rooms.terms.header.by_probes || rooms.summary.coverage.inventory.of(kind) != 0;
}

bool rests_on_one_record(const Rooms& rooms, EventKind refused) {
  return rooms.terms.header.by_probes && refused == EventKind::kRelease;
}

void note_call_without_return(Rooms& rooms, BufferState& b, EventKind kind, bool shows_others) {
  b.doubts.note(JudgedReason::kCallNeverReturned);
  bool lacks_all = false;
  b.custody.calls().each(kind, [&](const OpenCall& call) {
    const std::uint32_t attachment = call.entry.attachment;
    if (call.entry.task == kNoId) return;
    lacks_all = lacks_all || (shows_others && is_window_call(kind) && !call.done.issued);
    if (attachment == kNoId) return;
    if (kind == EventKind::kMap && !has_call(b.mappings, call.entry.call)) b.custody.records().distrust(attachment);
    if (kind == EventKind::kUnmap) b.mappings.distrust(attachment);
  });
  if (lacks_all && !b.custody.release().done) lose(rooms, b, JudgedReason::kCallNeverReturned);
}

void note_operation_without_call(const Rooms& rooms, BufferState& b, const OpenCall* call) {
  if (!rooms.terms.header.by_probes) return;
  if (b.evidence.syncs_by_sg) b.doubts.note(JudgedReason::kMissingRecord);
  if (call == nullptr) return;
  const std::uint32_t attachment = call->entry.attachment;
  if (call->entry.kind == EventKind::kMap) b.custody.records().distrust(attachment);
  if (call->entry.kind == EventKind::kUnmap) b.mappings.distrust(attachment);
}

void distrust_calls_of(Rooms& rooms, std::uint32_t device) {
  for (const std::uint32_t id : rooms.of_device.take(device)) {
    BufferState& b = rooms.buffers[id];
    if (!b.exists || b.custody.release().done) continue;
    if (!b.doubts.has_device(device)) continue;
    lose(rooms, b, JudgedReason::kMissingRecord);
  }
}

}  // namespace custody::checker::replay
