// SPDX-License-Identifier: BSD-2-Clause
// The ids that can be explained, from the tables that have them.
#include "model/lifetime.hpp"
#include "spec/citations.hpp"
#include "spec/contract.hpp"
#include "spec/explain.hpp"
#include "spec/render/vocabulary.hpp"
#include "spec/rules.hpp"
#include "spec/unchecked.hpp"

namespace custody::spec {

namespace {

std::vector<std::string> all_ids() {
  std::vector<std::string> ids;
  const auto add = [&ids](const auto& table, auto member) {
    for (const auto& entry : table) ids.emplace_back(entry.*member);
  };
  add(kRules, &Rule::id);
  add(kUnchecked, &Unchecked::id);
  add(citations(), &Citation::id);
  for (const model::Machine& machine : model::machines())
    for (const model::Row& row : machine.rows) ids.emplace_back(row.id);
  for (const std::string_view name : contract_names()) {
    const Contract contract = *find_contract(name);
    for (const Clause& clause : contract.clauses) ids.push_back(contract.name + "/" + clause.name);
  }
  for (const auto& state : model::kStates) ids.emplace_back(state.name);
  for (const auto& policy : model::kPolicies) ids.emplace_back(policy.name);
  for (const auto& guard : model::kGuards) ids.emplace_back(guard.name);
  for (const render::VocabularyWord& word : render::vocabulary_words())
    if (word.kind != "cannot") ids.push_back(word.word);
  return ids;
}

}  // namespace

const std::vector<std::string>& explainable_ids() {
  static const std::vector<std::string> kIds = all_ids();
  return kIds;
}

}  // namespace custody::spec
