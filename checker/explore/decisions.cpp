// SPDX-License-Identifier: BSD-2-Clause
// Asks the machines about every combination of facts, before the search begins.
#include "checker/explore/decisions.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace custody::checker {

using model::at;
using model::Direction;
using model::Facts;
using model::FactSet;
using model::Id;
using model::kFacts;
using model::MachineId;

namespace {

constexpr Id kEnd = at(model::kEvents, "end_cpu_access"), kBegin = at(model::kEvents, "begin_cpu_access");
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

}  // namespace

model::Operation Decisions::operation_of(const model::Sync& sync, Direction dir) const {
  return cached_ ? model::operation_of(sync, dir, *configuration_.arch, skips_implicit_) : model::Operation::kNone;
}

model::Fired Decisions::fire(MachineId machine, Id state, Id event, const Facts& values) const {
  return lifetime_.machines.fire(lifetime_.machines.context, machine, state, event, values, nullptr);
}

const Program* Decisions::program_of(const spec::Contract& contract, Id event, const Facts& values) {
  ProgramKey key(event, spec::clauses_of(contract, event, values));
  if (key.second.empty()) return nullptr;
  for (const auto& [known, program] : programs_)
    if (known == key) return program.get();
  auto program = std::make_unique<Program>();
  for (const spec::Clause* const clause : key.second) {
    program->refuses = program->refuses || !clause->refuse.empty();
    program->notes.insert(program->notes.end(), clause->notes.begin(), clause->notes.end());
    for (std::size_t d = 0; d < program->plans.size(); ++d)
      for (const model::Sync& sync : clause->syncs) {
        // An unmap is called in the direction of its mapping; the exporter's own one is known to the exporter alone.
        const auto call = static_cast<Direction>(d);
        const Direction mapped = sync.targets == model::Targets::kOwn ? call : Direction::kNone;
        const Direction dir = model::direction_of(sync, call, mapped, Direction::kNone);
        program->plans[d].push_back({clause, sync, dir, operation_of(sync, dir)});
      }
  }
  programs_.emplace_back(std::move(key), std::move(program));
  return programs_.back().second.get();
}

Facts Decisions::known_of(Id event) const {
  constexpr std::size_t kNoDevice = 2;
  Facts known;
  known.set(lifetime_.policies);
  if (!model::names_attachment(event)) known.set(at(kFacts, "own_snoops"), kNoDevice);
  return known;
}

FactSet Decisions::facts_of(const spec::Contract& contract, const Situation& situation) const {
  const Id event = situation.event;
  const Facts known = known_of(event);
  FactSet facts = facts_of_machine(model::owner_machine(lifetime_.policies), situation.state, event, known);
  if (const auto part = model::part_of(event))
    facts |= facts_of_machine(part->machine, situation.part_exists ? part->exists : part->is_gone, event, known);
  for (const spec::Clause& clause : contract.clauses)
    if (clause.concerns(event)) facts |= facts_of_guards(clause.guards, event, known);
  FactSet varying = 0;
  for (Id f = 0; f < model::kFirstPolicy; ++f)
    if (!is_settled(f, event)) varying |= facts & model::fact_bit(f);
  return varying;
}

Decision Decisions::decide_by(const spec::Contract& contract, const Situation& situation, Facts& values) {
  Decision out;
  const model::Fired owner = fire(model::owner_machine(lifetime_.policies), situation.state, situation.event, values);
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
  if (!out.is_refused() && !out.owner->without_effect) out.program = program_of(contract, situation.event, values);
  return out;
}

std::uint16_t Decisions::intern(const Decision& decision) {
  const auto found = std::find(decisions_.begin(), decisions_.end(), decision);
  if (found != decisions_.end()) return static_cast<std::uint16_t>(found - decisions_.begin());
  decisions_.push_back(decision);
  return static_cast<std::uint16_t>(decisions_.size() - 1);
}

Decisions::Table Decisions::tabulate(const spec::Contract& contract, const Situation& situation) {
  Table table;
  std::size_t size = 1;
  const FactSet facts = facts_of(contract, situation);
  for (Id f = 0; f < model::kFirstPolicy; ++f) {
    if ((facts & model::fact_bit(f)) == 0) continue;
    const std::optional<Slot> slot = slot_of(f);
    const From from = !slot ? From::kElsewhere : f == at(kFacts, "kept") ? From::kBlock : From::kBuffer;
    table.terms.push_back({f, kFacts[f].most, from, slot.value_or(Slot{}), static_cast<std::uint32_t>(size)});
    size *= kFacts[f].most + std::size_t{1};
    if (size > kMaxCombinations)
      throw std::invalid_argument("the clauses on " + std::string(model::kEvents[situation.event].brief) +
                                  " look at too many facts together: more than " + std::to_string(kMaxCombinations) +
                                  " combinations of their values");
  }
  table.decisions.resize(size);
  const Facts known = known_of(situation.event);
  for (std::size_t i = 0; i < size; ++i) {
    Facts values = known;
    for (const Term& term : table.terms)
      values.v[term.fact] = static_cast<std::uint8_t>(i / term.weight % (term.most + std::size_t{1}));
    table.decisions[i] = intern(decide_by(contract, situation, values));
  }
  return table;
}

