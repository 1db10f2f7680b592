// SPDX-License-Identifier: BSD-2-Clause
// The long form of every id, and the short form of all rules, as text.
#include "spec/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "model/lifetime.hpp"
#include "spec/citations.hpp"
#include "spec/contract.hpp"
#include "spec/render/vocabulary.hpp"
#include "spec/render/words.hpp"
#include "spec/rules.hpp"
#include "spec/unchecked.hpp"

namespace custody::spec {

namespace {

std::string explain_rule(const Rule& r) {
  std::string text = fmt::format("{}: {}\n\n  class     {}\n  severity  {}\n  owes      {}\n", r.id, r.says,
                                 name(r.cls), name(r.severity), name(r.owes));
  text +=
      fmt::format("  why       {}\n  right     {}\n  source    {}\n  needs     {}\n", r.why, r.fix, r.source, r.input);
  if (!r.judged) text += "\nNo reader delivers what this rule needs yet: it is not judged.\n";
  return text;
}

/// Without backquotes.
std::string plain(std::string text) {
  std::erase(text, '`');
  return text;
}

/// Each word with its meaning, one line each.
template <class Ids, class Words>
std::string words_of(const Ids& ids, const Words& words, std::string_view if_none) {
  std::vector<std::string> lines;
  lines.reserve(std::size(ids));
  for (const model::Id id : ids) lines.push_back(fmt::format("{}: {}", words[id].name, words[id].says));
  return render::joined(lines, "\n            ", if_none);
}

std::string explain_row(const model::Row& row) {
  const model::Machine& machine = *render::machine_of(row);
  std::string text =
      fmt::format("{}: {} of the machine {}\n\n  on        {}\n  from      {}\n  if        {}\n", row.id,
                  row.is_refusal() ? "a refusal" : "a transition", machine.name, plain(render::calls(row.on)),
                  fmt::join(render::names_of(row.from), ", "), words_of(row.guards, model::kGuards, "always"));
  text += fmt::format("  to        {}{}\n  does      {}\n  why       {}\n  source    {}\n", render::target(row),
                      row.without_effect ? "; the exporter does nothing" : "",
                      words_of(row.actions, model::kActions, "-"), row.why, row.cite);
  if (row.is_refusal())
    text += fmt::format("  refused   by {}; `to` is where the kernel goes all the same\n", row.rule);
  return text;
}

std::string explain_guard(const model::Guard& guard) {
  const bool of_policy = model::is_policy(guard.any.begin()->begin()->fact) && !render::is_derived(guard);
  return fmt::format("{}: a {}\n\n  {:9} {}\n  is        {}\n", guard.name, of_policy ? "policy's value" : "guard",
                     of_policy ? "means" : "holds", (of_policy ? "" : "where ") + std::string(guard.says),
                     render::definition(guard));
}

std::string explain_policy(std::size_t p) {
  const model::Policy& policy = model::kPolicies[p];
  std::string text = fmt::format("{}: a policy, {}\n\n", policy.name, policy.says);
  for (std::size_t v = 0; v < policy.count(); ++v)
    text += fmt::format("  {:14} {}{}\n", policy.values[v].name, policy.values[v].says, v == 0 ? " The default." : "");
  text += fmt::format("\nRead by {}.\n", policy.read_by == model::ReadBy::kSyncs ? "the syncs of a contract"
                                                                                 : "the tables of the lifetime");
  return text;
}

std::string explain_clause(const Contract& contract, const Clause& clause) {
  std::vector<std::string> does;
  for (const model::Sync& sync : clause.syncs) does.push_back(model::name_of(sync) + ": " + model::says(sync));
  std::string text =
      fmt::format("{}/{}: a clause\n\n  contract  {}\n  on        {}\n  if        {}\n", contract.name, clause.name,
                  contract.title, plain(render::calls(clause.on)), words_of(clause.guards, model::kGuards, "always"));
  if (!clause.refuse.empty()) text += fmt::format("  refuses   with {}\n", clause.refuse);
  else
    text += fmt::format("  does      {}\n  then      {}\n", render::joined(does, "\n            ", "-"),
                        words_of(clause.notes, model::kNoteActions, "-"));
  return text + fmt::format("  because   {}\n  source    {}\n", clause.because, clause.cite);
}

/// `CONTRACT/CLAUSE`.
std::optional<std::string> explain_clause(std::string_view id) {
  const std::size_t slash = id.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<Contract> contract = find_contract(id.substr(0, slash));
  if (!contract) return std::nullopt;
  const Clause* const clause = contract->find_clause(id.substr(slash + 1));
  return clause != nullptr ? std::optional(explain_clause(*contract, *clause)) : std::nullopt;
}

std::string explain_citation(const Citation& c) {
  return fmt::format("{}: a citation of Linux {}\n\n  function  {}\n  file      {}\n  shows     {}\n", c.id,
                     kernel_release(), c.function, c.file, c.shows);
}

/// A clause without its contract: the one that there is, or those that there are.
std::optional<std::string> explain_clause_alone(std::string_view name) {
  std::vector<std::string> found;
  std::optional<std::string> text;
  for (const std::string_view contract : contract_names()) {
    const Contract of = *find_contract(contract);
    const Clause* const clause = of.find_clause(name);
    if (clause == nullptr) continue;
    found.push_back(fmt::format("{}/{}", contract, name));
    text = explain_clause(of, *clause);
  }
  if (found.size() < 2) return text;
  return fmt::format("{}: a clause of several contracts\n\n  in        {}\n", name, fmt::join(found, "\n            "));
}

/// A word that contracts are written in.
std::optional<std::string> explain_word(std::string_view id) {
  if (const auto policy = model::find_word(model::kPolicies, id)) return explain_policy(*policy);
  if (const auto guard = model::find_word(model::kGuards, id)) return explain_guard(model::kGuards[*guard]);
  if (const auto state = model::find_word(model::kStates, id))
    return fmt::format("{}: a state\n\n  means     {}\n", id, model::kStates[*state].says);
  if (const auto sync = model::parse_sync(id))
    return fmt::format("{}: a sync\n\n  does      {}\n", model::name_of(*sync), model::says(*sync));
  std::string word = render::explain_vocabulary(id);
  return word.empty() ? std::nullopt : std::optional(std::move(word));
}

std::optional<std::string> explain_exactly(std::string_view id) {
  if (const Rule* r = find_rule(id)) return explain_rule(*r);
  for (const Unchecked& u : kUnchecked)
    if (u.id == id) return fmt::format("{}: {}\n\n  not decided: {}\n", u.id, u.says, u.reason);
  if (const model::Row* row = model::find_row(id)) return explain_row(*row);
  if (const Citation* c = find_citation(id)) return explain_citation(*c);
  if (auto clause = explain_clause(id)) return clause;
  if (auto word = explain_word(id)) return word;
  return explain_clause_alone(id);
}

}  // namespace

std::optional<std::string> explain(std::string_view id) {
  if (auto text = explain_exactly(id)) return text;
  const auto is_same = [](char a, char b) {
    return a == b || (std::isalpha(static_cast<unsigned char>(a)) && (a ^ b) == 0x20);
  };
  for (const std::string& known : explainable_ids())
    if (std::equal(id.begin(), id.end(), known.begin(), known.end(), is_same)) return explain_exactly(known);
  return std::nullopt;
}

std::string list_rules() {
  std::string text;
  for (const Rule& r : kRules)
    text += fmt::format("{:4} {:10} {:8} {}{}\n", r.id, name(r.cls), name(r.severity), r.says,
                        r.judged ? "" : " (not judged yet: no inputs)");
  return text;
}

std::string list_unchecked() {
  std::string text;
  for (const Unchecked& u : kUnchecked) text += fmt::format("{} {} {}\n", u.id, u.says, u.reason);
  return text;
}

}  // namespace custody::spec
