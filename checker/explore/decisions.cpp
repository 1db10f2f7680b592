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

constexpr Id kCpuOwned = at(model::kStates, "CpuOwned"), kDeviceOwned = at(model::kStates, "DeviceOwned");
constexpr Id kEnd = at(model::kEvents, "end_cpu_access"), kBegin = at(model::kEvents, "begin_cpu_access");
/// A larger table is refused.
constexpr std::size_t kMaxCombinations = std::size_t{1} << 16U;

unsigned owner_code(Id state) { return state == kCpuOwned ? 1 : state == kDeviceOwned ? 2 : 0; }

FactSet without_policies(FactSet facts) { return facts & ((FactSet{1} << model::kFirstPolicy) - 1U); }

}  // namespace

template <class Value>
Decisions::Table<Value> Decisions::tabulate(FactSet facts, Id event, const auto& value_of) const {
  Table<Value> table;
  std::size_t size = 1;
  for (Id f = 0; f < model::kFirstPolicy; ++f) {
    if ((facts & model::fact_bit(f)) == 0) continue;
    table.terms.push_back({f, static_cast<std::uint32_t>(size)});
    size *= model::kFacts[f].most + std::size_t{1};
    if (size > kMaxCombinations)
      throw std::invalid_argument("the clauses on " + std::string(model::kEvents[event].brief) +
                                  " look at too many facts together: more than " + std::to_string(kMaxCombinations) +
                                  " combinations of their values");
  }
  table.values.resize(size);
  for (std::size_t i = 0; i < size; ++i) {
    Facts values;
    values.set(lifetime_.policies);
    std::size_t rest = i;
    for (const auto& term : table.terms) {
      const std::size_t count = model::kFacts[term.fact].most + std::size_t{1};
      values.v[term.fact] = static_cast<std::uint8_t>(rest % count);
      rest /= count;
    }
    table.values[i] = value_of(values);
  }
  return table;
}

void Decisions::tabulate_machine(MachineId id, Machine& out) const {
  const model::Machine& machine = model::machine(id);
  for (Id state = 0; state < model::kStateCount; ++state)
    for (Id event = 0; event < model::kEventCount; ++event) {
      FactSet facts = 0;
      for (const model::Row& row : machine.rows)
        if (row.concerns(state, event)) facts |= row.facts();
      out[state * model::kEventCount + event] =
          tabulate<Answer>(without_policies(facts), event, [&](const Facts& values) {
            const model::Fired fired =
                lifetime_.machines.fire(lifetime_.machines.context, id, state, event, values, nullptr);
            return Answer{fired.row, fired.to};
          });
    }
}

model::Operation Decisions::operation_of(const model::Sync& sync, Direction dir) const {
  return cached_ ? model::operation_of(sync, dir, *configuration_.arch, skips_implicit_) : model::Operation::kNone;
}

const Program* Decisions::program_of(std::uint64_t clauses, const std::vector<const spec::Clause*>& all) {
  if (clauses == 0) return nullptr;
  auto program = std::make_unique<Program>();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (((clauses >> i) & 1U) == 0) continue;
    const spec::Clause& clause = *all[i];
    program->refuses = program->refuses || !clause.refuse.empty();
    program->notes.insert(program->notes.end(), clause.notes.begin(), clause.notes.end());
    for (std::size_t d = 0; d < program->plans.size(); ++d)
      for (const model::Sync& sync : clause.syncs) {
        // An unmap is called in the direction of its mapping; the exporter's own one is known to the exporter alone.
        const auto call = static_cast<Direction>(d);
        const Direction mapped = sync.targets == model::Targets::kOwn ? call : Direction::kNone;
        const Direction dir = model::direction_of(sync, call, mapped, Direction::kNone);
        program->plans[d].push_back({&clause, sync, dir, operation_of(sync, dir)});
      }
  }
  known_.emplace_back(clauses, std::move(program));
  return known_.back().second.get();
}

void Decisions::tabulate_programs(const spec::Contract& contract) {
  for (Id event = 0; event < model::kEventCount; ++event) {
    std::vector<const spec::Clause*> all;
    FactSet facts = 0;
    for (const spec::Clause& clause : contract.clauses) {
      if (!clause.concerns(event)) continue;
      all.push_back(&clause);
      facts |= clause.facts();
    }
    const std::size_t first = known_.size();
    programs_[event] = tabulate<const Program*>(without_policies(facts), event, [&](const Facts& values) {
      std::uint64_t run = 0;
      for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i]->holds(values)) run |= std::uint64_t{1} << i;
      for (std::size_t k = first; k < known_.size(); ++k)
        if (known_[k].first == run) return static_cast<const Program*>(known_[k].second.get());
      return program_of(run, all);
    });
  }
}

