// SPDX-License-Identifier: BSD-2-Clause
// Names that a user or a header gives, against the names that exist.
#include "checker/replay/options.hpp"

#include "model/architecture.hpp"
#include "model/suggestion.hpp"

namespace custody::checker::replay {

std::string check_arch(std::string_view name) {
  if (name.empty() || model::find_arch(name) != nullptr) return {};
  std::string names;
  for (const model::ArchProfile& p : model::kArchProfiles) names += (names.empty() ? "" : ", ") + std::string(p.name);
  return "unknown architecture profile '" + std::string(name) + "', expected one of: " + names +
         model::did_you_mean(name, model::names_of(model::kArchProfiles));
}

std::string check_policy(std::string_view name, std::string_view value) {
  model::Policies policies;
  if (const std::string wrong = model::set_policy(policies, name, value); !wrong.empty())
    return "found policy '" + std::string(name) + "' with value '" + std::string(value) + "', " + wrong;
  for (const model::Policy& policy : model::kPolicies)
    if (policy.name == name && policy.read_by == model::ReadBy::kSyncs)
      return "policy " + std::string(name) +
             " is one of contracts only: what the syncs of a trace did is in the trace, a replay reads no policy for "
             "it";
  return {};
}

model::Policies policies_of(const traces::Header& header, const Options& options) {
  model::Policies policies;
  const auto set = [&](const std::string& name, const std::string& value) {
    if (check_policy(name, value).empty()) static_cast<void>(model::set_policy(policies, name, value));
  };
  for (const auto& policy : header.policies) set(policy.name, policy.value);
  for (const auto& [name, value] : options.policies) set(name, value);
  return policies;
}

std::string check_options(const Options& options) {
  if (std::string wrong = check_arch(options.arch); !wrong.empty()) return wrong;
  for (const auto& [name, value] : options.policies)
    if (std::string wrong = check_policy(name, value); !wrong.empty()) return wrong;
  return {};
}

}  // namespace custody::checker::replay
