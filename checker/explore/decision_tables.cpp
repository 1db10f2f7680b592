// SPDX-License-Identifier: BSD-2-Clause
// Asks the machines about every combination of facts, before searches begin.
#include "checker/explore/decision_tables.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace custody::checker::explore {

using model::at;
using model::Facts;
using model::FactSet;
using model::Id;
using model::kFacts;
using model::MachineId;

namespace {

/// A larger table is refused: the clauses on one call look at too much together.
constexpr std::size_t kMaxCombinations = std::size_t{1} << 16U;

/// Calls that a search makes.
bool is_explored(Id event) {
  return event != at(model::kEvents, "pin") && event != at(model::kEvents, "unpin") &&
         event != at(model::kEvents, "move_notify");
}

/// Its value is the same whenever the call is made, or follows from the owner's states.
bool is_settled(Id fact, Id event) {
  if (fact == at(kFacts, "owner") || fact == at(kFacts, "next_owner")) return true;
  if (fact == at(kFacts, "own_snoops")) return !model::names_attachment(event);
  return false;
}

/// What a guard looks at where policies, and whether the call has a device, are known: alternatives that they rule out
/// look at nothing.
FactSet facts_of_guard(const model::Guard& guard, Id event, const Facts& known) {
  FactSet facts = 0;
  for (const model::All& all : guard.any) {
    bool possible = true;
    FactSet seen = 0;
    for (const model::Test& test : all) {
      const bool constant =
          model::is_policy(test.fact) || (test.fact == at(kFacts, "own_snoops") && !model::names_attachment(event));
      possible = possible && (!constant || test.holds(known));
      seen |= model::fact_bit(test.fact);
    }
    if (possible) facts |= seen;
  }
  return facts;
}

FactSet facts_of_guards(const auto& guards, Id event, const Facts& known) {
  FactSet facts = 0;
  for (const Id guard : guards) facts |= facts_of_guard(model::kGuards[guard], event, known);
  return facts;
}

FactSet facts_of_machine(MachineId machine, Id state, Id event, const Facts& known) {
  FactSet facts = 0;
  for (const model::Row& row : model::machine(machine).rows)
    if (row.concerns(state, event)) facts |= facts_of_guards(row.guards, event, known);
  return facts;
}

/// The place of `value` in `list`, to whose end it is added where it is new.
template <class T>
std::uint16_t intern(std::vector<T>& list, const T& value) {
  const auto found = std::find(list.begin(), list.end(), value);
  const auto place = static_cast<std::uint16_t>(found - list.begin());
  if (found == list.end()) list.push_back(value);
  return place;
}

}  // namespace

model::Fired DecisionTables::fire(MachineId machine, Id state, Id event, const Facts& values) const {
  const auto& machines = contract_.lifetime.machines;
  return machines.fire(machines.context, machine, state, event, values, nullptr);
}

Facts DecisionTables::known_of(Id event) const {
  constexpr std::size_t kNoDevice = 2;
  Facts known;
  known.set(contract_.lifetime.policies);
  if (!model::names_attachment(event)) known.set(at(kFacts, "own_snoops"), kNoDevice);
  return known;
}

FactSet DecisionTables::facts_of(const Situation& situation) const {
  const Id event = situation.event;
  const Facts known = known_of(event);
  FactSet facts = facts_of_machine(model::owner_machine(contract_.lifetime.policies), situation.state, event, known);
  if (const auto part = model::part_of(event))
    facts |= facts_of_machine(part->machine, situation.part_exists ? part->exists : part->is_gone, event, known);
  for (const spec::Clause& clause : contract_.clauses)
    if (clause.concerns(event)) facts |= facts_of_guards(clause.guards, event, known);
  FactSet varying = 0;
  for (Id f = 0; f < model::kFirstPolicy; ++f)
    if (!is_settled(f, event)) varying |= facts & model::fact_bit(f);
  return varying;
}

std::uint16_t DecisionTables::select(Id event, const Facts& values) {
  const Selection selection{event, spec::clauses_of(contract_, event, values)};
  return selection.clauses.empty() ? kNoSelection : intern(selections_, selection);
}

Response DecisionTables::respond(const Situation& situation, Facts& values) {
  Response out;
  const model::Fired owner =
      fire(model::owner_machine(contract_.lifetime.policies), situation.state, situation.event, values);
  out.owner = owner.row;
  out.to = owner.to;
  if (const auto part = model::part_of(situation.event)) {
    const model::Fired fired =
        fire(part->machine, situation.part_exists ? part->exists : part->is_gone, situation.event, values);
    out.part = fired.row;
    out.part_to = fired.to;
  }
  values.set(at(kFacts, "owner"), model::owner_code(situation.state));
  values.set(at(kFacts, "next_owner"), model::owner_code(out.to));
  if (!out.is_refused() && !out.owner->without_effect) out.selection = select(situation.event, values);
  return out;
}

DecisionTable DecisionTables::tabulate(const Situation& situation) {
  DecisionTable table;
  std::size_t size = 1;
  const FactSet facts = facts_of(situation);
  for (Id f = 0; f < model::kFirstPolicy; ++f) {
    if ((facts & model::fact_bit(f)) == 0) continue;
    table.terms.push_back({f, kFacts[f].most, static_cast<std::uint32_t>(size)});
    size *= kFacts[f].most + std::size_t{1};
    if (size > kMaxCombinations)
      throw std::invalid_argument("the clauses on " + std::string(model::kEvents[situation.event].brief) +
                                  " look at too many facts together: more than " + std::to_string(kMaxCombinations) +
                                  " combinations of their values");
  }
  table.responses.resize(size);
  const Facts known = known_of(situation.event);
  for (std::size_t i = 0; i < size; ++i) {
    Facts values = known;
    for (const FactTerm& term : table.terms)
      values.v[term.fact] = static_cast<std::uint8_t>(i / term.weight % (term.most + std::size_t{1}));
    table.responses[i] = intern(responses_, respond(situation, values));
  }
  return table;
}

DecisionTables::DecisionTables(const spec::Contract& contract)
    : contract_(contract), tables_(model::kOwnerStates * model::kEventCount * 2) {
  for (Id state = 0; state < model::kOwnerStates; ++state)
    for (Id event = 0; event < model::kEventCount; ++event)
      for (const bool exists : {false, true}) {
        const Situation situation{state, event, exists};
        if (is_explored(event)) tables_[situation.index()] = tabulate(situation);
      }
  Facts values;
  values.set(contract_.lifetime.policies);
  values.set(at(kFacts, "kernel_mappings"), 1);
  const model::Fired bracket = fire(MachineId::kKernelMapping, at(model::kStates, "MappedForCpu"),
                                    at(model::kEvents, "begin_cpu_access"), values);
  brackets_ = bracket.row != nullptr && !bracket.row->actions.empty();
}

}  // namespace custody::checker::explore
