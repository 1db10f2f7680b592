// SPDX-License-Identifier: BSD-2-Clause
// The lifetime and the contracts as documents.
#include "spec/render/lifetime.hpp"

#include <fmt/format.h>

#include "spec/render/words.hpp"

namespace custody::spec::render {

namespace {

using model::Id;
using model::Machine;
using model::Row;

std::string guards_of(const Row& row) { return row.guards.empty() ? "" : codes(names_in(row.guards, model::kGuards)); }
std::string reason(const Row& row) { return fmt::format("{} {}", row.why, row.cite); }
std::string leads_to(const Row& row) {
  const std::string to(target(row));
  return row.without_effect ? to + ", without effect" : to;
}
std::string from(const Row& row) {
  std::vector<std::string> names;
  for (const std::string_view name : names_of(row.from)) names.emplace_back(name);
  return joined(names, ", ", "-");
}

std::string transitions(const Machine& machine) {
  std::string out = head({"row", "on", "from", "if", "to", "why"});
  for (const Row& row : machine.rows)
    if (!row.is_refusal())
      out += line({std::string(row.id), calls(row.on), from(row), guards_of(row), leads_to(row), reason(row)});
  return out + "\n";
}

std::string refusals(const Machine& machine) {
  std::string out = head({"row", "on", "from", "if", "rule", "the kernel goes to", "why"});
  for (const Row& row : machine.rows)
    if (row.is_refusal())
      out += line({std::string(row.id), calls(row.on), from(row), guards_of(row), std::string(row.rule),
                   std::string(target(row)), reason(row)});
  return out + "\n";
}

/// The rows that answer in the state.
std::string answers(const Machine& machine, Id state, Id event) {
  std::vector<std::string> ids;
  for (const Row& row : machine.rows)
    if (row.concerns(state, event)) ids.emplace_back(row.id);
  return joined(ids, ", ", "");
}

/// A row that alone answers every call but one at most.
const Row* answers_nearly_all(const Machine& machine, Id state) {
  for (const Row& row : machine.rows) {
    std::size_t others = 0;
    for (Id e = 0; e < model::kEventCount; ++e) others += answers(machine, state, e) != row.id ? 1U : 0U;
    if (((row.from >> state) & 1U) != 0 && others <= 1) return &row;
  }
  return nullptr;
}

bool are_answered_alike(const Machine& machine, Id a, Id b) {
  for (Id e = 0; e < model::kEventCount; ++e)
    if (answers(machine, a, e) != answers(machine, b, e)) return false;
  return true;
}

/// States by what answers in them: those that are alike share a column; one refusal for all is said in a sentence.
struct Columns {
  std::vector<model::StateSet> sets;
  std::string left_out;
};
Columns columns_of(const Machine& machine) {
  Columns columns;
  model::StateSet done = 0;
  for (Id s = 0; s < model::kStateCount; ++s) {
    if (((machine.states >> s) & 1U) == 0 || ((done >> s) & 1U) != 0) continue;
    if (const Row* row = answers_nearly_all(machine, s)) {
      columns.left_out += fmt::format(" In {}: {} on {}.", model::kStates[s].name, row->id, calls(row->on));
      continue;
    }
    model::StateSet alike = 0;
    for (Id t = s; t < model::kStateCount; ++t)
      if (((machine.states >> t) & 1U) != 0 && are_answered_alike(machine, s, t)) alike |= model::states(t);
    columns.sets.push_back(alike);
    done |= alike;
  }
  return columns;
}

/// What answers an event in each column.
std::vector<std::string> answers(const Machine& machine, const Columns& columns, Id event) {
  std::vector<std::string> cells;
  for (const model::StateSet set : columns.sets) {
    Id state = 0;
    while (((set >> state) & 1U) == 0) ++state;
    cells.push_back(answers(machine, state, event));
  }
  return cells;
}

/// Events that are answered alike share a line.
std::string matrix(const Machine& machine) {
  const Columns columns = columns_of(machine);
  std::string out = fmt::format("Which rows answer; an `x` in an id is a refusal.{}\n\n", columns.left_out);
  std::vector<std::string> titles = {"on"};
  for (const model::StateSet set : columns.sets) titles.push_back(fmt::format("{}", fmt::join(names_of(set), ", ")));
  out += head(titles);
  model::EventSet done = 0;
  for (Id e = 0; e < model::kEventCount; ++e) {
    if (((machine.events >> e) & 1U) == 0 || ((done >> e) & 1U) != 0) continue;
    std::vector<std::string> cells = answers(machine, columns, e);
    model::EventSet alike = 0;
    for (Id other = e; other < model::kEventCount; ++other)
      if (answers(machine, columns, other) == cells) alike |= model::events(other);
    done |= alike;
    cells.insert(cells.begin(), calls(alike));
    out += line(cells);
  }
  return out + "\n";
}

std::string owner_section(const Machine& machine, std::string_view title) {
  std::size_t refused = 0;
  for (const Row& row : machine.rows) refused += row.is_refusal() ? 1U : 0U;
  std::string out = fmt::format("## {}\n\n{} {} transitions", title, machine.says, machine.rows.size() - refused);
  out += fmt::format(" and {} refusals.\n\n", refused) + transitions(machine);
  out += "What is refused, and where the kernel goes all the same:\n\n" + refusals(machine);
  return out + matrix(machine);
}

std::string small_section(const Machine& machine) {
  std::string out = fmt::format("### {}\n\n", machine.says);
  out += head({"row", "on", "from", "if", "to", "does", "rule", "why"});
  for (const Row& row : machine.rows) {
    std::vector<std::string> does;
    for (const Id action : row.actions) does.emplace_back(model::kActions[action].says);
    out += line({std::string(row.id), calls(row.on), from(row), guards_of(row), std::string(target(row)),
                 joined(does, "; ", ""), std::string(row.rule), reason(row)});
  }
  return out + "\n";
}

std::string words() {
  std::string out = "## Words\n\n" + head({"state", "meaning"});
  for (const model::Word& state : model::kStates) out += line({std::string(state.name), std::string(state.says)});
  for (const model::StateGroup& group : model::kStateGroups)
    out += line(
        {std::string(group.name), fmt::format("{} {}.", group.says, fmt::join(single_names_of(group.states), ", "))});
  return out + "\n";
}

std::string guards() {
  std::string out = "## Guards\n\nThose not listed compare one count: [VOCABULARY.md](VOCABULARY.md) has them.\n\n";
  out += head({"guard", "holds where", "defined as"});
  for (Id g = 0; g < static_cast<Id>(std::size(model::kGuards)); ++g)
    if (is_derived(model::kGuards[g]) && is_of_the_lifetime(g))
      out += line({code(model::kGuards[g].name), std::string(model::kGuards[g].says), definition(model::kGuards[g])});
  return out + "\n";
}

std::string policies() {
  std::string out = "## Policies\n\nWhat the review of 2019 leaves open. The first value is the default.\n\n";
  out += head({"policy", "value", "what it means and costs"});
  for (const model::Policy& policy : model::kPolicies)
    for (std::size_t v = 0; v < policy.count(); ++v)
      out += line({v == 0 ? fmt::format("`{}`: {}", policy.name, policy.says) : "", code(policy.values[v].name),
                   std::string(policy.values[v].says)});
  return out + "\n";
}

constexpr std::string_view kIntroduction =
    "<!-- Generated by `custody doc lifetime` from model/*_table.hpp and spec/contracts. Do not edit. -->\n\n"
    "# The lifetime of a dma-buf\n\n"
    "Who owns a buffer, and what each call does to that. Every combination of state, call and values of the guards\n"
    "has exactly one answer, a transition or a refusal; the compiler proves it. A refusal names the rule that forbids\n"
    "the call. A call that returns an error changes nothing. Reasons end in their source: a citation of the kernel\n"
    "(`K-nn`, spec/citations.json) or the review of 2019 (`seed`). `custody explain map-2` tells more of a row.\n"
    "[VOCABULARY.md](VOCABULARY.md) has the words that contracts are written in.\n\n";

}  // namespace

std::string render_lifetime_markdown() {
  std::string out(kIntroduction);
  out += owner_section(model::machine(model::MachineId::kOwner), "The owner");
  out += guards() + policies();
  out += "## Beside the owner\n\nSmall machines that change no owner: each hears of its calls beside the owner's.\n\n";
  for (const Machine& machine : model::machines())
    if (machine.id != model::MachineId::kOwner && machine.id != model::MachineId::kMappingOwner)
      out += small_section(machine);
  out += owner_section(model::machine(model::MachineId::kMappingOwner), "The owner under `cpu_owns = mapping`");
  out += words() + render_contracts_markdown();
  return out;
}

}  // namespace custody::spec::render
