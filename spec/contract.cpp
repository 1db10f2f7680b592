// SPDX-License-Identifier: BSD-2-Clause
// Which clauses of a contract run, and what can be wrong with one.
#include "spec/contract.hpp"

#include <algorithm>

namespace custody::spec {

using model::at;
using model::Facts;
using model::Id;

namespace {

std::string event_name(Id event) { return std::string(model::kEvents[event].brief); }

/// What is wrong with a guard in a call that does not have what it looks at; empty where nothing is.
std::string guard_flaw(const model::Guard& guard, Id event) {
  constexpr model::FactSet kDirection =
      model::fact_bit(at(model::kFacts, "to_device")) | model::fact_bit(at(model::kFacts, "from_device"));
  const std::string found = "found \"" + std::string(guard.name) + "\", but " + event_name(event);
  if (guard.on != 0) return ((guard.on >> event) & 1U) != 0 ? std::string() : found + " gives the buffer to no device";
  for (Id f = 0; f < model::kFirstPolicy; ++f) {
    if ((guard.facts() & model::fact_bit(f)) == 0) continue;
    const model::Source source = model::kFacts[f].source;
    const bool of_attachment = source == model::Source::kAttachment || source == model::Source::kOwnNote ||
                               f == at(model::kFacts, "own_snoops");
    if (of_attachment && !model::names_attachment(event)) return found + " names no attachment";
    if ((model::fact_bit(f) & kDirection) != 0 && !model::has_direction(event)) return found + " has no direction";
    if (f == at(model::kFacts, "window") && event != at(model::kEvents, "end_cpu_access"))
      return found + " closes no window";
  }
  return {};
}

std::string sync_flaw(const model::Sync& sync, Id event) {
  const std::string found = "found \"" + model::name_of(sync) + "\", but " + event_name(event);
  const bool own = sync.targets == model::Targets::kOwn || sync.targets == model::Targets::kOthers ||
                   sync.dir == model::SyncDirection::kKept;
  if (own && !model::names_attachment(event)) return found + " names no attachment";
  const bool takes_direction = sync.targets != model::Targets::kBuffer &&
                               (sync.dir == model::SyncDirection::kCaller ||
                                (sync.targets == model::Targets::kOwn && sync.dir == model::SyncDirection::kMapping));
  if (takes_direction && !model::has_direction(event)) return found + " has no direction";
  if (sync.dir != model::SyncDirection::kMapping) return {};
  if (sync.targets == model::Targets::kAttached)
    return "found \"" + model::name_of(sync) + "\", but an attached device need not be mapped in any direction";
  if (sync.targets == model::Targets::kExporter && !sync.skip)
    return "found \"" + model::name_of(sync) + "\", but no note tells the direction of the exporter's own mapping";
  return {};
}

std::string note_flaw(const model::NoteAction& action, Id event) {
  const std::string found = "found \"" + std::string(action.name) + "\", but " + event_name(event);
  if (model::is_own_note(action.fact) && !model::names_attachment(event)) return found + " names no attachment";
  if (action.op == model::NoteOp::kKeep && !model::has_direction(event)) return found + " has no direction";
  return {};
}

/// Some values of the facts that the guards look at meet all of them, under the contract's policies. Facts that cannot
/// go together (a device that is mapped and none attached) are not told apart: a clause that is let pass can still
/// never run.
bool can_hold(const Clause& clause, const model::Policies& policies) {
  Facts facts;
  facts.set(policies);
  model::FactSet looked_at = clause.facts();
  for (std::size_t p = 0; p < model::kPolicyCount; ++p)
    looked_at &= ~model::fact_bit(static_cast<Id>(model::kFirstPolicy + p));
  do
    if (clause.holds(facts)) return true;
  while (next_combination(facts, looked_at));
  return false;
}

/// A clause that looks at more facts is refused: going through their values would take too long.
constexpr std::size_t kMaxCombinations = std::size_t{1} << 16U;
std::size_t combinations_of(model::FactSet facts) {
  std::size_t count = 1;
  for (Id f = 0; f < model::kFirstPolicy; ++f)
    if ((facts & model::fact_bit(f)) != 0)
      count = std::min(count * (model::kFacts[f].most + std::size_t{1}), kMaxCombinations + 1);
  return count;
}

std::optional<Flaw> flaw_on(const Clause& clause, Id event) {
  for (std::size_t i = 0; i < clause.guards.size(); ++i)
    if (std::string flaw = guard_flaw(model::kGuards[clause.guards[i]], event); !flaw.empty())
      return Flaw{clause.name, "/if/" + std::to_string(i), flaw};
  for (std::size_t i = 0; i < clause.syncs.size(); ++i)
    if (std::string flaw = sync_flaw(clause.syncs[i], event); !flaw.empty())
      return Flaw{clause.name, "/do/" + std::to_string(i), flaw};
  for (std::size_t i = 0; i < clause.notes.size(); ++i)
    if (std::string flaw = note_flaw(model::kNoteActions[clause.notes[i]], event); !flaw.empty())
      return Flaw{clause.name, "/then/" + std::to_string(i), flaw};
  return std::nullopt;
}

}  // namespace

const Clause* Contract::find_clause(std::string_view clause) const {
  for (const Clause& c : clauses)
    if (c.name == clause) return &c;
  return nullptr;
}

bool Contract::uses_note(Id fact) const {
  return std::any_of(clauses.begin(), clauses.end(), [fact](const Clause& clause) {
    return std::any_of(clause.notes.begin(), clause.notes.end(),
                       [fact](Id note) { return model::kNoteActions[note].fact == fact; });
  });
}

bool Contract::looks_at(Id fact) const {
  return std::any_of(clauses.begin(), clauses.end(),
                     [fact](const Clause& clause) { return (clause.facts() & model::fact_bit(fact)) != 0; });
}

std::vector<const Clause*> clauses_of(const Contract& contract, Id event, const Facts& facts) {
  std::vector<const Clause*> out;
  for (const Clause& clause : contract.clauses) {
    if (!clause.concerns(event) || !clause.holds(facts)) continue;
    if (!clause.refuse.empty()) return {&clause};
    out.push_back(&clause);
  }
  return out;
}

std::optional<Flaw> flaw_of(const Contract& contract) {
  for (const Clause& clause : contract.clauses) {
    for (Id event = 0; event < model::kEventCount; ++event)
      if (clause.concerns(event))
        if (auto flaw = flaw_on(clause, event)) return flaw;
    if (combinations_of(clause.facts()) > kMaxCombinations)
      return Flaw{clause.name, "/if",
                  "its guards look at too many facts, expected at most " + std::to_string(kMaxCombinations) +
                      " combinations of their values"};
    if (!can_hold(clause, contract.lifetime.policies))
      return Flaw{clause.name, "/if", "it can never run: its guards exclude each other"};
  }
  return std::nullopt;
}

}  // namespace custody::spec
