// SPDX-License-Identifier: BSD-2-Clause
// Books operations, and settles the fate of each when the trace tells it.
#include "checker/replay/accounts.hpp"

#include "checker/optimum/rewrite.hpp"

namespace custody::checker::replay {

using model::Access;
using model::AccessSet;
using model::Belief;

namespace {

constexpr std::size_t kMostShadows = 32;
/// A buffer that not more were booked of is one of very many, perhaps: its memory for shadows is given back.
constexpr std::uint64_t kFewPasses = 4;

}  // namespace

void Accounts::begin(Account& a, Belief start) {
  a.passes = a.bytes = a.kept_passes = 0;
  a.looked_away = a.closed = false;
  a.not_computed = 0;
  a.schedule = schedules_.begin(start);
  a.subset = subsets_.begin(start);
}

void Accounts::settle_fate(Account& a, std::size_t index, hindsight::Fate fate) {
  Pending& p = pending_[a.shadows[index].pending];
  a.shadows.erase(index);
  if (a.passes < kFewPasses) a.shadows.free_if_empty();
  if (fate == hindsight::Fate::kUnobserved) {
    totals_.unobserved.add(p.passes, p.bytes);
    // Places move as more are needed, and the history in them.
    p.finding.place.history = {p.history.data(), static_cast<std::uint8_t>(p.finding.place.history.size()), 0,
                               p.finding.place.history.buffer()};
    judge_.emit(p.finding);
  } else if (fate == hindsight::Fate::kUndetermined) {
    totals_.undetermined.add(p.passes, p.bytes);
  }
  ledger_.book(p.place, fate, p.passes, p.bytes);
  free_pending_.push_back(static_cast<std::uint32_t>(&p - pending_.data()));
}

void Accounts::settle_fates(Account& a, hindsight::Fate fate) {
  while (!a.shadows.empty()) settle_fate(a, 0, fate);
}

void Accounts::restart(Account& a, const BufferBelief& belief, Belief now) {
  settle_fates(a, hindsight::Fate::kUndetermined);
  subsets_.restart(a.subset, belief.contract(), now);
}

void Accounts::stop_hindsight(Account& a) {
  settle_fates(a, hindsight::Fate::kUndetermined);
  a.subset.unknown = true;
  a.not_computed |= bit_of(NotComputed::kRange);
}

void Accounts::advance(Account& a, const BufferBelief& belief, AccessSet may, bool broken, bool mixed) {
  if (belief.lines() != nullptr) return;
  // What a finding mended is there, or a pair of devices: nobody knows who would have seen what without the operation.
  const bool away = broken || mixed || belief.is_mended();
  if (broken) a.not_computed |= bit_of(NotComputed::kClientBrokeRules);
  if (away && !a.looked_away) restart(a, belief, belief.contract());
  a.looked_away = away;
  subsets_.pass(a.subset, may);
  for (std::size_t i = 0; i < a.shadows.size();) {
    a.shadows[i].belief = model::advance(a.shadows[i].belief, may);
    if (a.shadows[i].belief == belief.contract()) settle_fate(a, i, hindsight::Fate::kUnobserved);
    else ++i;
  }
}

void Accounts::look(Account& a, const BufferBelief& belief, AccessSet accesses, hindsight::Settlement by) {
  if (belief.lines() != nullptr) return;
  Belief fatal;
  for (unsigned i = 0; i < model::kAccesses; ++i) {
    const Belief hazard = model::hazards(static_cast<Access>(i));
    if (accesses.has(static_cast<Access>(i)) && !belief.contract().intersects(hazard)) fatal = fatal | hazard;
  }
  subsets_.require(a.subset, fatal);
  subsets_.settle(a.subset, by);
  for (std::size_t i = 0; i < a.shadows.size();) {
    if (a.shadows[i].belief.intersects(fatal)) {
      settle_fate(a, i, hindsight::Fate::kNeeded);
      continue;
    }
    a.shadows[i].belief = hindsight::settled(a.shadows[i].belief, by);
    ++i;
  }
}

void Accounts::perform(Account& a, Access access) {
  schedules_.perform(a.schedule, access);
  subsets_.perform(a.subset, access);
  for (Shadow& s : a.shadows) s.belief = model::hardware_closure(model::perform(access, s.belief));
}

void Accounts::perform_partly(Account& a, Access access) {
  schedules_.pass(a.schedule, AccessSet().add(access));
  subsets_.perform(a.subset, access);
  for (Shadow& s : a.shadows) s.belief = model::hardware_closure(model::perform(access, s.belief));
}

void Accounts::copy_out_of_buffer(Account& a, AccessSet may) {
  schedules_.pass(a.schedule, may);
  schedules_.require(a.schedule, model::hazards(Access::kCpuRead));
}

void Accounts::copy_into_buffer(Account& a, bool differs) {
  if (differs) return perform(a, Access::kCpuWrite);
  schedules_.rewrite(a.schedule);
  subsets_.rewrite(a.subset);
  for (Shadow& s : a.shadows) s.belief = optimum::rewritten(s.belief);
}

void Accounts::operate(Account& a, const hindsight::DriverOperation& driver) {
  subsets_.operate(a.subset, driver);
  for (std::size_t i = 0; i < a.shadows.size();) {
    if (model::can_lose(driver.operation, a.shadows[i].belief) && !driver.loses) {
      settle_fate(a, i, hindsight::Fate::kNeeded);
      continue;
    }
    a.shadows[i].belief = hindsight::left_by(driver, a.shadows[i].belief);
    ++i;
  }
}

Suspicion Accounts::unobserved(const Suspicion& s, const RuleSet& redundant) {
  Suspicion r;
  r.rules = redundant;
  r.line = r.operation_line = s.operation_line;
  r.device = s.device;
  r.bytes = s.bytes;
  r.operation = s.operation;
  r.effect = Effect::kUnobserved;
  if (redundant.has(spec::RuleId::kR5)) r.owes = s.owes;
  return r;
}

void Accounts::book(Account& a, const Suspicion& s, const hindsight::DriverOperation& driver, const RuleSet& redundant,
                    const Circumstances& at) {
  const std::uint64_t passes = optimum::passes_of(s.operation, price_), bytes = s.bytes * passes;
  const traces::Event& e = at.event;
  const auto call = at.call != nullptr ? at.call->entry.kind : traces::EventKind::kLost;
  const hindsight::CostPlace place =
      ledger_.know({s.device, 0, call, e.kind, e.dir, s.operation}, e.buffer, judge_.directory());
  totals_.operations += passes;
  totals_.bytes += bytes;
  a.passes += passes;
  a.bytes += bytes;
  if (s.effect == Effect::kNone) {
    totals_.no_effect.add(passes, bytes);
    if (s.proved) totals_.proved_no_effect.add(passes, bytes);
    return ledger_.book(place, hindsight::Fate::kNoEffect, passes, bytes);
  }
  if (a.closed) totals_.subset_operations += passes;
  if (driver.operation == model::Operation::kNone || !driver.removable || driver.loses) {
    totals_.undetermined.add(passes, bytes);
    if (driver.operation == model::Operation::kNone) a.kept_passes += passes;
    return ledger_.book(place, hindsight::Fate::kUndetermined, passes, bytes);
  }
  Pending& p = watch(a, at.belief);
  p.finding = Judge::finding(unobserved(s, redundant), at);
  const PastEvents& past = p.finding.place.history;
  for (std::size_t i = 0; i < past.size(); ++i) p.history[i] = past.kept(i);
  p.finding.severity = spec::Severity::kNote;
  p.place = place;
  p.passes = passes;
  p.bytes = bytes;
}

Accounts::Pending& Accounts::watch(Account& a, Belief belief) {
  if (a.shadows.size() == kMostShadows) settle_fate(a, 0, hindsight::Fate::kUndetermined);
  if (free_pending_.empty()) {
    free_pending_.push_back(static_cast<std::uint32_t>(pending_.size()));
    pending_.emplace_back();
  }
  const std::uint32_t place = free_pending_.back();
  free_pending_.pop_back();
  a.shadows.push_back({belief, place});
  return pending_[place];
}

void Accounts::close(Account& a, const BufferBelief& belief, bool released, bool countable) {
  if (a.closed) return;
  const bool has_schedule = !has_no_schedule(a);
  a.closed = true;
  settle_fates(a, released ? hindsight::Fate::kUnobserved : hindsight::Fate::kUndetermined);
  if (!released) subsets_.restart(a.subset, belief.contract(), belief.contract());
  totals_.subset_operations += a.subset.unknown ? a.passes : a.subset.passes + a.kept_passes;
  totals_.no_subset |= a.not_computed;
  if (!has_schedule) {
    ++totals_.unschedulable_buffers;
    a.not_computed |= bit_of(NotComputed::kNoSchedule);
  }
  if (!countable) return;
  totals_.no_optimum |= a.not_computed;
  if (a.not_computed != 0) return;
  totals_.optimum.add(a.schedule.operations, a.schedule.operations * belief.size());
}

}  // namespace custody::checker::replay
