// SPDX-License-Identifier: BSD-2-Clause
// Names and values of the policies of custody, against those that exist.
#include "checker/replay/custody_machine.hpp"
#include "checker/replay/options.hpp"

namespace custody::checker {

using model::at;
using model::kFields;

namespace {

/// Index of the policy field of that name; kFieldCount where there is none.
std::size_t policy_field(std::string_view name) {
  for (std::size_t f = 0; f < model::kFieldCount; ++f)
    if (kFields[f].owner == model::Owner::kPolicy && kFields[f].name == name) return f;
  return model::kFieldCount;
}

std::string policy_names() {
  std::string names;
  for (const model::Field& f : kFields)
    if (f.owner == model::Owner::kPolicy) names += (names.empty() ? "" : ", ") + std::string(f.name);
  return names;
}

std::string value_names(std::size_t field) {
  std::string names;
  for (std::uint16_t v = 0; v <= kFields[field].max; ++v)
    names += (names.empty() ? "" : ", ") + std::string(model::policy_value(static_cast<model::Id>(field), v));
  return names;
}

/// The value's number; more than the field's maximum where there is none of that name.
std::uint16_t value_of(std::size_t field, std::string_view value) {
  for (std::uint16_t v = 0; v <= kFields[field].max; ++v)
    if (model::policy_value(static_cast<model::Id>(field), v) == value) return v;
  return static_cast<std::uint16_t>(kFields[field].max + 1);
}

}  // namespace

std::string check_policy(std::string_view name, std::string_view value) {
  const std::size_t field = policy_field(name);
  if (field == model::kFieldCount)
    return "unknown policy '" + std::string(name) + "', expected one of: " + policy_names();
  if (value_of(field, value) > kFields[field].max)
    return "unknown value '" + std::string(value) + "' of policy " + std::string(name) +
           ", expected one of: " + value_names(field);
  if (field == at(kFields, "cpu_owns") && value_of(field, value) != 0)
    return "policy cpu_owns = " + std::string(value) +
           " is one of contracts only: the machine of a replay has no rows for it";
  return {};
}

void CustodyTerms::set_policy(std::string_view name, std::string_view value) {
  const std::size_t field = policy_field(name);
  if (field == model::kFieldCount) return;
  const std::uint16_t number = value_of(field, value);
  if (number <= kFields[field].max) model::set_policy(fresh, static_cast<model::Id>(field), number);
}

}  // namespace custody::checker
