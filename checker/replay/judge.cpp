// SPDX-License-Identifier: BSD-2-Clause
// From what an event is suspected of to what is said of it.
#include "checker/replay/judge.hpp"

#include <bit>

#include "checker/replay/evidence.hpp"

namespace custody::checker::replay {

using spec::RuleId;
using traces::kNoId;

RuleId first_rule(const RuleSet& rules) {
  if (std::has_single_bit(rules.bits)) return static_cast<RuleId>(std::countr_zero(rules.bits));
  for (const RuleId id : spec::kPrecedence)
    if (rules.has(id)) return id;
  return spec::kPrecedence[0];
}

namespace {

/// The worst of all rules that match. Of M10 alone it can be that only a warning is left.
spec::Severity worst_of(const Suspicion& s) {
  const bool is_weak = s.warning_only && s.rules.has(RuleId::kM10);
  RuleSet rules = s.rules;
  if (is_weak) rules.remove(RuleId::kM10);
  if (rules.meets(rules_of(spec::Severity::kError))) return spec::Severity::kError;
  return is_weak || rules.meets(rules_of(spec::Severity::kWarning)) ? spec::Severity::kWarning : spec::Severity::kNote;
}

}  // namespace

Finding Judge::finding(const Suspicion& s, const Circumstances& at) {
  Finding f;
  f.rule = first_rule(s.rules);
  f.also = s.rules;
  f.also.remove(f.rule);
  const spec::Rule& rule = spec::rule(f.rule);
  f.effect = s.effect;
  f.proved = s.proved;
  f.severity = worst_of(s);
  f.owes = s.owes.value_or(rule.owes);
  f.assumes = s.assumes;
  f.place.beside_job = s.beside_job;
  const bool hazard = f.matches(spec::RuleClass::kMissing) || f.matches(spec::RuleClass::kLostWrite);
  if (hazard && at.assumed_cached) f.assumes |= bit_of(Assumption::kMemoryCached);
  f.place.concurrent_task = at.concurrent_task;
  if (f.place.concurrent_task != kNoId) f.owes = spec::Owes::kClient;
  if ((f.assumes != 0 || f.place.concurrent_task != kNoId) && f.severity == spec::Severity::kError)
    f.severity = spec::Severity::kWarning;
  f.line = s.line != 0 ? s.line : at.event.at.line;
  f.place.trigger = ReportedEvent(at.event);
  if (at.call != nullptr) {
    f.place.call = at.call->entry.kind;
    f.place.call_dir = at.call->entry.dir;
    f.place.call_line = at.call->entry.line;
  }
  f.place.operation_line = s.operation_line;
  f.place.belief = at.belief;
  f.place.history = at.history.latest_events();
  f.place.landmarks = at.history.landmarks();
  f.buffer = at.event.buffer;
  f.device = s.device;
  f.beside = s.beside;
  f.bytes = s.bytes;
  f.operation = s.operation;
  f.refusal = s.refusal;
  return f;
}

void Judge::emit(const Finding& f) {
  ++summary_.by_rule[static_cast<std::size_t>(f.rule)];
  for (std::size_t cls = 0; cls < summary_.by_class.size(); ++cls)
    summary_.by_class[cls] += f.matches(static_cast<spec::RuleClass>(cls)) ? 1U : 0U;
  ++summary_.by_severity[static_cast<std::size_t>(f.severity)];
  if (spec::rule(f.rule).cls == spec::RuleClass::kRedundant && f.effect == Effect::kNone &&
      f.operation != model::Operation::kNone)
    ++summary_.redundant_no_effect;
  if (f.effect == Effect::kUnobserved) ++summary_.redundant_unobserved;
  report_(f, *directory_);
}

}  // namespace custody::checker::replay
