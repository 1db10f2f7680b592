// SPDX-License-Identifier: BSD-2-Clause
// Compares the findings of a litmus file with its `expect` lines.
#include "checker/replay/expectations.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "model/suggestion.hpp"

namespace custody::checker::replay {

using Kind = traces::Expectation::Kind;

namespace {

constexpr std::string_view kUnobserved = "unobserved";

std::optional<spec::RuleClass> find_class(std::string_view word) {
  for (unsigned i = 0; i < spec::kRuleClasses; ++i)
    if (spec::name(static_cast<spec::RuleClass>(i)) == word) return static_cast<spec::RuleClass>(i);
  return std::nullopt;
}

std::string operations(std::uint64_t n) { return std::to_string(n) + (n == 1 ? " operation" : " operations"); }

std::string judge_count(std::uint64_t expected, std::uint64_t found) {
  return found == expected ? std::string() : operations(found);
}

/// The reasons for which a figure is no number; empty: it is one.
std::string reasons_of(std::uint8_t not_computed) {
  std::string out;
  for (unsigned i = 0; i < kNotComputedReasons; ++i)
    if ((not_computed & bit_of(static_cast<NotComputed>(i))) != 0)
      out.append(out.empty() ? "not computed: " : ", ").append(name(static_cast<NotComputed>(i)));
  return out;
}

std::string judge_figure(std::uint64_t expected, std::uint64_t found, std::uint8_t not_computed) {
  return not_computed != 0 ? reasons_of(not_computed) : judge_count(expected, found);
}

std::string judge_not_computed(std::uint64_t found, std::uint8_t not_computed) {
  return not_computed != 0 ? std::string() : operations(found);
}

/// Which buffers have none, where it is not the one that is expected to.
std::string judge_schedule(const traces::Expectation& e, const Summary& summary) {
  const auto& without = summary.maintenance.unschedulable;
  if (without.empty()) return "every buffer has a schedule";
  if (std::any_of(without.begin(), without.end(), [&](const auto& u) { return u.buffer == e.buffer; })) return {};
  std::string names;
  for (const UnschedulableBuffer& u : without) names.append(names.empty() ? "" : ", ").append(u.name);
  return "it has a schedule; without one: " + names;
}

Judged judged_of(Kind kind) {
  return kind == Kind::kJudged ? Judged::kWhole : kind == Kind::kPartlyJudged ? Judged::kPartly : Judged::kNot;
}

std::string text_of(const BufferVerdict& verdict) {
  std::string out(name(verdict.judged));
  for (unsigned i = 0; i < kJudgedReasons; ++i)
    if ((verdict.reasons & bit_of(static_cast<JudgedReason>(i))) != 0)
      out.append(" ").append(name(static_cast<JudgedReason>(i)));
  return out;
}

std::optional<JudgedReason> find_reason(std::string_view word) {
  for (unsigned i = 0; i < kJudgedReasons; ++i)
    if (name(static_cast<JudgedReason>(i)) == word) return static_cast<JudgedReason>(i);
  return std::nullopt;
}

/// What the summary says of a buffer.
std::string judge_verdict(const traces::Expectation& e, const Summary& summary) {
  if (e.kind == Kind::kUnschedulable) return judge_schedule(e, summary);
  const auto same = [&](const BufferVerdict& v) { return v.buffer == e.buffer; };
  const auto found = std::find_if(summary.verdicts.begin(), summary.verdicts.end(), same);
  const BufferVerdict verdict = found == summary.verdicts.end() ? BufferVerdict{} : *found;
  const auto reason = find_reason(e.reason);
  const bool has_reason = e.reason.empty() || (reason && (verdict.reasons & bit_of(*reason)) != 0);
  return verdict.judged == judged_of(e.kind) && has_reason ? std::string() : text_of(verdict);
}

}  // namespace

std::string check_expectation(const traces::Expectation& e) {
  if (!e.reason.empty() && !find_reason(e.reason)) {
    std::string reasons;
    std::vector<std::string_view> names;
    for (unsigned i = 0; i < kJudgedReasons; ++i) {
      names.push_back(name(static_cast<JudgedReason>(i)));
      reasons.append(reasons.empty() ? "" : ", ").append(names.back());
    }
    return "unknown reason '" + e.reason + "', expected one of: " + reasons + model::did_you_mean(e.reason, names);
  }
  if (e.what.empty() || e.what == kUnobserved || find_class(e.what) || spec::find_rule(e.what) != nullptr) return {};
  std::string rules;
  std::vector<std::string_view> ids;
  for (const spec::Rule& r : spec::kRules) {
    rules.append(rules.empty() ? "" : ", ").append(r.id);
    ids.push_back(r.id);
  }
  return "unknown rule '" + e.what + "', expected one of: " + rules + model::did_you_mean(e.what, ids);
}

void Expectations::add(const Finding& f) {
  Seen seen{f.also,
            f.rule,
            f.severity,
            f.owes,
            f.effect,
            f.proved,
            {f.line, f.place.call_line, f.place.trigger.at.line, f.place.operation_line}};
  seen.rules.add(f.rule);
  for (const std::uint64_t line : seen.lines) {
    std::vector<std::size_t>& here = at_line_[line];
    if (here.empty() || here.back() != seen_.size()) here.push_back(seen_.size());
  }
  seen_.push_back(seen);
}

template <class Visit>
const Expectations::Seen* Expectations::find_at(const traces::Expectation& e, const Visit& visit) const {
  if (e.at == 0) {
    const auto found = std::find_if(seen_.begin(), seen_.end(), visit);
    return found == seen_.end() ? nullptr : &*found;
  }
  const auto here = at_line_.find(e.at);
  if (here == at_line_.end()) return nullptr;
  for (const std::size_t place : here->second)
    if (visit(seen_[place])) return &seen_[place];
  return nullptr;
}

bool Expectations::Seen::is_named(const traces::Expectation& e) const {
  if (e.what == kUnobserved) return effect == Effect::kUnobserved;
  if (const spec::Rule* r = spec::find_rule(e.what)) return rules.has(spec::id_of(*r));
  const auto cls = find_class(e.what);
  return cls && rules.meets(rules_of(*cls));
}

bool Expectations::Seen::is_at(const traces::Expectation& e) const {
  return e.at == 0 || std::find(std::begin(lines), std::end(lines), e.at) != std::end(lines);
}

bool Expectations::Seen::matches(const traces::Expectation& e) const {
  if (!is_named(e) || !is_at(e)) return false;
  if (!e.severity.empty() && e.severity != spec::name(severity)) return false;
  if (!e.owes.empty() && e.owes != spec::name(owes)) return false;
  // Of what has an effect, or is not redundant at all, nothing is left to prove.
  return !e.proved || (*e.proved ? proved : effect == Effect::kNone && !proved);
}

std::string Expectations::Seen::text() const {
  std::string out(spec::rule(rule).id);
  for (const spec::Rule& r : spec::kRules)
    if (spec::id_of(r) != rule && rules.has(spec::id_of(r))) out.append("+").append(r.id);
  out += " at line " + std::to_string(lines[0]);
  out.append(": ").append(spec::name(severity)).append(", owes ").append(spec::name(owes));
  if (effect == Effect::kUnobserved) out += ", unobserved";
  if (effect == Effect::kNone) out += proved ? ", proved" : ", unproved";
  return out;
}

std::string Expectations::judge_finding(const traces::Expectation& e) const {
  std::size_t matching = 0;
  find_at(e, [&](const Seen& s) { return s.matches(e) && ++matching > 1 && !e.once; });
  if (matching == 1 || (matching > 1 && !e.once)) return {};
  if (matching > 1) {
    std::string found;
    find_at(e, [&](const Seen& s) {
      if (s.matches(e)) found.append(found.empty() ? "" : "; ").append(s.text());
      return false;
    });
    return std::to_string(matching) + " such findings: " + found;
  }
  const auto is_named = [&](const Seen& s) { return s.is_named(e); };
  const Seen* nearest = find_at(e, is_named);
  if (nearest == nullptr) {
    traces::Expectation anywhere = e;
    anywhere.at = 0;
    nearest = find_at(anywhere, is_named);
  }
  return nearest == nullptr ? "no such finding" : "no such finding, but " + nearest->text();
}

std::string Expectations::judge_absence(const traces::Expectation& e) const {
  // What only hindsight tells, no driver could have known.
  const bool in_hindsight = e.what == kUnobserved;
  const Seen* const match =
      find_at(e, [&](const Seen& s) { return (in_hindsight || s.effect != Effect::kUnobserved) && s.matches(e); });
  return match == nullptr ? std::string() : match->text();
}

std::string Expectations::judge_legality() const {
  const auto error =
      std::find_if(seen_.begin(), seen_.end(), [](const Seen& s) { return s.severity == spec::Severity::kError; });
  return error == seen_.end() ? std::string() : error->text();
}

std::string Expectations::judge_one(const traces::Expectation& e, const Summary& summary) const {
  const MaintenanceTotals& totals = summary.maintenance;
  switch (e.kind) {
    case Kind::kFinding: return judge_finding(e);
    case Kind::kNoFinding: return judge_absence(e);
    case Kind::kLegal: return judge_legality();
    case Kind::kMaintenance: return judge_count(e.count, totals.operations);
    case Kind::kOptimum: return judge_figure(e.count, totals.optimum.operations, totals.no_optimum);
    case Kind::kOptimumNotComputed: return judge_not_computed(totals.optimum.operations, totals.no_optimum);
    case Kind::kSubset: return judge_figure(e.count, totals.subset_operations, totals.no_subset);
    case Kind::kSubsetNotComputed: return judge_not_computed(totals.subset_operations, totals.no_subset);
    case Kind::kJudged:
    case Kind::kPartlyJudged:
    case Kind::kNotJudged:
    case Kind::kUnschedulable: break;
  }
  return judge_verdict(e, summary);
}

namespace {

/// Two expectations that are the same in this are the same in all that is judged.
auto meaning_of(const traces::Expectation& e) {
  const int proved = e.proved ? static_cast<int>(*e.proved) : -1;
  return std::tuple(e.kind, e.what, e.at, e.once, e.severity, e.owes, proved, e.count, e.buffer, e.reason);
}

}  // namespace

void Expectations::judge_rest(std::vector<JudgedExpectation>& judged) const {
  // By line, each meaning once: of those without a line there are not many.
  std::unordered_map<std::uint64_t, std::vector<const traces::Expectation*>> expected;
  std::set<decltype(meaning_of(expected_.front()))> known;
  for (const traces::Expectation& e : expected_)
    if (e.kind == Kind::kFinding && known.insert(meaning_of(e)).second) expected[e.at].push_back(&e);
  const auto expects = [&](const Seen& s, std::uint64_t line) {
    const auto here = expected.find(line);
    return here != expected.end() && std::any_of(here->second.begin(), here->second.end(),
                                                 [&](const traces::Expectation* e) { return s.matches(*e); });
  };
  for (const Seen& s : seen_) {
    if (s.severity != spec::Severity::kError || expects(s, 0)) continue;
    if (std::any_of(std::begin(s.lines), std::end(s.lines), [&](std::uint64_t line) { return expects(s, line); }))
      continue;
    JudgedExpectation unexpected;
    unexpected.expectation.line = s.lines[0];
    unexpected.expectation.text = "no error that is not expected";
    unexpected.found = s.text();
    judged.push_back(unexpected);
  }
}

std::vector<JudgedExpectation> Expectations::judge(const Summary& summary) const {
  std::vector<JudgedExpectation> judged;
  std::map<decltype(meaning_of(expected_.front())), std::string> known;
  for (const traces::Expectation& e : expected_) {
    const auto [place, added] = known.try_emplace(meaning_of(e));
    if (added) place->second = judge_one(e, summary);
    judged.push_back({e, place->second.empty(), place->second});
  }
  judge_rest(judged);
  return judged;
}

}  // namespace custody::checker::replay