Decisions::Decisions(const spec::Contract& contract, const Configuration& configuration, const Layout& layout)
    : configuration_(configuration), layout_(layout), lifetime_(contract.lifetime),
      cached_(contract.memory == "cached"), skips_implicit_(contract.skips_implicit()) {
  tabulate_machine(model::owner_machine(lifetime_.policies), owner_);
  tabulate_machine(MachineId::kAttachment, attachment_);
  tabulate_machine(MachineId::kWindow, window_);
  tabulate_machine(MachineId::kKernelMapping, kernel_);
  tabulate_machine(MachineId::kUserMapping, user_);
  Facts values;
  values.set(lifetime_.policies);
  values.set(at(kFacts, "kernel_mappings"), 1);
  const model::Fired bracket = lifetime_.machines.fire(lifetime_.machines.context, MachineId::kKernelMapping,
                                                       at(model::kStates, "MappedForCpu"), kBegin, values, nullptr);
  brackets_ = bracket.row != nullptr && !bracket.row->actions.empty();
  tabulate_programs(contract);
}

bool Decisions::closes_window(Packed s, const Deed& deed) const {
  const unsigned code = model::code_of(deed.dir) + deed.blocks * 4U;
  return get(s, layout_.window[0]) == code || get(s, layout_.window[1]) == code;
}

unsigned Decisions::value_of(Id fact, Packed s, const Deed& deed, Id was, Id is) const {
  const auto slot = [&] { return get(s, layout_.fact[fact]); };
  const auto own_mapped = [&] { return layout_.is_mapped(s, deed.device) ? 1U : 0U; };
  const Id event = event_of(deed.kind);
  switch (fact) {
    case at(kFacts, "windows"): return layout_.open_windows(s);
    case at(kFacts, "kernel_mappings"): return get(s, layout_.kernel_users);
    case at(kFacts, "user_mappings"): return get(s, layout_.user_mappings);
    case at(kFacts, "cpu_mappings"): return get(s, layout_.kernel_users) + get(s, layout_.user_mappings);
    case at(kFacts, "bracketed"): return get(s, layout_.bracketed);
    case at(kFacts, "others_attached"):
      return get(s, layout_.fact[at(kFacts, "attached")]) - (layout_.is_attached(s, deed.device) ? 1U : 0U);
    case at(kFacts, "own_attached"): return layout_.is_attached(s, deed.device) ? 1U : 0U;
    case at(kFacts, "others_mapped"): return get(s, layout_.fact[at(kFacts, "mapped")]) - own_mapped();
    case at(kFacts, "own_maps"): return own_mapped();
    case at(kFacts, "own_snoops"):
      return !model::names_attachment(event) ? 2U : configuration_.snoops(deed.device) ? 1U : 0U;
    // Each window is another task's, and is closed as it was opened.
    case at(kFacts, "window"): return event == kEnd && closes_window(s, deed) ? 2U : 0U;
    case at(kFacts, "to_device"): return model::device_may_read(deed.dir) ? 1U : 0U;
    case at(kFacts, "from_device"): return model::device_may_write(deed.dir) ? 1U : 0U;
    case at(kFacts, "owner"): return owner_code(was);
    case at(kFacts, "next_owner"): return owner_code(is);
    case at(kFacts, "kept"): return get(s, layout_.of_device(deed.device, layout_.block.kept));
    default: return slot();
  }
}

template <class Value>
const Value& Decisions::look_up(const Table<Value>& table, Packed s, const Deed& deed, Id was, Id is) const {
  std::size_t index = 0;
  for (const auto& term : table.terms)
    index += std::size_t{term.weight} *
             std::min<unsigned>(value_of(term.fact, s, deed, was, is), model::kFacts[term.fact].most);
  return table.values[index];
}

Decision Decisions::decide(Packed s, const Deed& deed) const {
  const Id event = event_of(deed.kind), was = static_cast<Id>(get(s, layout_.state));
  const auto ask = [&](const Machine& machine, Id state) -> const Answer& {
    return look_up(machine[state * model::kEventCount + event], s, deed, was, was);
  };
  Decision out;
  const Answer& owner = ask(owner_, was);
  out.owner = owner.row;
  out.to = owner.to;
  const auto part = [&](const Machine& machine, Id state) {
    const Answer& answer = ask(machine, state);
    out.part = answer.row;
    out.part_to = answer.to;
  };
  constexpr Id kAttachedState = at(model::kStates, "Attached"), kDetached = at(model::kStates, "Detached"),
               kOpen = at(model::kStates, "Open"), kClosed = at(model::kStates, "Closed"),
               kMappedForCpu = at(model::kStates, "MappedForCpu"), kUnmapped = at(model::kStates, "Unmapped");
  if (model::names_attachment(event))
    part(attachment_, layout_.is_attached(s, deed.device) ? kAttachedState : kDetached);
  else if (is_window_call(deed.kind)) part(window_, event == kEnd && closes_window(s, deed) ? kOpen : kClosed);
  else if (deed.kind == Deed::Kind::kVmap || deed.kind == Deed::Kind::kVunmap)
    part(kernel_, get(s, layout_.kernel_users) != 0 ? kMappedForCpu : kUnmapped);
  else if (deed.kind == Deed::Kind::kMmap || deed.kind == Deed::Kind::kMunmap)
    part(user_, get(s, layout_.user_mappings) != 0 ? kMappedForCpu : kUnmapped);
  if (out.is_refused() || out.owner->without_effect) return out;
  out.program = look_up(programs_[event], s, deed, was, out.to);
  return out;
}

}  // namespace custody::checker
