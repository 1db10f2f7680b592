// SPDX-License-Identifier: BSD-2-Clause
// Puts together what a review compares.
#include "checker/review/review.hpp"

#include <algorithm>
#include <new>

#include "checker/explore/counterexample.hpp"

namespace custody::checker::review {

namespace {

std::size_t count_cells(const Comparison& c, bool safe_before, bool safe_after) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < c.first_matrix.size(); ++i)
    n += c.first_matrix[i].is_safe() == safe_before && c.second_matrix[i].is_safe() == safe_after ? 1U : 0U;
  return n;
}

/// Empty where the buffer is stuck: there is no sequence to show.
std::optional<Example> example_of(const MatrixChange& change, const spec::Contract& contract, bool of_second) {
  const explore::System system(contract, change.before->configuration);
  const explore::SearchResult r = explore::search(system, {});
  if (r.out_of_memory) throw std::bad_alloc();
  if (r.violations.empty()) return std::nullopt;
  const explore::Violation& v = r.violations.front();
  return Example{change.before->configuration, change.before->mix, std::string(explore::id_of(v.property)), of_second,
                 explore::counterexample_litmus(system, contract, v)};
}

std::vector<Example> examples_of(const Comparison& c) {
  std::vector<Example> out;
  for (const MatrixChange& change : changes_of(c.first_matrix, c.second_matrix)) {
    if (!change.is_regression() && !change.is_mended()) continue;
    const bool of_second = change.is_regression();
    const explore::Client client = change.before->configuration.client;
    const bool shown = std::any_of(out.begin(), out.end(), [&](const Example& e) {
      return e.configuration.client == client && e.of_second == of_second;
    });
    if (shown) continue;
    if (auto example = example_of(change, of_second ? c.second : c.first, of_second))
      out.push_back(std::move(*example));
  }
  return out;
}

/// How much of the buffer a call covers is in no clause: calls and syncs are compared without it.
spec::Contract whole_buffers(spec::Contract contract) {
  contract.lifetime.policies.v[model::at(model::kPolicies, "granularity")] = 0;
  return contract;
}

}  // namespace

bool Comparison::finds_nothing() const {
  const bool same_cells = changes_of(first_matrix, second_matrix).empty();
  return same_cells && policies.empty() && clauses.empty() && calls.relation == Relation::kEqual && !calls.syncs;
}

std::size_t Comparison::regressions() const { return count_cells(*this, true, false); }
std::size_t Comparison::mended() const { return count_cells(*this, false, true); }

Comparison compare(const spec::Contract& first, const spec::Contract& second,
                   const explore::Configuration& configuration) {
  return {first,
          second,
          compare_policies(first, second),
          compare_clauses(first, second),
          compare_calls(explore::System(whole_buffers(first), configuration),
                        explore::System(whole_buffers(second), configuration)),
          verdict_matrix(first, configuration),
          verdict_matrix(second, configuration)};
}

Review review(const spec::Contract& base, const spec::Contract& proposal, const explore::Configuration& configuration,
              const std::vector<std::string>& traces, const replay::Options& options) {
  Review out{compare(base, proposal, configuration), {}, {}};
  out.examples = examples_of(out.comparison);
  for (const spec::Workload& w : spec::standard_workloads())
    out.costs.push_back({std::string(w.name), std::string(w.title), cost_of_workload(base, w, options),
                         cost_of_workload(proposal, w, options)});
  for (const std::string& path : traces)
    out.costs.push_back({path, path, cost_of_trace(base, path, options), cost_of_trace(proposal, path, options)});
  return out;
}

}  // namespace custody::checker::review
