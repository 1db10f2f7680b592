// SPDX-License-Identifier: BSD-2-Clause
// A review as JSON.
#include <nlohmann/json.hpp>

#include "checker/explore/sequence.hpp"
#include "checker/review/review.hpp"
#include "model/escape.hpp"

namespace custody::checker::review {

using Json = nlohmann::ordered_json;

namespace {

std::string written(const Json& json) {
  return model::escape_json_document(json.dump(1, ' ', false, Json::error_handler_t::replace)) + "\n";
}

Json contract_json(const spec::Contract& c) { return {{"name", c.name}, {"title", c.title}, {"source", c.source}}; }

Json clauses_json(const Comparison& c) {
  constexpr std::string_view kWhat[] = {"removed", "added", "changed"};
  Json out = Json::array();
  for (const ClauseDifference& clause : c.clauses) {
    Json columns = Json::array();
    for (const ColumnDifference& d : clause.columns)
      columns.push_back({{"column", d.column}, {"first", d.first}, {"second", d.second}});
    out.push_back({{"name", clause.name},
                   {"on", clause.on},
                   {"change", kWhat[static_cast<std::size_t>(clause.kind)]},
                   {"columns", columns},
                   {"because", clause.because}});
  }
  return out;
}

Json distinction_json(const std::optional<Distinction>& d) {
  if (!d) return nullptr;
  Json calls = Json::array();
  for (const explore::Label& label : d->labels) calls.push_back(explore::words_of(label));
  return {{"calls", calls}, {"first_syncs", d->first_syncs}, {"second_syncs", d->second_syncs}};
}

Json matrix_json(const Comparison& c) {
  Json out = Json::array();
  for (std::size_t i = 0; i < c.first_matrix.size(); ++i) {
    const MatrixCell &a = c.first_matrix[i], &b = c.second_matrix[i];
    const MatrixChange change{&a, &b, {}};
    Json cell = {{"client", explore::name_of(a.configuration.client)},
                 {"arch", a.configuration.arch->name},
                 {"devices", a.mix},
                 {"first", a.violated},
                 {"second", b.violated},
                 {"regression", change.is_regression()}};
    if (change.is_regression()) cell["owes"] = change.owes();
    out.push_back(std::move(cell));
  }
  return out;
}

Json comparison_json(const Comparison& c) {
  Json policies = Json::array();
  for (const PolicyDifference& p : c.policies)
    policies.push_back({{"name", p.name}, {"first", p.first}, {"second", p.second}});
  return {{"schema", kReviewSchema},
          {"first", contract_json(c.first)},
          {"second", contract_json(c.second)},
          {"regressions", c.regressions()},
          {"mended", c.mended()},
          {"policies", policies},
          {"clauses", clauses_json(c)},
          {"calls",
           {{"relation", name_of(c.calls.relation)},
            {"complete", c.calls.complete},
            {"only_first", distinction_json(c.calls.only_first)},
            {"only_second", distinction_json(c.calls.only_second)},
            {"syncs", distinction_json(c.calls.syncs)}}},
          {"cells", matrix_json(c)}};
}

Json cost_json(const Cost& cost) {
  const MaintenanceTotals& m = cost.maintenance;
  return {{"operations", m.operations},
          {"bytes", m.bytes},
          {"no_effect_operations", m.no_effect.operations},
          {"no_effect_bytes", m.no_effect.bytes},
          {"optimum_operations", m.optimum.operations},
          {"copy_bytes", m.copy_bytes},
          {"missing", cost.missing},
          {"refused_calls", cost.refused}};
}

Json driven_json(const Driven& d) {
  Json findings = Json::array();
  for (const DrivenFinding& f : d.findings) {
    findings.push_back({{"kind", f.kind},
                        {"rule", f.rule},
                        {"severity", f.severity},
                        {"owes", f.owes},
                        {"says", f.says},
                        {"configuration", f.configuration},
                        {"client", f.client},
                        {"calls", f.calls},
                        {"together", f.together},
                        {"litmus", f.litmus}});
  }
  return {{"driver", d.driver}, {"side", d.is_second ? "second" : "first"}, {"findings", findings}};
}

}  // namespace

std::string difference_json(const Comparison& comparison) { return written(comparison_json(comparison)); }

std::string review_json(const Review& r) {
  Json json = comparison_json(r.comparison);
  Json& costs = json["costs"] = Json::array();
  for (const CostLine& line : r.costs)
    costs.push_back({{"workload", line.name},
                     {"title", line.title},
                     {"first", cost_json(line.first)},
                     {"second", cost_json(line.second)}});
  Json& examples = json["examples"] = Json::array();
  for (const Example& e : r.examples)
    examples.push_back({{"client", explore::name_of(e.configuration.client)},
                        {"arch", e.configuration.arch->name},
                        {"devices", e.mix},
                        {"violates", e.property},
                        {"contract", e.of_second ? "second" : "first"},
                        {"litmus", e.litmus}});
  if (!r.driven.empty()) {
    Json& driven = json["driven"] = Json::array();
    for (const Driven& d : r.driven) driven.push_back(driven_json(d));
  }
  return written(json);
}

}  // namespace custody::checker::review
