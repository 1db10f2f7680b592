// SPDX-License-Identifier: BSD-2-Clause
// Finds in a state what the tables of its contract are indexed by.
#include "checker/explore/decisions.hpp"

#include <algorithm>

namespace custody::checker::explore {

using model::at;
using model::Direction;
using model::Id;
using model::kFacts;
using model::MachineId;

namespace {

constexpr Id kEnd = at(model::kEvents, "end_cpu_access");

}  // namespace

model::Operation Decisions::operation_of(const model::Sync& sync, Direction dir) const {
  return cached_ ? model::operation_of(sync, dir, *configuration_.arch, skips_implicit_) : model::Operation::kNone;
}

Program Decisions::program_of(const Selection& selection) const {
  Program program;
  for (const spec::Clause* const clause : selection.clauses) {
    program.refuses = program.refuses || !clause->refuse.empty();
    program.notes.insert(program.notes.end(), clause->notes.begin(), clause->notes.end());
    for (std::size_t d = 0; d < program.plans.size(); ++d)
      for (const model::Sync& sync : clause->syncs) {
        // An unmap is called in the direction of its mapping; the exporter's own one is known to the exporter alone.
        const auto call = static_cast<Direction>(d);
        const Direction mapped = sync.targets == model::Targets::kOwn ? call : Direction::kNone;
        const Direction dir = model::direction_of(sync, call, mapped, Direction::kNone);
        program.plans[d].push_back({clause, sync, dir, operation_of(sync, dir)});
      }
  }
  return program;
}

Decisions::Term Decisions::located(const FactTerm& term) const {
  const std::optional<Slot> slot = slot_of(term.fact);
  const From from = !slot ? From::kElsewhere : term.fact == at(kFacts, "kept") ? From::kBlock : From::kBuffer;
  return {term.fact, term.most, from, slot.value_or(Slot{}), term.weight};
}

Decisions::Decisions(const DecisionTables& tables, const Configuration& configuration, const Layout& layout)
    : configuration_(configuration), layout_(layout), cached_(tables.contract().memory == "cached"),
      skips_implicit_(tables.contract().skips_implicit()), brackets_(tables.brackets()) {
  for (const Selection& selection : tables.selections()) programs_.push_back(program_of(selection));
  for (const Response& response : tables.responses())
    decisions_.push_back({response, response.selection == kNoSelection ? nullptr : &programs_[response.selection]});
  for (const DecisionTable& table : tables.tables()) {
    Table& mine = tables_.emplace_back(Table{{}, table.responses});
    for (const FactTerm& term : table.terms) mine.terms.push_back(located(term));
  }
}

bool Decisions::closes_window(Packed s, const Label& label) const {
  const unsigned code = model::code_of(label.dir) + label.blocks * 4U;
  return get(s, layout_.window[0]) == code || get(s, layout_.window[1]) == code;
}

unsigned Decisions::value_of(Id fact, Packed s, const Label& label, Id event) const {
  const auto own_mapped = [&] { return layout_.is_mapped(s, label.device) ? 1U : 0U; };
  switch (fact) {
    case at(kFacts, "windows"): return layout_.open_windows(s);
    case at(kFacts, "cpu_mappings"): return get(s, layout_.kernel_users) + get(s, layout_.user_mappings);
    case at(kFacts, "own_attached"): return layout_.is_attached(s, label.device) ? 1U : 0U;
    case at(kFacts, "others_attached"):
      return get(s, layout_.fact[at(kFacts, "attached")]) - (layout_.is_attached(s, label.device) ? 1U : 0U);
    case at(kFacts, "others_mapped"): return get(s, layout_.fact[at(kFacts, "mapped")]) - own_mapped();
    case at(kFacts, "own_maps"): return own_mapped();
    case at(kFacts, "own_snoops"): return configuration_.snoops(label.device) ? 1U : 0U;
    // Each window is another task's, and is closed as it was opened.
    case at(kFacts, "window"): return event == kEnd && closes_window(s, label) ? 2U : 0U;
    case at(kFacts, "to_device"): return model::device_may_read(label.dir) ? 1U : 0U;
    case at(kFacts, "from_device"): return model::device_may_write(label.dir) ? 1U : 0U;
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

bool Decisions::part_exists(Packed s, const Label& label, Id event) const {
  const auto part = model::part_of(event);
  if (!part) return false;
  switch (part->machine) {
    case MachineId::kAttachment: return layout_.is_attached(s, label.device);
    case MachineId::kWindow: return event == kEnd && closes_window(s, label);
    case MachineId::kKernelMapping: return get(s, layout_.kernel_users) != 0;
    case MachineId::kUserMapping: return get(s, layout_.user_mappings) != 0;
    case MachineId::kOwner:
    case MachineId::kMappingOwner: break;
  }
  return false;
}

const Decision& Decisions::decide(Packed s, const Label& label) const {
  const Id event = event_of(label.kind);
  const Situation situation{static_cast<Id>(get(s, layout_.state)), event, part_exists(s, label, event)};
  const Table& table = tables_[situation.index()];
  std::size_t index = 0;
  for (const Term& term : table.terms) {
    const unsigned value = term.from == From::kBuffer  ? get(s, term.slot)
                           : term.from == From::kBlock ? get(s, layout_.of_device(label.device, term.slot))
                                                       : value_of(term.fact, s, label, event);
    index += std::size_t{term.weight} * std::min<unsigned>(value, term.most);
  }
  return decisions_[table.decisions[index]];
}

}  // namespace custody::checker::explore
