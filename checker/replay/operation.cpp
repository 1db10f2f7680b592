// SPDX-License-Identifier: BSD-2-Clause
// What a cache operation loses, whether it has an effect, what it costs and what it leaves.
#include "checker/replay/operation.hpp"

#include "checker/replay/maintenance.hpp"
#include "checker/replay/missing_records.hpp"

namespace custody::checker::replay {

using model::Operation;
using spec::RuleId;
using traces::Event;
using traces::EventKind;
using traces::kNoId;

namespace {

/// Remembers what the operations inside one call did: the checks at its return ask.
void note_operation(const CustodyAccount& custody, OperationsInside& done, const Suspicion& s, bool partial) {
  const bool useful = s.effect != Effect::kNone && !partial;
  if (cleans(s.operation)) {
    (partial ? done.partly_cleaned : done.cleaned) = true;
    done.useful_clean = done.useful_clean || useful;
  }
  if (invalidates(s.operation)) {
    (partial ? done.partly_invalidated : done.invalidated) = true;
    done.useful_invalidate = done.useful_invalidate || useful;
    done.invalidated_early = done.invalidated_early || has_pending_write(custody);
  }
}

RedundancyFacts redundancy_of(const BufferState& b, const Event& e, const OpenCall* call, const Mapping* m,
                              Operation op) {
  RedundancyFacts f;
  f.operation = op;
  f.uncached = b.evidence.cache == CacheKind::kUncached;
  f.repeats_in_window = call != nullptr && is_window_call(call->entry.kind) &&
                        ((cleans(op) && call->done.useful_clean) || (invalidates(op) && call->done.useful_invalidate));
  const std::uint32_t last = b.custody.last_unmapped_device();
  f.passes_on = e.kind == EventKind::kDmaMap && last != kNoId && last != e.device;
  f.back_to_back = m != nullptr && m->last_use == b.history.significant() &&
                   ((m->last_kind == EventKind::kDmaMap && e.kind == EventKind::kSyncForDevice) ||
                    (m->last_kind == EventKind::kSyncForCpu && e.kind == EventKind::kDmaUnmap));
  return f;
}

void judge_loss(BufferState& b, const OperationFacts& f, Suspicion& s) {
  if (!loses_data(f)) return;
  s.warning_only = loses_zeroes(f);
  s.rules.add_if(RuleId::kM10, m10(f));
  b.evidence.warned_first_invalidate = b.evidence.warned_first_invalidate || s.warning_only;
}

/// No run that the trace can bear out reads or loses other data without it.
void judge_effect(const BufferState& b, const RuleSet& redundant, bool contract_same, bool worst_same,
                  bool may_be_claimed, Suspicion& s) {
  const bool claimed = contract_same && may_be_claimed;
  if (!claimed && (!worst_same || b.custody.release().done)) return;
  s.effect = Effect::kNone;
  s.proved = worst_same;
  s.rules.add(redundant);
}

}  // namespace

void operate(Rooms& rooms, BufferState& b, const Event& e, OpenCall* call, const Mapping* m, Suspicion& s) {
  const bool shown = e.maintenance.known || e.kind == EventKind::kCacheOperation;
  // Where no dma_map is in a capture by probes, the table may have addresses all the same.
  const bool missed = m == nullptr && !shown && is_shown(rooms, EventKind::kDmaMap) && has_no_addresses(b.custody, e);
  const bool cached = b.evidence.cache == CacheKind::kCached;
  const bool touched = cached && !missed;
  const OperationPlace place = place_of(b.belief.size(), e, m != nullptr ? m->orig_nents : 0);
  const bool contract_same = !touched || b.belief.has_no_effect(s.operation, place);
  const bool worst_same = !cached || (!missed && b.belief.proves_no_effect(s.operation));
  const bool matters = b.evidence.memory_outlives || !b.custody.release().done;
  const bool loses = touched && matters && b.belief.can_lose(s.operation, place);
  judge_loss(b,
             {s.operation, touched, loses, b.belief.lines() != nullptr, hands_to_device(e.kind),
              b.evidence.warned_first_invalidate, b.evidence.written},
             s);
  const RedundancyFacts facts = redundancy_of(b, e, call, m, s.operation);
  const RuleSet redundant = broken_by(facts);
  // The loop over the attachments is the exporter's.
  if (facts.repeats_in_window) s.owes = spec::Owes::kExporter;
  const bool claims = may_claim(b.evidence, b.custody) && !may_be_closed_unseen(rooms, b);
  judge_effect(b, redundant, contract_same, worst_same, claims, s);
  hindsight::DriverOperation driver;
  if (touched) {
    driver.operation = s.operation;
    driver.partial = is_partial(b.belief.size(), place);
    driver.loses = loses;
    driver.removable = claims && !b.belief.is_forked() && !b.belief.is_mended() && b.told.mixed.empty() &&
                       !b.evidence.is_silent() && b.belief.lines() == nullptr;
    rooms.accounts.operate(b.account, driver);
  }
  rooms.accounts.book(b.account, s, driver, redundant, circumstances(b, e, call));
  if (!touched) return;
  const bool partial = is_partial(b.belief.size(), place, call != nullptr ? call->entry.range : lines::ByteRange{});
  b.belief.operate(driver, place);
  if (!driver.partial) {
    b.doubts.operate(driver.operation, b.belief.contract());
    b.history.note_operation(driver.operation);
  }
  if (call != nullptr) note_operation(b.custody, call->done, s, partial);
  if (invalidates(s.operation) && !partial) b.evidence.note_invalidate();
}

}  // namespace custody::checker::replay
