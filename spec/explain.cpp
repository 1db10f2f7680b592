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

using Lines = std::vector<std::string>;

/// A fact of one line.
Explanation::Fact fact(std::string_view key, std::string_view says) { return {std::string(key), {std::string(says)}}; }

Explanation explain_rule(const Rule& r) {
  return {std::string(r.id),
          std::string(r.says),
          {fact("class", name(r.cls)), fact("severity", name(r.severity)), fact("owes", name(r.owes)),
           fact("why", r.why), fact("right", r.fix), fact("source", r.source), fact("needs", r.input)},
          r.judged ? "" : "No reader delivers what this rule needs yet: it is not judged."};
}

/// Without backquotes.
std::string plain(std::string text) {
  std::erase(text, '`');
  return text;
}

/// Each word with its meaning, one line each.
template <class Ids, class Words>
Lines words_of(const Ids& ids, const Words& words, std::string_view if_none) {
  Lines lines;
  lines.reserve(std::size(ids));
  for (const model::Id id : ids) lines.push_back(fmt::format("{}: {}", words[id].name, words[id].says));
  if (lines.empty()) lines.emplace_back(if_none);
  return lines;
}

Explanation explain_row(const model::Row& row) {
  Explanation e{
      std::string(row.id),
      fmt::format("{} of the machine {}", row.is_refusal() ? "a refusal" : "a transition",
                  render::machine_of(row)->name),
      {fact("on", plain(render::calls(row.on))),
       fact("from", fmt::format("{}", fmt::join(render::names_of(row.from), ", "))),
       {"if", words_of(row.guards, model::kGuards, "always")},
       fact("to", std::string(render::target(row)) + (row.without_effect ? "; the exporter does nothing" : "")),
       {"does", words_of(row.actions, model::kActions, "-")},
       fact("why", row.why),
       fact("source", row.cite)},
      ""};
  if (row.is_refusal())
    e.facts.push_back(fact("refused", fmt::format("by {}; `to` is where the kernel goes all the same", row.rule)));
  return e;
}

Explanation explain_guard(const model::Guard& guard) {
  const bool of_policy = model::is_policy(guard.any.begin()->begin()->fact) && !render::is_derived(guard);
  return {std::string(guard.name),
          of_policy ? "a policy's value" : "a guard",
          {of_policy ? fact("means", guard.says) : fact("holds", "where " + std::string(guard.says)),
           fact("is", render::definition(guard))},
          ""};
}

Explanation explain_policy(std::size_t p) {
  const model::Policy& policy = model::kPolicies[p];
  Explanation e{std::string(policy.name), "a policy, " + std::string(policy.says), {}, ""};
  for (std::size_t v = 0; v < policy.count(); ++v)
    e.facts.push_back(
        fact(policy.values[v].name, std::string(policy.values[v].says) + (v == 0 ? " The default." : "")));
  e.remark = policy.read_by == model::ReadBy::kSyncs ? "Read by the syncs of a contract."
                                                     : "Read by the tables of the lifetime.";
  return e;
}

Explanation explain_clause(const Contract& contract, const Clause& clause) {
  Explanation e{contract.name + "/" + clause.name,
                "a clause",
                {fact("contract", contract.title),
                 fact("on", plain(render::calls(clause.on))),
                 {"if", words_of(clause.guards, model::kGuards, "always")}},
                ""};
  if (!clause.refuse.empty()) {
    e.facts.push_back(fact("refuses", "with " + clause.refuse));
  } else {
    Lines does;
    for (const model::Sync& sync : clause.syncs) does.push_back(model::name_of(sync) + ": " + model::says(sync));
    if (does.empty()) does.emplace_back("-");
    e.facts.push_back({"does", does});
    e.facts.push_back({"then", words_of(clause.notes, model::kNoteActions, "-")});
  }
  e.facts.push_back(fact("because", clause.because));
  e.facts.push_back(fact("source", clause.cite));
  return e;
}

