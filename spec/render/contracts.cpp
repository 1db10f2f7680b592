// SPDX-License-Identifier: BSD-2-Clause
// The contracts as a document: policies and clauses, each against its base.
#include <fmt/format.h>

#include <algorithm>

#include "spec/contract.hpp"
#include "spec/render/lifetime.hpp"
#include "spec/render/words.hpp"

namespace custody::spec::render {

namespace {

std::string because(const Clause& clause) {
  return clause.cite.empty() ? clause.because : fmt::format("{} {}", clause.because, clause.cite);
}

/// Which clauses are the base's, and which of the base's are missing.
std::string relation(const Contract& contract, const std::optional<Contract>& base) {
  if (!base) return {};
  std::vector<std::string_view> kept, dropped;
  for (const Clause& clause : base->clauses) {
    const Clause* const own = contract.find_clause(clause.name);
    if (own == nullptr) dropped.push_back(clause.name);
    else if (*own == clause) kept.push_back(clause.name);
  }
  std::string out = fmt::format("As {}", code(contract.base));
  if (!kept.empty()) out += ", which has " + codes(kept);
  if (!dropped.empty()) out += ", without " + codes(dropped);
  return out + ". ";
}

/// Values that are not the base's, or not the default where there is none.
std::string policies_of(const Contract& contract, const std::optional<Contract>& base) {
  const model::Policies usual = base ? base->lifetime.policies : model::Policies{};
  std::vector<std::string> parts;
  for (std::size_t p = 0; p < model::kPolicyCount; ++p) {
    const std::uint8_t value = contract.lifetime.policies.v[p];
    if (value != usual.v[p])
      parts.push_back(fmt::format("`{} = {}`", model::kPolicies[p].name, model::kPolicies[p].values[value].name));
  }
  return parts.empty() ? std::string() : "Policies: " + joined(parts, ", ", "") + ". ";
}

std::string clauses_of(const Contract& contract, const std::optional<Contract>& base) {
  std::string out;
  for (const Clause& clause : contract.clauses) {
    const Clause* const same = base ? base->find_clause(clause.name) : nullptr;
    if (same != nullptr && *same == clause) continue;
    out += line({clause.name, calls(clause.on),
                 clause.guards.empty() ? "" : codes(names_in(clause.guards, model::kGuards)),
                 clause.syncs.empty() ? "" : syncs(clause),
                 clause.notes.empty() && clause.refuse.empty() ? "" : consequence(clause), because(clause)});
  }
  return out.empty() ? std::string() : head({"clause", "on", "if", "do", "then", "because"}) + out + "\n";
}

std::string section(const Contract& contract) {
  const std::optional<Contract> base = contract.base.empty() ? std::nullopt : find_contract(contract.base);
  std::string out = fmt::format("### {}\n\n{}. Source: {}. ", contract.name, contract.title, contract.source);
  out += relation(contract, base) + policies_of(contract, base);
  if (contract.memory != "cached") out += fmt::format("Memory: `{}`. ", contract.memory);
  while (out.back() == ' ') out.pop_back();
  return out + "\n\n" + clauses_of(contract, base);
}

}  // namespace

std::string render_contracts_markdown() {
  std::string out =
      "## Contracts\n\n"
      "What exporters do about caches: values of policies, and clauses. Every clause whose guards hold runs, in "
      "order.\n"
      "A contract with a base is told by what differs from it; a clause of the name of one of the base's takes its "
      "place.\n\n";
  for (const std::string_view name : contract_names()) out += section(*find_contract(name));
  while (out.size() > 1 && out[out.size() - 2] == '\n') out.pop_back();
  return out;
}

}  // namespace custody::spec::render
