// SPDX-License-Identifier: BSD-2-Clause
// Names that a user or a header gives, against the names that exist.
#include "checker/replay/options.hpp"

#include "model/architecture.hpp"

namespace custody::checker {

std::string check_arch(std::string_view name) {
  if (name.empty() || model::find_arch(name) != nullptr) return {};
  std::string names;
  for (const model::ArchProfile& p : model::kArchProfiles) names += (names.empty() ? "" : ", ") + std::string(p.name);
  return "unknown architecture profile '" + std::string(name) + "', expected one of: " + names;
}

std::string check_options(const Options& options) {
  if (std::string wrong = check_arch(options.arch); !wrong.empty()) return wrong;
  for (const auto& [name, value] : options.policies)
    if (std::string wrong = check_policy(name, value); !wrong.empty()) return wrong;
  return {};
}

}  // namespace custody::checker