/// `CONTRACT/CLAUSE`.
std::vector<Explanation> explain_clause(std::string_view id) {
  const std::size_t slash = id.find('/');
  if (slash == std::string_view::npos) return {};
  const std::optional<Contract> contract = find_contract(id.substr(0, slash));
  if (!contract) return {};
  const Clause* const clause = contract->find_clause(id.substr(slash + 1));
  if (clause == nullptr) return {};
  return {explain_clause(*contract, *clause)};
}

Explanation explain_citation(const Citation& c) {
  return {c.id,
          fmt::format("a citation of Linux {}", kernel_release()),
          {fact("function", c.function), fact("file", c.file), fact("shows", c.shows)},
          ""};
}

/// A clause without its contract: the one that there is, or those that there are.
std::vector<Explanation> explain_clause_alone(std::string_view name) {
  Lines found;
  std::vector<Explanation> one;
  for (const std::string_view contract : contract_names()) {
    const Contract of = *find_contract(contract);
    const Clause* const clause = of.find_clause(name);
    if (clause == nullptr) continue;
    found.push_back(fmt::format("{}/{}", contract, name));
    one = {explain_clause(of, *clause)};
  }
  if (found.size() < 2) return one;
  return {{std::string(name), "a clause of several contracts", {{"in", found}}, ""}};
}

/// A word that contracts are written in.
std::vector<Explanation> explain_word(std::string_view id) {
  if (const auto policy = model::find_word(model::kPolicies, id)) return {explain_policy(*policy)};
  if (const auto guard = model::find_word(model::kGuards, id)) return {explain_guard(model::kGuards[*guard])};
  if (const auto state = model::find_word(model::kStates, id))
    return {{std::string(id), "a state", {fact("means", model::kStates[*state].says)}, ""}};
  if (const auto sync = model::parse_sync(id))
    return {{model::name_of(*sync), "a sync", {fact("does", model::says(*sync))}, ""}};
  return render::explain_vocabulary(id);
}

std::vector<Explanation> explain_exactly(std::string_view id) {
  if (const Rule* r = find_rule(id)) return {explain_rule(*r)};
  for (const Unchecked& u : kUnchecked)
    if (u.id == id) return {{std::string(u.id), std::string(u.says), {fact("undecided", u.reason)}, ""}};
  if (const model::Row* row = model::find_row(id)) return {explain_row(*row)};
  if (const Citation* c = find_citation(id)) return {explain_citation(*c)};
  if (auto clause = explain_clause(id); !clause.empty()) return clause;
  if (auto word = explain_word(id); !word.empty()) return word;
  return explain_clause_alone(id);
}

}  // namespace

std::vector<Explanation> explanations(std::string_view id) {
  if (auto found = explain_exactly(id); !found.empty()) return found;
  const auto is_same = [](char a, char b) {
    return a == b || (std::isalpha(static_cast<unsigned char>(a)) && (a ^ b) == 0x20);
  };
  for (const std::string& known : explainable_ids())
    if (std::equal(id.begin(), id.end(), known.begin(), known.end(), is_same)) return explain_exactly(known);
  return {};
}

std::string text_of(const Explanation& e) {
  std::size_t width = 9;
  for (const Explanation::Fact& fact : e.facts) width = std::max(width, fact.key.size());
  std::string text = fmt::format("{}: {}\n\n", e.id, e.says);
  for (const Explanation::Fact& fact : e.facts)
    text += fmt::format("  {:{}} {}\n", fact.key, width, fmt::join(fact.lines, "\n" + std::string(width + 3, ' ')));
  return e.remark.empty() ? text : text + fmt::format("\n{}\n", e.remark);
}

std::optional<std::string> explain(std::string_view id) {
  std::string text;
  for (const Explanation& one : explanations(id)) text += (text.empty() ? "" : "\n") + text_of(one);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
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
