// SPDX-License-Identifier: BSD-2-Clause
// Judges what an agent that becomes active would read or lose.
#include "checker/replay/hand_over.hpp"

#include "checker/replay/access_facts.hpp"
#include "checker/replay/cpu_window.hpp"
#include "checker/replay/importer_kinds.hpp"
#include "checker/replay/missing_records.hpp"

namespace custody::checker::replay {

using model::Access;
using model::AccessSet;
using spec::RuleId;
using traces::Event;
using traces::EventKind;
using traces::Phase;

namespace {

/// Of a device that is only likely to snoop: keeps what holds if it does, and what holds if it does not.
void hold_for_likely(Rooms& rooms, BufferState& b, const Event& e, const OpenCall& call, const Importer& importer) {
  if (b.evidence.is_silent()) return;
  for (const bool snoops : {true, false}) {
    Suspicion s;
    s.device = importer.device();
    s.line = call.entry.line;
    s.bytes = b.belief.size();
    s.rules = broken_by(facts_of(b, importer.may_read(), importer.may_write(), snoops, {}));
    s.assumes = snoops ? std::uint8_t{0} : bit_of(Assumption::kDeviceNotCoherent);
    if (!s.rules.empty()) rooms.held.hold(Judge::finding(s, circumstances(b, e, &call)), snoops);
  }
}

RuleSet judge_importer(Rooms& rooms, BufferState& b, const Event& e, const OpenCall& call, std::size_t place) {
  const Importer importer = b.custody.importer(place);
  const Excused excused = excused_of(rooms, b, place);
  const DeviceState& device = rooms.devices->of(importer.device());
  RuleSet rules;
  for (const Mapping& m : b.mappings.copied()) {
    const bool own = m.attachment == importer.id();
    const bool taken = importer.may_read() && !excused.copies && (m.given || !own);
    rules.add(broken_by(SlotFacts{taken, own, m.slot_old, m.slot_newer}));
  }
  if (device.coherence == Coherence::kLikely) {
    hold_for_likely(rooms, b, e, call, importer);
  } else if (!device.bounced) {
    rules.add(broken_by(facts_of(rooms, b, importer, excused)));
  }
  return rules;
}

/// What these importers would read or lose.
Suspicion suspect_importers(Rooms& rooms, BufferState& b, const Event& e, const OpenCall& call, Places places) {
  Suspicion s;
  s.line = call.entry.line;
  s.bytes = b.belief.size();
  AccessSet looked;
  bool certain = false;
  for (const std::size_t i : places) {
    const Importer importer = b.custody.importer(i);
    if (!importer.is_mapped()) continue;
    const DeviceState& device = rooms.devices->of(importer.device());
    if (device.coherence != Coherence::kLikely) looked.add(accesses_of(importer, device));
    const RuleSet rules = judge_importer(rooms, b, e, call, i);
    if (rules.empty()) continue;
    if (s.device == traces::kNoId) s.device = importer.device();
    if (rules.has(RuleId::kM6)) b.told.watched.tell(importer.device(), static_cast<std::uint32_t>(RuleId::kM6));
    const std::uint8_t assumes = assumptions_of(importer, device);
    certain = certain || assumes == 0;
    s.assumes |= assumes;
    s.rules.add(rules);
  }
  rooms.accounts.require(b.account, hazards_of(looked));
  rooms.accounts.look(b.account, b.belief, looked, settlement_of(s.rules));
  if (certain) s.assumes = 0;
  return s;
}

void judge_importers(Rooms& rooms, BufferState& b, const Event& e, const OpenCall& call, Places places) {
  Suspicion s = suspect_importers(rooms, b, e, call, places);
  if (s.rules.empty()) return;
  s.rules.add(broken_by(came_out_wrong(s.rules, call.done)));
  report_audible(rooms, b, e, &call, s);
  settle(b, s.rules);
  b.mappings.settle();
}

/// What the importers may write from here on makes lines and slots old.
void note_writers(Rooms& rooms, BufferState& b, const CallStep& step, Places places) {
  for (const std::size_t i : places) {
    const Importer importer = b.custody.importer(i);
    const DeviceState device = rooms.devices->of(importer.device());
    if (!may_write(importer, device)) continue;
    if (may_write_slots(b, importer, device)) b.mappings.written_by(importer.id(), *rooms.devices);
    // What a bounced device writes goes to its slot: its map does not make lines stale.
    if (step.to == HandedTo::kAllImporters || !device.bounced) b.evidence.note_writer(assumptions_of(importer, device));
  }
}

/// The importers may access from here on.
void activate(Rooms& rooms, BufferState& b, const Event& e, const CallStep& step, Places places) {
  judge_mixed(rooms, b, e, &step.call, step.to == HandedTo::kImporter ? step.importer : model::kNobody);
  judge_importers(rooms, b, e, step.call, places);
  note_writers(rooms, b, step, places);
}

/// The importer whose map found lines that it would miss, or that can be written over what it writes, may sync for
/// itself: its next call tells.
bool hand_over_late(Rooms& rooms, BufferState& b, const Event& e, const CallStep& step) {
  const Importer importer = b.custody.importer(step.importer);
  const DeviceState& device = rooms.devices->of(importer.device());
  if (b.evidence.is_silent() || device.bounced || device.coherence == Coherence::kLikely) return false;
  const AccessFacts f = facts_of(rooms, b, importer, excused_of(rooms, b, step.importer));
  if (!m1(f) && !m2(f)) return false;
  b.late = std::make_unique<LateHandOver>(LateHandOver{step, e, b.history});
  return true;
}

/// The tables refuse the call, or it is an unmap in another direction.
void judge_refusal(Rooms& rooms, BufferState& b, const Event& e, const CallStep& step) {
  const auto tell = [&](const RuleSet& rules, const model::Row* refusal) {
    Suspicion s;
    s.rules = rules;
    s.line = step.call.entry.line;
    s.device = step.device;
    s.refusal = {refusal, step.owner};
    if (step.call.entry.kind == EventKind::kMoveNotify) s.owes = spec::Owes::kExporter;
    if (rests_on_one_record(rooms, e.kind) && rules.has(RuleId::kL6)) s.assumes |= bit_of(Assumption::kDetachRecorded);
    rooms.judge.report(s, circumstances(b, e, &step.call));
  };
  RuleSet rules;
  rules.add_if(RuleId::kL3, l3({true, !step.other_direction}));
  if (step.judgeable && !rules.empty()) tell(rules, nullptr);
  if (step.refusal == nullptr) return;
  rules = refused(*step.refusal);
  if (!step.judgeable || rests_on_missing_probe(rooms, e.kind, rules))
    return b.doubts.note(JudgedReason::kUnjudgedRefusal), rooms.judge.count_unjudged();
  if (rules.empty()) return;
  if (rules.has(RuleId::kL7) || rules.has(RuleId::kL8)) b.evidence.client_broke_rules = true;
  tell(rules, step.refusal);
}

/// A bounced device that has the buffer already: another one, behind a copy of its own, may have written since.
RuleSet judge_slots(Rooms& rooms, BufferState& b, std::size_t place) {
  const Importer importer = b.custody.importer(place);
  RuleSet rules;
  if (!importer.may_read() || excused_of(rooms, b, place).copies) return rules;
  for (const Mapping& m : b.mappings.copied())
    if (m.attachment == importer.id() && m.given) rules.add(broken_by(SlotFacts{true, true, m.slot_old, m.slot_newer}));
  return rules;
}

/// A device that has the buffer already, or the CPU through a mapping beside it: the hazards that came up since.
RuleSet judge_watched(Rooms& rooms, BufferState& b, std::size_t place) {
  const Importer importer = b.custody.importer(place);
  const DeviceState& device = rooms.devices->of(importer.device());
  if (!importer.is_mapped() || device.coherence == Coherence::kLikely) return {};
  // What the other of a pair wrote stays when that one goes.
  if (b.told.mixed.names(importer.device())) return {};
  if (device.bounced) return judge_slots(rooms, b, place);
  return broken_by(facts_of(rooms, b, importer, excused_of(rooms, b, place)));
}

/// Says what is new of it. Whoever uses a mapping while devices run is the one to stop.
void tell_watched(Rooms& rooms, BufferState& b, const Event& e, std::uint64_t line, std::uint32_t device,
                  const RuleSet& broken) {
  if (broken.empty()) return;
  Suspicion s;
  s.line = line;
  if (device == traces::kNoId) s.assumes = b.evidence.assumed_of_stale();
  for (const RuleId id : spec::kPrecedence)
    s.rules.add_if(id, broken.has(id) && b.told.watched.tell(device, static_cast<std::uint32_t>(id)));
  s.device = device;
  s.bytes = b.belief.size();
  if (!s.rules.has(RuleId::kM6)) s.owes = spec::Owes::kClient;
  report_audible(rooms, b, e, b.custody.calls().around(e), s);
}

/// What the CPU reads through a mapping while devices have the buffer.
RuleSet judge_mapped_reads(Rooms& rooms, BufferState& b, const Event& e, std::uint64_t line) {
  AccessFacts f;
  f.reads = f.snoops = true;
  f.stale = b.belief.meets(Access::kCpuRead);
  const RuleSet rules = broken_by(f);
  tell_watched(rooms, b, e, line, traces::kNoId, rules);
  return rules;
}

void advise_of_kernel_mapping(Rooms& rooms, BufferState& b, const Event& e, const CallStep& step) {
  if (!step.judgeable || b.windows.was_told() || !a1(step.advises, rooms.terms.header.exact_accesses)) return;
  Suspicion s;
  s.rules.add(RuleId::kA1);
  s.line = step.call.entry.line;
  rooms.judge.report(s, circumstances(b, e, &step.call));
}

/// The CPU may read through any mapping, and somebody became active: so may they be together.
void judge_trusted_reads(Rooms& rooms, BufferState& b, const Event& e, const CallStep& step) {
  const traces::Header& header = rooms.terms.header;
  if (!header.trust_mappings || header.exact_accesses || !b.custody.may_be_cpu_mapped()) return;
  const bool maps = e.ok() && (e.kind == EventKind::kMmap || e.kind == EventKind::kVmap);
  if ((step.to == HandedTo::kNobody && !maps) || b.late || !b.custody.calls().empty()) return;
  b.belief.advance(agents_now(rooms, b), &b.custody.custody(), b.custody.is_complete());
  settle(b, judge_mapped_reads(rooms, b, e, step.call.entry.line));
}

void walk(Rooms& rooms, BufferState& b, const Event& e, const CallStep& step) {
  if (step.refusal != nullptr || step.other_direction) judge_refusal(rooms, b, e, step);
  advise_of_kernel_mapping(rooms, b, e, step);
  if (step.to == HandedTo::kNobody || rooms.terms.header.exact_accesses) return;
  switch (step.to) {
    case HandedTo::kImporter:
      if (!hand_over_late(rooms, b, e, step)) activate(rooms, b, e, step, Places::only(step.importer));
      return;
    case HandedTo::kAllImporters: return activate(rooms, b, e, step, told_apart(b.custody, *rooms.devices));
    case HandedTo::kCpu: return open_window(rooms, b, e, step.call);
    case HandedTo::kNobody: break;
  }
}

void walk_return(Rooms& rooms, BufferState& b, const Event& e, const CallStep& step) {
  if (e.kind == EventKind::kMap && !e.ok())
    b.mappings.forget(step.call.entry.call, [&](std::uint32_t device) { rooms.devices->unlearn(device); });
  if (e.kind == EventKind::kMap && e.ok()) b.mappings.give(step.call.entry.attachment);
  walk(rooms, b, e, step);
  if (e.kind == EventKind::kMap && e.ok()) join_by_map(rooms, b, e, step.call);
  if (e.kind == EventKind::kDetach) b.mappings.outlive(step.call.entry.attachment);
  watch_windows(rooms, b, e);
  judge_trusted_reads(rooms, b, e, step);
}

/// It is a top-level call of the task that mapped, for its device.
bool is_own_sync(BufferState& b, const Event& e) {
  const CallStep& map = b.late->step;
  return e.kind == EventKind::kSyncForDevice && e.device == map.device && e.task == map.call.entry.task &&
         b.custody.calls().around(e) == nullptr;
}

}  // namespace

void advance_slots(Rooms& rooms, BufferState& b) {
  const bool many = b.mappings.all().are_many() || b.custody.custody().attachments.are_many();
  if (many && !b.mappings.gave_copies_up()) {
    b.mappings.give_copies_up();
    for (const Mapping& m : b.mappings.all())
      if (rooms.devices->of(m.device).bounced) note_many_copies(b);
  }
  if (!b.mappings.have_copies()) return;
  if (b.agents.now.cpu_writes) b.mappings.written_by(std::nullopt, *rooms.devices);
  for (const std::size_t i : told_apart(b.custody, *rooms.devices)) {
    const Importer importer = b.custody.importer(i);
    // A job that is not done writes on, whoever has the buffer.
    if (!b.agents.now.devices && !importer.evidence.fences.has_write()) continue;
    if (may_write_slots(b, importer, rooms.devices->of(importer.device())))
      b.mappings.written_by(importer.id(), *rooms.devices);
  }
}

void watch_active(Rooms& rooms, BufferState& b, const Event& e) {
  RuleSet all;
  for (const std::size_t i : told_apart(b.custody, *rooms.devices)) {
    const RuleSet rules = judge_watched(rooms, b, i);
    tell_watched(rooms, b, e, e.at.line, b.custody.importer(i).device(), rules);
    all.add(rules);
  }
  if (b.agents.now.whole_buffer.has(Access::kCpuRead)) all.add(judge_mapped_reads(rooms, b, e, e.at.line));
  settle(b, all);
  if (all.has(RuleId::kM6)) b.mappings.settle();
}

bool waits_for_own_sync(BufferState& b, const Event& e) { return b.late && is_own_sync(b, e); }

void activate_late(Rooms& rooms, BufferState& b) {
  const std::unique_ptr<LateHandOver> late = std::move(b.late);
  std::swap(b.history, late->history);
  activate(rooms, b, late->event, late->step, Places::only(late->step.importer));
  judge_trusted_reads(rooms, b, late->event, late->step);
  std::swap(b.history, late->history);
}

void walk_task_exit(Rooms& rooms, BufferState& b, const Event& exit) {
  if (!b.custody.abandon(exit.task, rooms.terms.lifetime)) return;
  b.agents.stale = true;
  Event e = exit;
  e.buffer = b.id;
  CallStep step;
  step.to = HandedTo::kAllImporters;
  step.call.entry.kind = e.kind;
  step.call.entry.line = e.at.line;
  step.call.entry.task = e.task;
  Suspicion s;
  s.line = e.at.line;
  const Places all = told_apart(b.custody, *rooms.devices);
  if (!rooms.terms.header.exact_accesses && model::who_may_access(b.custody.custody()).devices) {
    judge_mixed(rooms, b, e, nullptr);
    s = suspect_importers(rooms, b, e, step.call, all);
    settle(b, s.rules);
    if (!s.rules.empty()) b.mappings.settle();
    note_writers(rooms, b, step, all);
  }
  if (b.custody.is_complete()) {
    s.rules.add(RuleId::kL7);
    b.evidence.client_broke_rules = true;
  }
  s.owes = spec::Owes::kClient;
  report_audible(rooms, b, e, &step.call, s);
}

namespace {

/// A call that acts at its return was entered, and nobody waits for it.
bool changes_nobody(const Rooms& rooms, const Event& e) {
  return e.phase == Phase::kEnter && !is_window_call(e.kind) && model::acts_on_return(machine_event(e.kind)) &&
         !rooms.terms.header.trust_mappings;
}

}  // namespace

bool walk_core_call(Rooms& rooms, BufferState& b, const Event& e) {
  if (!changes_nobody(rooms, e)) b.agents.stale = true;
  const model::Lifetime& lifetime = rooms.terms.lifetime;
  if (e.phase == Phase::kReturn) {
    walk_return(rooms, b, e, b.custody.leave(e, lifetime));
    return false;
  }
  const CallStep entered = b.custody.enter(e, lifetime, rooms.judge.directory());
  walk(rooms, b, e, entered);
  if (e.phase == Phase::kWhole) walk_return(rooms, b, e, b.custody.end(e, lifetime, entered.call));
  return entered.released;
}

}  // namespace custody::checker::replay
