// SPDX-License-Identifier: BSD-2-Clause
// Policies by name, and which of their values contradict each other.
#include "model/policy.hpp"

#include "model/suggestion.hpp"

namespace custody::model {

std::string set_policy(Policies& policies, std::string_view name, std::string_view value) {
  std::string known;
  for (std::size_t p = 0; p < kPolicyCount; ++p) {
    const Policy& policy = kPolicies[p];
    known.append(known.empty() ? "" : ", ").append(policy.name);
    if (policy.name != name) continue;
    std::string values;
    std::vector<std::string_view> names;
    for (std::uint8_t v = 0; v < policy.count(); ++v) {
      if (policy.values[v].name == value) return policies.v[p] = v, std::string();
      names.push_back(policy.values[v].name);
      values.append(values.empty() ? "" : ", ").append(policy.values[v].name);
    }
    return "expected one of: " + values + did_you_mean(value, names);
  }
  return "expected one of the policies: " + known + did_you_mean(name, names_of(kPolicies));
}

std::string_view conflict_of(const Policies& policies) {
  if (policies.is("leaves", "release") && policies.is("backing", "at_allocation"))
    return "leaves = release needs backing = at_first_use: storage that is there from its allocation is never released";
  if (!policies.is("cpu_owns", "mapping")) return {};
  constexpr std::string_view kOfWindows[] = {"backing",      "leaves",        "device_ends", "cpu_unattached",
                                             "cpu_unmapped", "map_in_window", "pinned_moves"};
  for (std::size_t p = 0; p < kPolicyCount; ++p)
    for (const std::string_view name : kOfWindows)
      if (kPolicies[p].name == name && policies.v[p] != 0)
        return "cpu_owns = mapping has a state graph of its own, which no other policy of the lifetime changes";
  return {};
}

}  // namespace custody::model
