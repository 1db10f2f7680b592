// SPDX-License-Identifier: BSD-2-Clause
// What of the driver's operations nobody needed, seen from later in the trace.
#include <algorithm>

#include "checker/replay/engine.hpp"

namespace custody::checker {

using model::Access;
using model::AccessSet;
using model::Belief;
using spec::RuleId;

namespace {

constexpr std::size_t kMostShadows = 32;

template <class Each>
void each_access(AccessSet accesses, const Each& each) {
  for (unsigned a = 0; a < model::kAccesses; ++a)
    if (accesses.has(static_cast<Access>(a))) each(model::hazards(static_cast<Access>(a)));
}

}  // namespace

Settlement settlement_of(const RuleSet& rules) {
  return {rules.has(RuleId::kM1) || rules.has(RuleId::kM2),
          rules.has(RuleId::kM3) || rules.has(RuleId::kM4) || rules.has(RuleId::kM9)};
}

bool Engine::may_claim(const BufferState& b) const {
  return b.history_known && b.complete && !b.own_device && !b.client_broke_rules && !b.released;
}

void Engine::settle_fate(BufferState& b, std::size_t index, Fate fate) {
  Pending& p = pending_[b.shadows[index].pending];
  b.shadows.erase(b.shadows.begin() + static_cast<std::ptrdiff_t>(index));
  MaintenanceTotals& totals = summary_.maintenance;
  if (fate == Fate::kUnobserved) {
    totals.unobserved_operations += p.passes;
    totals.unobserved_bytes += p.bytes;
    p.finding.history = std::span<const traces::Event>(p.history.data(), p.kept);
    emit(p.finding);
  } else if (fate == Fate::kUndetermined) {
    totals.undetermined_operations += p.passes;
    totals.undetermined_bytes += p.bytes;
  }
  ledger_.book(p.place, fate, p.passes, p.bytes);
  free_pending_.push_back(static_cast<std::uint32_t>(&p - pending_.data()));
}

void Engine::settle_fates(BufferState& b, Fate fate) {
  while (!b.shadows.empty()) settle_fate(b, 0, fate);
}

void Engine::close_hindsight(BufferState& b, Belief now) {
  settle_fates(b, Fate::kUndetermined);
  subsets_.restart(b.subset, b.contract, now);
}

void Engine::advance_hindsight(BufferState& b) {
  if (b.cache == CacheKind::kUncached || b.released || b.lines) return;
  if (b.client_broke_rules && !b.looked_away) {
    b.looked_away = true;
    close_hindsight(b, b.contract);
  }
  subsets_.pass(b.subset, b.contract_agents);
  for (std::size_t i = 0; i < b.shadows.size();) {
    b.shadows[i].belief = model::advance(b.shadows[i].belief, b.contract_agents);
    if (b.shadows[i].belief == b.contract) settle_fate(b, i, Fate::kUnobserved);
    else ++i;
  }
}

void Engine::look(BufferState& b, AccessSet accesses, const RuleSet& rules) {
  if (b.lines) return;
  Belief fatal;
  each_access(accesses, [&](Belief hazard) {
    if (!b.contract.intersects(hazard)) fatal = fatal | hazard;
  });
  const Settlement by = settlement_of(rules);
  subsets_.require(b.subset, fatal);
  subsets_.settle(b.subset, by);
  for (std::size_t i = 0; i < b.shadows.size();) {
    if (b.shadows[i].belief.intersects(fatal)) {
      settle_fate(b, i, Fate::kNeeded);
      continue;
    }
    b.shadows[i].belief = settled(b.shadows[i].belief, by);
    ++i;
  }
}

void Engine::perform_in_hindsight(BufferState& b, Access access) {
  subsets_.perform(b.subset, access);
  for (Shadow& s : b.shadows) s.belief = model::hardware_closure(model::perform(access, s.belief));
}

void Engine::book_operation(BufferState& b, const traces::Event& e, const OpenCall* call, const MappingState* m,
                            const Suspicion& s, const DriverOperation& driver) {
  Pending p;
  p.passes = passes_of(s.operation, options_.price);
  p.bytes = s.bytes * p.passes;
  p.place = {s.device, 0, call != nullptr ? call->kind : traces::EventKind::kLost, e.kind, e.dir, s.operation};
  p.place = ledger_.know(p.place, e.buffer, *directory_);
  MaintenanceTotals& totals = summary_.maintenance;
  totals.operations += p.passes;
  totals.bytes += p.bytes;
  b.passes += p.passes;
  if (s.effect == Effect::kNone) {
    totals.no_effect_operations += p.passes;
    totals.no_effect_bytes += p.bytes;
    totals.proved_no_effect_operations += s.proved ? p.passes : 0;
    totals.proved_no_effect_bytes += s.proved ? p.bytes : 0;
    return ledger_.book(p.place, Fate::kNoEffect, p.passes, p.bytes);
  }
  if (b.sums_closed) totals.subset_operations += p.passes;
  if (driver.operation == model::Operation::kNone || !driver.removable || driver.loses) {
    totals.undetermined_operations += p.passes;
    totals.undetermined_bytes += p.bytes;
    if (driver.operation == model::Operation::kNone) b.kept_passes += p.passes;
    return ledger_.book(p.place, Fate::kUndetermined, p.passes, p.bytes);
  }
  Suspicion r;
  r.line = r.operation_line = s.operation_line;
  r.device = s.device;
  r.bytes = s.bytes;
  r.operation = s.operation;
  r.effect = Effect::kUnobserved;
  claim_redundant(b, e, call, m, r);
  p.finding = judge(b, e, call, r);
  p.finding.severity = spec::Severity::kNote;
  p.kept = p.finding.history.size();
  std::copy(p.finding.history.begin(), p.finding.history.end(), p.history.begin());
  if (b.shadows.size() == kMostShadows) settle_fate(b, 0, Fate::kUndetermined);
  if (free_pending_.empty()) {
    free_pending_.push_back(static_cast<std::uint32_t>(pending_.size()));
    pending_.emplace_back();
  }
  b.shadows.push_back({b.contract, free_pending_.back()});
  pending_[free_pending_.back()] = p;
  free_pending_.pop_back();
}

void Engine::operate_in_hindsight(BufferState& b, const DriverOperation& driver) {
  subsets_.operate(b.subset, driver);
  for (std::size_t i = 0; i < b.shadows.size();) {
    if (model::can_lose(driver.operation, b.shadows[i].belief) && !driver.loses) {
      settle_fate(b, i, Fate::kNeeded);
      continue;
    }
    b.shadows[i].belief = left_by(driver, b.shadows[i].belief);
    ++i;
  }
}

}  // namespace custody::checker
