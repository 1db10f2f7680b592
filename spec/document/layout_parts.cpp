// SPDX-License-Identifier: BSD-2-Clause
// Procedures, transitions, policies, and what is not decided.
#include <fmt/format.h>

#include <algorithm>

#include "spec/document/chart.hpp"
#include "spec/document/layout.hpp"
#include "spec/document/wording.hpp"
#include "spec/render/words.hpp"
#include "spec/rules.hpp"
#include "spec/unchecked.hpp"

namespace custody::spec::document {

using model::Id;
using model::kEvents;
using model::kStates;

namespace {

bool is_owner(const model::Machine& machine) {
  return machine.id == model::MachineId::kOwner || machine.id == model::MachineId::kMappingOwner;
}

bool is_reached(const Document& d, Id state) {
  return std::any_of(d.states.begin(), d.states.end(), [&](const StateEntry& entry) { return entry.state == state; });
}

Inline step_line(const Document& d, const Step& step) {
  Inline out;
  if (function_of(step.call.event).empty()) out.say(call_in_c(step.call));
  else out.code(call_in_c(step.call));
  out.say(step.was == step.is ? fmt::format(": stays {}.", kStates[step.is].name)
                              : fmt::format(": from {} to {}.", kStates[step.was].name, kStates[step.is].name));
  out.say(fmt::format(" May access it now: {}.", agents_in_words(step.agents)));
  std::vector<std::string> ids = {std::string(step.row->id)};
  for (const std::size_t clause : step.clauses) {
    for (const model::Sync& sync : d.contract.clauses[clause].syncs)
      out.say(" Sync: ").say(model::says(sync)).say(" (").code(model::name_of(sync)).say(").");
    ids.push_back(clause_id(d.contract, clause));
  }
  return out.rests_on(ids);
}

void add_source(Inline& text, std::string_view cite) {
  const Inline source = citation(cite);
  if (source.empty()) return;
  text.say(" Source: ").append(source).say(" [" + std::string(cite) + "].");
}

void add_row(Page& page, const Document& d, const RowEntry& entry) {
  const model::Row& row = *entry.row;
  const model::Machine& machine = *render::machine_of(row);
  page.heading(2, Inline(row.id));
  Inline text(row.why);
  std::string from;
  for (Id state = 0; state < model::kStateCount; ++state)
    if (((row.from >> state) & 1U) != 0 && (!is_owner(machine) || is_reached(d, state)))
      from += fmt::format("{}{}", from.empty() ? "" : ", ", kStates[state].name);
  text.say(fmt::format(" On {} in {} ({})", call_list(row.on), from, machine.name));
  const std::string when = condition_of(d, row);
  text.say(when.empty() ? "." : fmt::format(", where {}.", when));
  if (row.is_refusal()) {
    const Rule* const rule = find_rule(row.rule);
    text.say(fmt::format(" Forbidden by {}: {} {} Where the kernel goes all the same: {}.", row.rule, rule->says,
                         rule->why, row.to == model::kStay ? "it stays" : kStates[row.to].name));
  } else {
    text.say(row.to == model::kStay ? " The state stays." : fmt::format(" To {}.", kStates[row.to].name));
    for (const Id action : row.actions) text.say(fmt::format(" Then {}.", model::kActions[action].says));
    if (is_owner(machine)) text.say(" Syncs due: ").append(syncs_of(d, entry.clauses)).say(".");
  }
  add_source(text, row.cite);
  page.paragraph(std::move(text));
}

}  // namespace

void add_procedures(Page& page, const Document& d) {
  page.heading(1, Inline("How to do it"));
  page.paragraph(
      Inline("Each is a shortest way through the machines under this contract, found by search, for devices "
             "A and B. A call that fails is repeated or given up: nothing has changed. The syncs are the "
             "exporter's; whether they suffice, custody check says."));
  for (const Procedure& procedure : d.procedures) {
    page.heading(2, Inline(procedure.task));
    page.paragraph(Inline(procedure.says));
    std::vector<Inline> steps;
    for (const Step& step : procedure.steps) steps.push_back(step_line(d, step));
    if (steps.empty()) page.paragraph(Inline("There is no way to it under this contract."));
    else page.numbers(std::move(steps));
  }
}

void add_transitions(Page& page, const Document& d) {
  page.heading(1, Inline("Transitions and refusals, one by one"));
  for (const RowEntry& entry : d.rows) add_row(page, d, entry);
  page.heading(1, Inline("Clauses of the exporter"));
  std::vector<std::vector<Inline>> rows;
  for (std::size_t i = 0; i < d.contract.clauses.size(); ++i) {
    const Clause& clause = d.contract.clauses[i];
    const std::string when = condition_of(d, clause);
    Inline does = clause.refuse.empty() ? syncs_of(d, {{i, true}}) : Inline("refuses with -" + clause.refuse);
    for (const Id note : clause.notes) does.say("; then ").say(model::kNoteActions[note].says);
    Inline why(clause.because);
    add_source(why, clause.cite);
    rows.push_back({Inline(call_list(clause.on)), Inline(when.empty() ? "always" : when), std::move(does),
                    why.rests_on({clause_id(d.contract, i)})});
  }
  page.table({Inline("call"), Inline("when"), Inline("does"), Inline("why")}, {12, 24, 24, 40}, std::move(rows));
}

void add_policies(Page& page, const Document& d) {
  page.heading(1, Inline("Policies"));
  page.paragraph(Inline(d.all_policies ? "Every value; those of this contract are marked."
                                       : "What this contract chose where the review of 2019 leaves a choice."));
  std::vector<std::vector<Inline>> rows;
  for (std::size_t p = 0; p < model::kPolicyCount; ++p) {
    const model::Policy& policy = model::kPolicies[p];
    for (std::uint8_t v = 0; v < policy.count(); ++v) {
      const bool own = d.contract.lifetime.policies.v[p] == v;
      if (!own && !d.all_policies) continue;
      Inline value = Inline().code(policy.values[v].name);
      if (own && d.all_policies) value.say(" (of this contract)");
      rows.push_back({Inline(policy.says).say(" (").code(policy.name).say(")"), std::move(value),
                      Inline(policy.values[v].says).rests_on({std::string(policy.name)})});
    }
  }
  page.table({Inline("policy"), Inline("value"), Inline("what it means and costs")}, {34, 18, 48}, std::move(rows));
}

namespace {

std::vector<Inline> consequence_line(const Document& d, const Consequence& c) {
  const model::Policy& policy = model::kPolicies[c.policy];
  Inline breaks, costs;
  if (!c.excluded.empty()) {
    breaks.say("Not alone: " + c.excluded + ".");
    costs.say("-");
  } else {
    breaks.say(
        fmt::format("Of {} kinds of client, architecture and devices {} become unsafe and {} safe. It accepts {}.",
                    c.cells, c.newly_unsafe, c.newly_safe, c.accepts));
    costs.say(fmt::format("{} operations instead of {}", c.operations, d.operations));
    if (c.refused != 0) costs.say(fmt::format("; {} calls are refused", c.refused));
  }
  return {Inline().code(policy.name), Inline().code(policy.values[c.value].name), std::move(breaks), std::move(costs)};
}

}  // namespace

void add_searched(Page& page, const Document& d) {
  if (d.safety.empty()) return;
  page.heading(1, Inline("Where it is safe"));
  page.paragraph(
      Inline("What searches of two devices found, as custody check and custody review make them. What is "
             "violated is a rule (custody explain M3), or backing: data is lost with its storage."));
  std::vector<std::vector<Inline>> rows;
  for (const SafetyLine& line : d.safety)
    rows.push_back({Inline(line.client), Inline(line.mix), Inline(fmt::format("{}", fmt::join(line.archs, ", "))),
                    Inline(line.violated.empty() ? "safe" : fmt::format("{}", fmt::join(line.violated, " ")))});
  page.table({Inline("client"), Inline("devices"), Inline("architectures"), Inline("verdict")}, {16, 24, 40, 20},
             std::move(rows));
  page.heading(1, Inline("What other policies would change"));
  rows.clear();
  for (const Consequence& c : d.consequences) rows.push_back(consequence_line(d, c));
  page.table({Inline("policy"), Inline("value"), Inline("what it breaks"), Inline("cost of the standard workloads")},
             {16, 16, 44, 24}, std::move(rows));
}

void add_unchecked(Page& page, const Document&) {
  page.heading(1, Inline("What no checker can decide"));
  std::vector<Inline> items;
  for (const Unchecked& u : kUnchecked)
    items.push_back(Inline(u.says).say(" ").say(u.reason).rests_on({std::string(u.id)}));
  page.bullets(std::move(items));
}

}  // namespace custody::spec::document
