// SPDX-License-Identifier: BSD-2-Clause
// The verdict of a search as JSON and as SARIF, for tools.
#include <nlohmann/json.hpp>

#include "checker/explore/check_report.hpp"
#include "checker/explore/counterexample.hpp"
#include "checker/explore/properties.hpp"
#include "checker/explore/sequence.hpp"
#include "checker/report/sarif.hpp"
#include "checker/report/wording.hpp"
#include "model/escape.hpp"

namespace custody::checker::explore {

using Json = nlohmann::ordered_json;

namespace {

std::string written(const Json& json) {
  return model::escape_json_document(json.dump(1, ' ', false, Json::error_handler_t::replace)) + "\n";
}

Json bound_json(const CheckRun& run) {
  const Configuration& c = run.system.configuration();
  return {{"devices", c.devices}, {"coherent", c.coherent},
          {"bounced", c.bounced}, {"windows", c.windows},
          {"arch", c.arch->name}, {"client", name_of(c.client)},
          {"in_turn", c.in_turn}, {"failing_calls", c.failing_begins}};
}

Json sequence_json(const Sequence& s) {
  Json messages = Json::array();
  for (const Message& m : s.messages)
    messages.push_back({{"from", s.participants[m.from]}, {"to", s.participants[m.to]}, {"text", m.text}});
  return {{"participants", s.participants}, {"messages", messages}};
}

Json economy_json(const Economy& economy) {
  Json syncs = Json::array();
  for (const SyncEconomy& s : economy.syncs)
    syncs.push_back({{"clause", s.clause},
                     {"sync", s.sync},
                     {"operation", report::name(s.operation)},
                     {"reached", s.reached},
                     {"without_effect", s.without_effect}});
  return {{"beliefs", economy.beliefs},
          {"operations", economy.operations},
          {"without_effect", economy.without_effect},
          {"syncs", syncs}};
}

Json properties_json(const CheckRun& run) {
  Json list = Json::array();
  for (const PropertyAnswer& p : answers_of(run.system, run.result))
    list.push_back(
        {{"modality", name_of(p.modality)}, {"property", p.id}, {"says", p.says}, {"answer", name_of(p.answer)}});
  return list;
}

}  // namespace

std::string check_json(const CheckRun& run) {
  const SearchResult& r = run.result;
  Json json = {{"schema", kCheckSchema},
               {"contract", run.contract.name},
               {"bound", bound_json(run)},
               {"verdict", !is_safe(r)  ? "violated"
                           : r.complete ? "holds"
                                        : "inconclusive"},
               {"complete", r.complete},
               {"interrupted", r.interrupted},
               {"out_of_memory", r.out_of_memory},
               {"states", r.states},
               {"transitions", r.totals.transitions},
               {"depth", r.depth},
               {"seconds", run.seconds},
               {"stored_bytes", r.stored_bytes},
               {"stuck_states", r.stuck},
               {"stuck_windows", r.stuck_windows},
               {"maintenance",
                {{"handovers", r.totals.handovers},
                 {"operations", r.totals.operations},
                 {"most_in_a_call", r.totals.most_operations}}},
               {"properties", properties_json(run)}};
  if (run.economy) json["economy"] = economy_json(*run.economy);
  Json& violations = json["violations"] = Json::array();
  for (const Violation& v : r.violations)
    violations.push_back({{"property", id_of(v.property)},
                          {"says", says(v.property)},
                          {"transitions", v.count},
                          {"steps", v.labels.size()},
                          {"litmus", counterexample_litmus(run.system, run.contract, v)},
                          {"sequence", sequence_json(sequence_of(run.system, v))}});
  return written(json);
}

std::string check_sarif(const CheckRun& run) {
  std::vector<report::SarifRule> rules;
  std::string results;
  for (const PropertyAnswer& p : answers_of(run.system, run.result)) {
    if (p.modality == Modality::kSometimes) continue;
    const spec::Rule* rule = spec::find_rule(p.id);
    rules.push_back({std::string(p.id), std::string(p.says), rule != nullptr ? std::string(rule->why) : "",
                     rule != nullptr ? std::string(rule->fix) : "", "error"});
    if (p.answer != Answer::kViolated) continue;
    const std::string way =
        p.violation != nullptr ? "\n\n" + counterexample_litmus(run.system, run.contract, *p.violation) : "";
    report::SarifResult r;
    r.rule = p.id;
    r.text = run.contract.name + ": " + std::string(p.says) + way;
    r.place.path = run.file;
    results += (results.empty() ? "" : ",") + report::sarif_result(r);
  }
  return report::sarif_head(run.version, rules) + results + report::sarif_end(run.result.complete, {});
}

}  // namespace custody::checker::explore
