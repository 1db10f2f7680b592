// SPDX-License-Identifier: BSD-2-Clause
// Chooses policies, notes and clauses.
#include "checker/learn/learn.hpp"

#include <algorithm>
#include <map>

#include "checker/learn/call_rules.hpp"
#include "checker/learn/names.hpp"
#include "model/guards.hpp"

namespace custody::checker::learn {

using model::at;
using model::Id;
using model::Policies;

namespace {

constexpr unsigned kPolicyCost = 200, kTriggerCost = 250;

/// What was learned under one choice of policies.
struct Attempt {
  model::Lifetime lifetime;
  std::vector<std::pair<Id, CallRule>> rules;  ///< by event
  std::vector<Trigger> triggers;
  unsigned cost = 0;
};

std::vector<Situation> situations_of(const Moments& moments, const HiddenNotes& hidden, Id event) {
  struct Votes {
    std::map<std::uint32_t, std::uint64_t> by_answer;
  };
  std::map<std::pair<std::uint32_t, std::uint8_t>, Votes> votes;
  for (std::size_t i = 0; i < moments.scope_of.size(); ++i) {
    const Scope& scope = moments.scopes[moments.scope_of[i]];
    if (scope.step.event == event && !scope.step.interrupted)
      ++votes[{moments.scope_of[i], hidden.before[i]}].by_answer[moments.answer_of[i]];
  }
  std::vector<Situation> out;
  for (const auto& [key, vote] : votes) {
    Situation s;
    s.scope = &moments.scopes[key.first];
    s.facts = s.scope->facts;
    s.facts.v[kDirty] = key.second & 1U;
    s.facts.v[kStale] = static_cast<std::uint8_t>(key.second >> 1U);
    for (const auto& [answer, calls] : vote.by_answer) {
      if (calls <= s.calls) continue;
      s.calls = calls;
      s.answer = &moments.answers[answer];
    }
    out.push_back(s);
  }
  return out;
}

model::FactSet facts_used(const Attempt& a) {
  model::FactSet used = 0;
  for (const auto& [event, rule] : a.rules) {
    for (const Id guard : rule.guards) used |= model::kGuards[guard].facts();
    for (const model::Sync& sync : rule.syncs)
      if (sync.dir == model::SyncDirection::kKept) used |= model::fact_bit(kKept);
  }
  return used;
}

/// Gives up where it comes to cost more than `most`.
Attempt attempt(const Samples& samples, const Policies& policies, const std::vector<Trigger>& hint, unsigned most) {
  Attempt out;
  out.lifetime.policies = policies;
  const Moments moments = moments_of(samples, out.lifetime);
  const HiddenNotes hidden = guess_hidden_notes(samples, moments, hint);
  out.triggers = hidden.triggers;
  for (const std::uint8_t value : policies.v) out.cost += value != 0 ? kPolicyCost : 0;
  const model::FactSet seen = model::fact_bit(kOwnMapping) | model::fact_bit(kKept);
  const model::FactSet never = model::fact_bit(at(model::kFacts, "begin_mappings"));
  for (Id event = 0; event < model::kEventCount; ++event) {
    const std::vector<Situation> situations = situations_of(moments, hidden, event);
    if (situations.empty() || out.cost > most) continue;
    CallRules rules = rules_of(event, situations, seen | never);
    if (!rules.exact || rules.cost > 400) {
      CallRules more = rules_of(event, situations, never);
      if (more.cost < rules.cost) rules = std::move(more);
    }
    out.cost += rules.cost;
    for (CallRule& rule : rules.rules) out.rules.emplace_back(event, std::move(rule));
  }
  // Where no rule looks at a note, what seemed to set it explained something else.
  const model::FactSet used = facts_used(out);
  std::erase_if(out.triggers, [used](const Trigger& t) { return (used & model::fact_bit(t.fact)) == 0; });
  out.cost += kTriggerCost * static_cast<unsigned>(out.triggers.size());
  return out;
}

/// Calls that are always refused where a policy would refuse them.
struct Refusals {
  bool in_window = false, unattached = false, unmapped = false;
};
Refusals refusals_of(const Moments& moments) {
  const auto always = [&](Id event, const auto& there) {
    bool any = false, all = true;
    for (std::size_t i = 0; i < moments.scope_of.size(); ++i) {
      const Scope& scope = moments.scopes[moments.scope_of[i]];
      if (scope.step.event != event || scope.step.interrupted || !there(scope.facts)) continue;
      any = true;
      all = all && moments.answers[moments.answer_of[i]].ret != 0;
    }
    return any && all;
  };
  constexpr Id kWindows = at(model::kFacts, "windows"), kAttached = at(model::kFacts, "attached"),
               kCpuMappings = at(model::kFacts, "cpu_mappings");
  Refusals out;
  out.in_window = always(kMap, [](const model::Facts& f) { return f.v[kWindows] != 0; });
  out.unattached = always(kBegin, [](const model::Facts& f) { return f.v[kAttached] == 0; });
  const bool all = always(kBegin, [](const model::Facts&) { return true; });
  out.unmapped =
      !all && always(kBegin, [](const model::Facts& f) { return f.v[kCpuMappings] == 0 && f.v[kAttached] != 0; });
  return out;
}

/// Policies worth a try, those with fewest deviations from the default first.
std::vector<Policies> candidates(const Samples& samples) {
  const Moments plain = moments_of(samples, {});
  const Refusals refusals = refusals_of(plain);
  bool maps_cpu = false;
  for (const Scope& scope : plain.scopes) maps_cpu = maps_cpu || scope.step.event == kMmap;
  std::vector<Policies> out;
  const auto set = [](Policies p, std::string_view name, std::string_view value) {
    static_cast<void>(model::set_policy(p, name, value));
    return p;
  };
  Policies base;
  if (refusals.in_window) base = set(base, "map_in_window", "refuse");
  if (refusals.unattached) base = set(base, "cpu_unattached", "refuse");
  if (refusals.unmapped) base = set(base, "cpu_unmapped", "fail");
  out = {base, set(base, "device_ends", "last_detach")};
  const std::size_t simple = out.size();
  for (std::size_t i = 0; i < simple; ++i) {
    if (!refusals.unattached) out.push_back(set(out[i], "cpu_unattached", "no_effect"));
    if (maps_cpu && !refusals.unmapped) out.push_back(set(out[i], "cpu_unmapped", "no_effect"));
  }
  // It says itself which windows are refused.
  if (maps_cpu) out.push_back(set({}, "cpu_owns", "mapping"));
  std::erase_if(out, [](const Policies& p) { return !model::conflict_of(p).empty(); });
  return out;
}

std::vector<Id> notes_of(Id event, const CallRule& rule, model::FactSet used) {
  std::vector<Id> out;
  const auto note = [&](Id action) {
    const Id fact = model::kNoteActions[action].fact;
    if ((used & model::fact_bit(fact)) == 0) return;
    std::erase_if(out, [&](Id other) { return model::kNoteActions[other].fact == fact; });
    out.push_back(action);
  };
  if (event == kRelease) return out;
  for (const model::Sync& sync : rule.syncs) {
    const bool maps = sync.call == model::SyncCall::kMap;
    if (sync.targets == model::Targets::kBuffer) {
      if (sync.dir != model::SyncDirection::kFromDevice) note(at(model::kNoteActions, "clear:cpu_dirty"));
      if (sync.dir != model::SyncDirection::kToDevice) note(at(model::kNoteActions, "clear:cpu_stale"));
    } else if (model::maps(sync.call) && sync.targets == model::Targets::kExporter) {
      note(maps ? at(model::kNoteActions, "set:own_mapping") : at(model::kNoteActions, "clear:own_mapping"));
    } else if (model::maps(sync.call) && sync.targets == model::Targets::kOwn) {
      note(maps ? at(model::kNoteActions, "keep:table") : at(model::kNoteActions, "drop:table"));
    }
  }
  return out;
}

/// `map`, then `map-2`: by the calls that it is about.
void name_clauses(std::vector<spec::Clause>& clauses) {
  std::map<std::string, unsigned> numbers;
  for (spec::Clause& clause : clauses) {
    std::string name;
    for (Id event = 0; event < model::kEventCount; ++event)
      if (clause.concerns(event)) name.append(name.empty() ? "" : "-").append(model::kEvents[event].brief);
    if (!clause.refuse.empty()) name.append("-refused");
    const unsigned number = ++numbers[name];
    clause.name = number == 1 ? name : name + "-" + std::to_string(number);
  }
}

spec::Contract assembled(const Attempt& a) {
  spec::Contract out;
  out.lifetime = a.lifetime;
  const model::FactSet used = facts_used(a);
  const auto add = [&out](Id event, spec::Clause clause) {
    for (spec::Clause& known : out.clauses)
      if (known.guards == clause.guards && known.syncs == clause.syncs && known.notes == clause.notes &&
          known.refuse == clause.refuse && !known.concerns(event))
        return static_cast<void>(known.on = static_cast<model::EventSet>(known.on | model::events(event)));
    clause.on = model::events(event);
    out.clauses.push_back(std::move(clause));
  };
  for (const auto& [event, rule] : a.rules) {
    spec::Clause clause;
    clause.guards = rule.guards;
    clause.syncs = rule.syncs;
    clause.refuse = rule.refuse;
    clause.notes = notes_of(event, rule, used);
    add(event, std::move(clause));
  }
  for (const Trigger& t : a.triggers) {
    spec::Clause clause;
    clause.guards = t.guards;
    clause.notes = {t.fact == kDirty ? at(model::kNoteActions, "set:cpu_dirty")
                                     : at(model::kNoteActions, "set:cpu_stale")};
    add(t.event, std::move(clause));
  }
  name_clauses(out.clauses);
  return out;
}

}  // namespace

Learned learn(const Samples& samples, const std::string& name, const std::string& source,
              const std::vector<Trigger>& hint) {
  std::optional<Attempt> best;
  for (const Policies& policies : candidates(samples)) {
    Attempt next = attempt(samples, policies, hint, best ? best->cost : ~0U);
    if (!best || next.cost < best->cost) best = std::move(next);
  }
  Learned out;
  out.triggers = best->triggers;
  out.contract = assembled(*best);
  out.contract.name = name;
  out.contract.title = "Learned from the behaviour of " + name;
  out.contract.source = source;
  weigh(samples, out);
  return out;
}

}  // namespace custody::checker::learn
