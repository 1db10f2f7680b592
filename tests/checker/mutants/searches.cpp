// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/mutants/searches.hpp"

namespace custody::checker::test {

std::vector<model::Policies> policies_one_by_one() {
  std::vector<model::Policies> out(1);
  for (std::size_t p = 0; p < model::kPolicyCount; ++p)
    for (std::uint8_t value = 1; value < model::kPolicies[p].count(); ++value) {
      if (model::kPolicies[p].read_by != model::ReadBy::kLifetime) continue;
      model::Policies policies;
      policies.v[p] = value;
      if (policies.is("leaves", "release")) static_cast<void>(set_policy(policies, "backing", "at_first_use"));
      out.push_back(policies);
    }
  model::Policies both;  // devices own until the last detach, and what they leave is released
  for (const auto& [name, value] :
       {std::pair("device_ends", "last_detach"), std::pair("backing", "at_first_use"), std::pair("leaves", "release")})
    static_cast<void>(set_policy(both, name, value));
  out.push_back(both);
  return out;
}

Searches::Searches() {
  explore::Configuration few, kernel;
  few.windows = kernel.windows = 2;
  kernel.client = explore::Client::kVmap;
  for (const model::Policies& policies : policies_one_by_one())
    for (const char* const name : {"system-heap-6.1", "vision-keep-end-sync"})
      for (const explore::Configuration& configuration : {few, kernel}) {
        spec::Contract contract = *spec::find_contract(name);
        contract.lifetime.policies = policies;
        searches_.push_back({contract, configuration, verdict_of(contract, {configuration})});
      }
}

std::string Searches::tell_apart(const model::test::Tables& tables) const {
  for (const Search& search : searches_) {
    spec::Contract contract = search.contract;
    contract.lifetime.machines = tables.firing();
    const Verdict verdict = verdict_of(contract, {search.configuration});
    if (verdict.properties != search.verdict.properties || verdict.counts[0] != search.verdict.counts[0])
      return contract.name;
  }
  return {};
}

}  // namespace custody::checker::test
