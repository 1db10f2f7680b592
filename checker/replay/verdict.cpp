// SPDX-License-Identifier: BSD-2-Clause
// From what is doubted of a buffer to what is said of it.
#include "checker/replay/verdict.hpp"

#include <algorithm>
#include <utility>

#include "checker/replay/missing_records.hpp"
#include "checker/replay/traced_syncs.hpp"
#include "model/escape.hpp"

namespace custody::checker::replay {

namespace {

constexpr std::uint32_t kDamage = bit_of(JudgedReason::kLostEvents) | bit_of(JudgedReason::kUnreadRecord) |
                                  bit_of(JudgedReason::kMissingRecord) | bit_of(JudgedReason::kCallNeverReturned);

/// More came together than is told apart: what was missing then was not looked for.
constexpr std::uint32_t kBeyondBounds = bit_of(JudgedReason::kManyCopies) | bit_of(JudgedReason::kManyLines);

void offer(Summary& summary, std::string option) {
  std::vector<std::string>& known = summary.coverage.settling;
  if (known.size() < kMostSettling && std::find(known.begin(), known.end(), option) == known.end())
    known.push_back(std::move(option));
}

/// An assumption that a device writes, or that a mapping is used, makes hazards and hides none: it is in no way of an
/// all-clear.
std::uint32_t assumptions_in(Rooms& rooms, std::uint32_t id, const BufferState& b, const traces::Directory* names) {
  if (b.evidence.cache != CacheKind::kCached || b.doubts.devices().empty()) return 0;
  std::uint32_t bits = b.evidence.assumed_cached ? bit_of(JudgedReason::kAssumption) : 0;
  for (const std::uint32_t device : b.doubts.devices()) {
    const DeviceState& state = rooms.devices->of(device);
    if (state.coherence == Coherence::kNo || state.coherence == Coherence::kYes || state.bounced) continue;
    bits = bit_of(JudgedReason::kAssumption);
    if (names != nullptr)
      offer(rooms.summary, "--device " + model::shell_word(names->devices[device].name + "=noncoherent"));
  }
  // An id may stand for another buffer by now.
  if (!b.evidence.assumed_cached || names == nullptr || names->buffers[id].generation != b.generation) return bits;
  if (const std::string& exporter = names->buffers[id].exporter; !exporter.empty())
    offer(rooms.summary, "--exporter " + model::shell_word(exporter + ":memory=cached"));
  return bits;
}

std::uint32_t reasons_of(Rooms& rooms, std::uint32_t id, const BufferState& b, const traces::Directory* names) {
  if (b.evidence.traced.by_address) return (b.doubts.reasons() & kDamage) | bit_of(JudgedReason::kNoCoreCalls);
  std::uint32_t bits = b.doubts.reasons() | assumptions_in(rooms, id, b, names);
  if (may_hide_syncs(rooms, b)) bits |= bit_of(JudgedReason::kUntracedSyncs);
  if (b.evidence.cache != CacheKind::kCached) return bits;
  if (b.evidence.silent) bits |= bit_of(JudgedReason::kSilentExporter);
  if (b.evidence.own_device) bits |= bit_of(JudgedReason::kOwnDevice);
  return bits;
}

Judged judged_by(const BufferState& b, std::uint32_t reasons) {
  if (b.evidence.traced.by_address) return Judged::kNot;
  const bool silent = b.evidence.silent && b.evidence.cache == CacheKind::kCached;
  if (silent || (reasons & kBeyondBounds) != 0 || b.doubts.is_history_open()) return Judged::kNot;
  return reasons != 0 ? Judged::kPartly : Judged::kWhole;
}

/// Takes back what rests on probes that seem to be missing.
void judge_inventory(Rooms& rooms) {
  Coverage& coverage = rooms.summary.coverage;
  if (!rooms.terms.header.by_probes) return;
  coverage.inventory.missing = missing_of(coverage.inventory);
  bool rests = false;
  for (unsigned i = 0; i < kMissingProbeCount; ++i)
    rests = rests || (((coverage.inventory.missing >> i) & 1U) != 0 && !kMissingProbes[i].judged_without);
  if (!rests) return;
  coverage.by_verdict[static_cast<std::size_t>(Judged::kPartly)] += coverage.of(Judged::kWhole);
  coverage.by_verdict[static_cast<std::size_t>(Judged::kWhole)] = 0;
  coverage.why_not[static_cast<std::size_t>(JudgedReason::kMissingProbe)] = rooms.summary.buffers;
  for (BufferVerdict& v : rooms.summary.verdicts) v.reasons |= bit_of(JudgedReason::kMissingProbe);
}

void lose_buffer(Rooms& rooms, BufferState& b, JudgedReason why) {
  b.agents.stale = true;
  b.late.reset();  // its sync may be among what was lost
  rooms.accounts.restart(b.account, b.belief, model::hardware_closure(model::start::kClean));
  Accounts::give_schedule_up(b.account, NotComputed::kEventsLost);
  b.belief.lose();
  b.doubts.lose(why);
  b.custody.lose();
  b.mappings.distrust();
}

}  // namespace

namespace {

void hear_loss(Rooms& rooms, BufferState& b, JudgedReason why) {
  // What is gone was judged; but of what comes now under its name the export may be missing.
  if (b.custody.release().done) b.custody.lose();
  else lose_buffer(rooms, b, why);
}

void hear_header(Rooms& rooms, BufferState& b) {
  const traces::BufferInfo& info = rooms.judge.directory().buffers[b.id];
  if (!b.evidence.silent || b.generation != info.generation) return;
  b.evidence.silent = hides_syncs(rooms.options.exporters.find(info.exporter), rooms.terms.header);
  if (!b.evidence.silent) b.doubts.note(JudgedReason::kSilentExporter);
}

}  // namespace

void hear_losses(Rooms& rooms, BufferState& b) {
  if (!b.exists || b.heard.losses == rooms.news.losses) return;
  const std::uint64_t before = std::exchange(b.heard.losses, rooms.news.losses);
  for (unsigned r = 0; r < kJudgedReasons; ++r)
    if (rooms.news.latest[r] > before) hear_loss(rooms, b, static_cast<JudgedReason>(r));
}

void hear_news(Rooms& rooms, BufferState& b) {
  hear_losses(rooms, b);
  if (b.exists && std::exchange(b.heard.headers, rooms.news.headers) != rooms.news.headers) hear_header(rooms, b);
}

void lose(Rooms& rooms, BufferState& b, JudgedReason why) {
  hear_news(rooms, b);
  rooms.devices->distrust_silence();
  if (b.custody.release().done) return b.doubts.note(why), b.custody.lose();
  lose_buffer(rooms, b, why);
}

void lose(Rooms& rooms, JudgedReason why) {
  rooms.devices->distrust_silence();
  rooms.news.lose(why);
}

void drop(Rooms& rooms, std::uint32_t id) {
  if (id >= rooms.buffers.size()) return;
  BufferState& b = rooms.buffers[id];
  b.late.reset();
  b.custody.begin(false);
  b.mappings.clear();
  b.doubts.note(JudgedReason::kUnreadRecord);
}

namespace {

void note_missing_record(Rooms& rooms, const traces::Gap& gap) {
  rooms.unplaced.drop(gap.task);
  if (gap.buffer == traces::kNoId) return lose(rooms, JudgedReason::kMissingRecord);
  if (gap.buffer >= rooms.buffers.size()) return;
  BufferState& b = rooms.buffers[gap.buffer];
  hear_news(rooms, b);
  if (!b.exists || b.custody.release().done) return;
  // Of a buffer from before the trace the record may have been there.
  if (b.custody.is_complete()) lose(rooms, b, JudgedReason::kMissingRecord);
  else b.mappings.distrust();
}

}  // namespace

void note_gap(Rooms& rooms, const traces::Gap& gap) {
  // What could not be read may have been the sync that the next event would miss.
  if (gap.kind == traces::Gap::Kind::kUnreadRecord) return lose(rooms, JudgedReason::kUnreadRecord);
  if (gap.kind == traces::Gap::Kind::kMissingRecord) return note_missing_record(rooms, gap);
  // Its return is an event that nobody saw.
  std::uint64_t& returns = rooms.summary.coverage.inventory.returns[static_cast<std::size_t>(gap.event)];
  const bool shows_returns = returns != 0;
  const auto& of_all = rooms.summary.coverage.inventory.returns;
  const bool shows_others = std::any_of(of_all.begin(), of_all.end(), [](std::uint64_t n) { return n != 0; });
  --returns;
  if (gap.buffer >= rooms.buffers.size()) return;
  BufferState& b = rooms.buffers[gap.buffer];
  hear_news(rooms, b);
  // Where those of others are there, what is missing may be more than the record of the return.
  if (shows_returns && b.exists && !b.custody.release().done) lose(rooms, b, JudgedReason::kCallNeverReturned);
  else note_call_without_return(rooms, b, gap.event, shows_others);
}

void advance_doubts(BufferState& b) {
  Doubts::Now now = Doubts::Now::kQuiet;
  if (b.custody.custody().attachments.tally().mapped != 0) now = Doubts::Now::kWithDevices;
  if (!b.custody.custody().windows.empty() || b.custody.calls().has(traces::EventKind::kBeginCpuAccess))
    now = Doubts::Now::kWithCpu;
  b.doubts.advance(b.agents.now.contract, b.belief.contract(), now);
}

namespace {

/// The sums are closed when a buffer is released; what the verdict says of it may come later.
void say_what_is_computed(Summary& summary, const BufferState& b, Judged judged) {
  std::uint8_t why = judged == Judged::kNot ? bit_of(NotComputed::kNotJudged) : std::uint8_t{0};
  if (b.evidence.client_broke_rules && b.evidence.cache == CacheKind::kCached)
    why |= bit_of(NotComputed::kClientBrokeRules);
  summary.maintenance.no_optimum |= why;
  summary.maintenance.no_subset |= why;
  if (b.evidence.cache != CacheKind::kCached || (why | b.account.not_computed) != 0) return;
  if (Accounts::has_no_schedule(b.account)) return;
  ComputedOptimum& computed = summary.maintenance.computed;
  ++computed.buffers;
  computed.done.add(b.account.passes, b.account.bytes);
  computed.optimum.add(b.account.schedule.operations, b.account.schedule.operations * b.belief.size());
}

void name_if_unschedulable(Summary& summary, std::uint32_t id, const BufferState& b, const traces::Directory* names) {
  if (!Accounts::has_no_schedule(b.account) || summary.maintenance.unschedulable.size() == kMostVerdicts) return;
  summary.maintenance.unschedulable.push_back({id, names != nullptr ? names->buffers[id].name : std::string()});
}

}  // namespace

void give_verdict(Rooms& rooms, std::uint32_t id, const BufferState& b, const traces::Directory* names) {
  Summary& summary = rooms.summary;
  const std::uint32_t reasons = reasons_of(rooms, id, b, names);
  const Judged judged = judged_by(b, reasons);
  if (b.evidence.silent) ++summary.silent_buffers;
  Coverage& coverage = summary.coverage;
  if ((reasons & kDamage) != 0) ++coverage.damaged_buffers;
  ++coverage.by_verdict[static_cast<std::size_t>(judged)];
  for (unsigned r = 0; r < kJudgedReasons; ++r) coverage.why_not[r] += (reasons >> r) & 1U;
  if (judged != Judged::kWhole && summary.verdicts.size() < kMostVerdicts)
    summary.verdicts.push_back({id, b.generation, judged, reasons});
  say_what_is_computed(summary, b, judged);
  name_if_unschedulable(summary, id, b, names);
}

void give_verdicts(Rooms& rooms, const traces::Directory* names) {
  const Coverage& given = rooms.summary.coverage;
  if (given.of(Judged::kWhole) + given.of(Judged::kPartly) + given.of(Judged::kNot) == rooms.summary.buffers) return;
  for (std::uint32_t id = 0; id < rooms.buffers.size(); ++id)
    if (rooms.buffers[id].exists) give_verdict(rooms, id, rooms.buffers[id], names);
  judge_inventory(rooms);
}

}  // namespace custody::checker::replay
