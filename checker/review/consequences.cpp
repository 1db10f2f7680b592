// SPDX-License-Identifier: BSD-2-Clause
// Searches for documents.
#include "checker/review/consequences.hpp"

#include <algorithm>

#include "checker/review/review.hpp"

namespace custody::checker::review {

using spec::document::Consequence;
using spec::document::Document;
using spec::document::SafetyLine;

namespace {

/// The configuration that `custody review` has without options: lines of one size hide what partial syncs lose.
explore::Configuration usual() {
  explore::Configuration configuration;
  configuration.device_line = 128;
  return configuration;
}

/// Cells of one client and mix, with the architectures on which the same goes wrong.
std::vector<SafetyLine> lines_of(const std::vector<MatrixCell>& cells) {
  std::vector<SafetyLine> lines;
  for (const MatrixCell& cell : cells) {
    const std::string client(name_of(cell.configuration.client)), arch(cell.configuration.arch->name);
    const auto same = std::find_if(lines.begin(), lines.end(), [&](const SafetyLine& line) {
      return line.client == client && line.mix == cell.mix && line.violated == cell.violated;
    });
    if (same != lines.end()) same->archs.push_back(arch);
    else lines.push_back({client, cell.mix, {arch}, cell.violated});
  }
  return lines;
}

std::uint64_t operations_of(const spec::Contract& contract, std::uint64_t& refused) {
  std::uint64_t operations = 0;
  for (const spec::Workload& workload : spec::standard_workloads()) {
    const Cost cost = cost_of_workload(contract, workload, {});
    operations += cost.maintenance.operations;
    refused += cost.refused;
  }
  return operations;
}

/// Of the contract with another policy, as `first` relates to it.
std::string_view accepted_by_other(Relation first) {
  switch (first) {
    case Relation::kRefines: return "more calls";
    case Relation::kExtends: return "fewer calls";
    case Relation::kIncomparable: return "other calls";
    case Relation::kEqual: break;
  }
  return "the same calls";
}

/// Calls are compared whatever part of a buffer a sync covers.
Relation relation_of(spec::Contract first, spec::Contract second) {
  for (spec::Contract* const contract : {&first, &second})
    static_cast<void>(model::set_policy(contract->lifetime.policies, "granularity", "buffer"));
  return compare_calls(explore::System(first, usual()), explore::System(second, usual())).relation;
}

Consequence consequence_of(const spec::Contract& own, const std::vector<MatrixCell>& before,
                           const spec::Contract& changed) {
  const std::vector<MatrixCell> after = verdict_matrix(changed, usual());
  Consequence out;
  out.cells = before.size();
  for (std::size_t i = 0; i < before.size(); ++i) {
    out.newly_unsafe += before[i].is_safe() && !after[i].is_safe() ? 1U : 0U;
    out.newly_safe += !before[i].is_safe() && after[i].is_safe() ? 1U : 0U;
  }
  out.accepts = accepted_by_other(relation_of(own, changed));
  out.operations = operations_of(changed, out.refused);
  return out;
}

}  // namespace

void add_consequences(Document& document) {
  const spec::Contract& own = document.contract;
  const std::vector<MatrixCell> before = verdict_matrix(own, usual());
  document.safety = lines_of(before);
  std::uint64_t none = 0;
  document.operations = operations_of(own, none);
  for (std::size_t p = 0; p < model::kPolicyCount; ++p)
    for (std::uint8_t v = 0; v < model::kPolicies[p].count(); ++v) {
      if (own.lifetime.policies.v[p] == v) continue;
      spec::Contract changed = own;
      changed.lifetime.policies.v[p] = v;
      Consequence consequence;
      const std::string_view conflict = model::conflict_of(changed.lifetime.policies);
      if (conflict.empty() && !spec::flaw_of(changed)) consequence = consequence_of(own, before, changed);
      else consequence.excluded = conflict.empty() ? "a clause could never run" : conflict;
      consequence.policy = p;
      consequence.value = v;
      document.consequences.push_back(std::move(consequence));
    }
}

}  // namespace custody::checker::review
