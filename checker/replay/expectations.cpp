// SPDX-License-Identifier: BSD-2-Clause
// Compares the findings of a litmus file with its `expect` lines.
#include "checker/replay/expectations.hpp"

#include <algorithm>

namespace custody::checker::replay {

using Kind = traces::Expectation::Kind;

void Expectations::add(const Finding& f) {
  Seen seen{f.also, f.rule, f.severity, {f.line, f.place.call_line, f.place.trigger.at.line, f.place.operation_line}};
  seen.rules.add(f.rule);
  seen.in_hindsight = f.effect == Effect::kUnobserved;
  seen_.push_back(seen);
}

bool Expectations::Seen::matches(const traces::Expectation& e) const {
  bool named = spec::name(spec::rule(rule).cls) == e.what;
  if (const spec::Rule* r = spec::find_rule(e.what)) named = named || rules.has(spec::id_of(*r));
  return named && (e.at == 0 || std::find(std::begin(lines), std::end(lines), e.at) != std::end(lines));
}

JudgedExpectation Expectations::judge_one(const traces::Expectation& e, const Summary& summary) const {
  JudgedExpectation judged{e, true, {}};
  auto match = std::find_if(seen_.begin(), seen_.end(), [&](const Seen& s) { return s.matches(e); });
  const auto error =
      std::find_if(seen_.begin(), seen_.end(), [](const Seen& s) { return s.severity == spec::Severity::kError; });
  switch (e.kind) {
    case Kind::kFinding:
      judged.held = match != seen_.end();
      if (!judged.held) judged.found = "no such finding";
      break;
    case Kind::kNoFinding:
      // What only hindsight tells, no driver could have known.
      match = std::find_if(seen_.begin(), seen_.end(), [&](const Seen& s) { return !s.in_hindsight && s.matches(e); });
      judged.held = match == seen_.end();
      if (!judged.held)
        judged.found = std::string(spec::rule(match->rule).id) + " at line " + std::to_string(match->lines[0]);
      break;
    case Kind::kLegal:
      judged.held = error == seen_.end();
      if (!judged.held)
        judged.found = std::string(spec::rule(error->rule).id) + " at line " + std::to_string(error->lines[0]);
      break;
    case Kind::kMaintenance:
      judged.held = summary.maintenance.operations == e.count;
      if (!judged.held) judged.found = std::to_string(summary.maintenance.operations) + " operations";
      break;
    case Kind::kOptimum:
      judged.held = summary.maintenance.optimum.operations == e.count && summary.maintenance.unschedulable_buffers == 0;
      if (!judged.held) judged.found = std::to_string(summary.maintenance.optimum.operations) + " operations";
      break;
  }
  return judged;
}

std::vector<JudgedExpectation> Expectations::judge(const Summary& summary) const {
  std::vector<JudgedExpectation> judged;
  for (const traces::Expectation& e : expected_) judged.push_back(judge_one(e, summary));
  for (const Seen& s : seen_) {
    const auto expects = [&](const traces::Expectation& e) { return e.kind == Kind::kFinding && s.matches(e); };
    if (s.severity != spec::Severity::kError || std::any_of(expected_.begin(), expected_.end(), expects)) continue;
    JudgedExpectation unexpected;
    unexpected.expectation.line = s.lines[0];
    unexpected.expectation.text = "no error that is not expected";
    unexpected.found = std::string(spec::rule(s.rule).id) + " at line " + std::to_string(s.lines[0]);
    judged.push_back(unexpected);
  }
  return judged;
}

}  // namespace custody::checker::replay
