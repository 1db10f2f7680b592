// SPDX-License-Identifier: BSD-2-Clause
// Names that a user or a header gives, against the names that exist.
#include "checker/replay/options.hpp"

#include "checker/replay/engine.hpp"

namespace custody::checker {

namespace {

/// Index of the policy field of that name; kFieldCount where there is none.
std::size_t policy_field(std::string_view name) {
  for (std::size_t f = 0; f < model::kFieldCount; ++f)
    if (model::kFields[f].owner == model::Owner::kPolicy && model::kFields[f].name == name) return f;
  return model::kFieldCount;
}

std::string policy_names() {
  std::string names;
  for (const model::Field& f : model::kFields)
    if (f.owner == model::Owner::kPolicy) names += (names.empty() ? "" : ", ") + std::string(f.name);
  return names;
}

std::string value_names(std::size_t field) {
  std::string names;
  for (std::uint16_t v = 0; v <= model::kFields[field].max; ++v)
    names += (names.empty() ? "" : ", ") + std::string(model::policy_value(static_cast<model::Id>(field), v));
  return names;
}

/// The value's number; more than the field's maximum where there is none of that name.
std::uint16_t value_of(std::size_t field, std::string_view value) {
  for (std::uint16_t v = 0; v <= model::kFields[field].max; ++v)
    if (model::policy_value(static_cast<model::Id>(field), v) == value) return v;
  return static_cast<std::uint16_t>(model::kFields[field].max + 1);
}

}  // namespace

std::string check_policy(std::string_view name, std::string_view value) {
  const std::size_t field = policy_field(name);
  if (field == model::kFieldCount)
    return "unknown policy '" + std::string(name) + "', expected one of: " + policy_names();
  if (value_of(field, value) > model::kFields[field].max)
    return "unknown value '" + std::string(value) + "' of policy " + std::string(name) +
           ", expected one of: " + value_names(field);
  if (field == model::at(model::kFields, "cpu_owns") && value_of(field, value) != 0)
    return "policy cpu_owns = " + std::string(value) +
           " is one of contracts only: the machine of a replay has no rows for it";
  return {};
}

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

void Engine::set_policy(model::World& world, std::string_view name, std::string_view value) {
  const std::size_t field = policy_field(name);
  if (field == model::kFieldCount) return;
  const std::uint16_t number = value_of(field, value);
  if (number <= model::kFields[field].max) model::set_policy(world, static_cast<model::Id>(field), number);
}

}  // namespace custody::checker
