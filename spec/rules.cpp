// SPDX-License-Identifier: BSD-2-Clause
// The catalogue of rules: M missing, R redundant, L illegal.
#include "spec/rules.hpp"

namespace custody::spec {

namespace {

consteval bool precedence_names_each_rule_once() {
  for (std::size_t r = 0; r < kRuleCount; ++r) {
    int found = 0;
    for (const RuleId id : kPrecedence) found += static_cast<std::size_t>(id) == r ? 1 : 0;
    if (found != 1) return false;
  }
  return true;
}
static_assert(precedence_names_each_rule_once());

consteval bool sentences_end_with_a_period() {
  for (const Rule& r : kRules)
    for (const std::string_view s : {r.says, r.why, r.fix})
      if (s.empty() || s.back() != '.') return false;
  return true;
}
static_assert(sentences_end_with_a_period());

consteval bool ids_are_unique() {
  for (const Rule& r : kRules)
    if (find_rule(r.id) != &r) return false;
  return true;
}
static_assert(ids_are_unique());

}  // namespace

std::string_view name(RuleClass cls) {
  switch (cls) {
    case RuleClass::kIllegal: return "illegal";
    case RuleClass::kMissing: return "missing";
    case RuleClass::kMixed: return "mixed";
    case RuleClass::kLostWrite: return "lost_write";
    case RuleClass::kRedundant: return "redundant";
    case RuleClass::kAdvice: break;
  }
  return "advice";
}

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::kError: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kNote: break;
  }
  return "note";
}

std::string_view name(Owes owes) {
  switch (owes) {
    case Owes::kExporter: return "exporter";
    case Owes::kImporter: return "importer";
    case Owes::kClient: return "client";
    case Owes::kCore: return "core";
    case Owes::kArchitecture: break;
  }
  return "architecture";
}

}  // namespace custody::spec