Decisions::Decisions(const spec::Contract& contract, const Configuration& configuration, const Layout& layout)
    : configuration_(configuration), layout_(layout), lifetime_(contract.lifetime),
      cached_(contract.memory == "cached"), skips_implicit_(contract.skips_implicit()),
      tables_(model::kOwnerStates * model::kEventCount * 2) {
  for (Id state = 0; state < model::kOwnerStates; ++state)
    for (Id event = 0; event < model::kEventCount; ++event)
      for (const bool exists : {false, true}) {
        const Situation situation{state, event, exists};
        if (is_explored(event)) tables_[situation.index()] = tabulate(contract, situation);
      }
  Facts values;
  values.set(lifetime_.policies);
  values.set(at(kFacts, "kernel_mappings"), 1);
  const model::Fired bracket = fire(MachineId::kKernelMapping, at(model::kStates, "MappedForCpu"), kBegin, values);
  brackets_ = bracket.row != nullptr && !bracket.row->actions.empty();
}

bool Decisions::closes_window(Packed s, const Deed& deed) const {
  const unsigned code = model::code_of(deed.dir) + deed.blocks * 4U;
  return get(s, layout_.window[0]) == code || get(s, layout_.window[1]) == code;
}

unsigned Decisions::value_of(Id fact, Packed s, const Deed& deed, Id event) const {
  const auto own_mapped = [&] { return layout_.is_mapped(s, deed.device) ? 1U : 0U; };
  switch (fact) {
    case at(kFacts, "windows"): return layout_.open_windows(s);
    case at(kFacts, "cpu_mappings"): return get(s, layout_.kernel_users) + get(s, layout_.user_mappings);
    case at(kFacts, "own_attached"): return layout_.is_attached(s, deed.device) ? 1U : 0U;
    case at(kFacts, "others_attached"):
      return get(s, layout_.fact[at(kFacts, "attached")]) - (layout_.is_attached(s, deed.device) ? 1U : 0U);
    case at(kFacts, "others_mapped"): return get(s, layout_.fact[at(kFacts, "mapped")]) - own_mapped();
    case at(kFacts, "own_maps"): return own_mapped();
    case at(kFacts, "own_snoops"): return configuration_.snoops(deed.device) ? 1U : 0U;
    // Each window is another task's, and is closed as it was opened.
    case at(kFacts, "window"): return event == kEnd && closes_window(s, deed) ? 2U : 0U;
    case at(kFacts, "to_device"): return model::device_may_read(deed.dir) ? 1U : 0U;
    case at(kFacts, "from_device"): return model::device_may_write(deed.dir) ? 1U : 0U;
    default: return 0;
  }
}

std::optional<Slot> Decisions::slot_of(Id fact) const {
  switch (fact) {
    case at(kFacts, "kernel_mappings"): return layout_.kernel_users;
    case at(kFacts, "user_mappings"): return layout_.user_mappings;
    case at(kFacts, "bracketed"): return layout_.bracketed;
    case at(kFacts, "kept"): return layout_.block.kept;
    default: break;
  }
  const model::Source source = kFacts[fact].source;
  const bool is_stored = layout_.fact[fact].width != 0 || source == model::Source::kNote;
  return is_stored ? std::optional(layout_.fact[fact]) : std::nullopt;
}

bool Decisions::part_exists(Packed s, const Deed& deed, Id event) const {
  const auto part = model::part_of(event);
  if (!part) return false;
  switch (part->machine) {
    case MachineId::kAttachment: return layout_.is_attached(s, deed.device);
    case MachineId::kWindow: return event == kEnd && closes_window(s, deed);
    case MachineId::kKernelMapping: return get(s, layout_.kernel_users) != 0;
    case MachineId::kUserMapping: return get(s, layout_.user_mappings) != 0;
    case MachineId::kOwner:
    case MachineId::kMappingOwner: break;
  }
  return false;
}

const Decision& Decisions::decide(Packed s, const Deed& deed) const {
  const Id event = event_of(deed.kind);
  const Situation situation{static_cast<Id>(get(s, layout_.state)), event, part_exists(s, deed, event)};
  const Table& table = tables_[situation.index()];
  std::size_t index = 0;
  for (const Term& term : table.terms) {
    const unsigned value = term.from == From::kBuffer  ? get(s, term.slot)
                           : term.from == From::kBlock ? get(s, layout_.of_device(deed.device, term.slot))
                                                       : value_of(term.fact, s, deed, event);
    index += std::size_t{term.weight} * std::min<unsigned>(value, term.most);
  }
  return decisions_[table.decisions[index]];
}

}  // namespace custody::checker
