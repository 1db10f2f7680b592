// SPDX-License-Identifier: BSD-2-Clause
// The verdict of a search as JSON and as SARIF, for tools.
#include <nlohmann/json.hpp>

#include <algorithm>

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

Json document_of(const CheckRun& run) {
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
  return json;
}

/// The line of a clause; of one that is the base's, that of the base. 0: the file has neither.
std::uint64_t line_of(const CheckRun& run, const std::string& clause) {
  for (const spec::ClauseLine& l : run.lines)
    if (l.clause == clause) return l.line;
  for (const spec::ClauseLine& l : run.lines)
    if (l.clause.empty()) return l.line;
  return 0;
}

/// The clauses that act on the way, each once: the one that acted last comes first.
std::vector<report::SarifPlace> clauses_on(const CheckRun& run, const Violation& violation) {
  std::vector<report::SarifPlace> places;
  for (std::size_t i = violation.labels.size(); i-- > 0;) {
    const std::vector<RunSync> syncs = run.system.syncs_of(violation.states[i], violation.labels[i]);
    for (auto sync = syncs.rbegin(); sync != syncs.rend(); ++sync) {
      const std::string says = "clause " + sync->clause->name + " acts in " + words_of(violation.labels[i]);
      const bool is_new = std::none_of(places.begin(), places.end(), [&](const report::SarifPlace& p) {
        return p.says.rfind("clause " + sync->clause->name + " ", 0) == 0;
      });
      if (is_new) places.push_back({run.file, line_of(run, sync->clause->name), says});
    }
  }
  return places;
}

report::SarifResult result_of(const CheckRun& run, const PropertyAnswer& p) {
  report::SarifResult r;
  r.rule = p.id;
  r.text = run.contract.name + ": " + std::string(p.says);
  r.place.path = run.file;
  if (p.violation == nullptr) return r;
  r.text += "\n\n" + counterexample_litmus(run.system, run.contract, *p.violation);
  if (run.file.empty()) return r;
  r.related = clauses_on(run, *p.violation);
  if (!r.related.empty()) r.place.line = r.related.front().line;
  return r;
}

report::SarifRule rule_of(const PropertyAnswer& p) {
  const spec::Rule* rule = spec::find_rule(p.id);
  return {std::string(p.id), std::string(p.says), rule != nullptr ? std::string(rule->why) : "",
          rule != nullptr ? std::string(rule->fix) : "", "error"};
}

}  // namespace

std::string check_json(std::span<const CheckRun> runs) {
  if (runs.size() == 1) return written(document_of(runs.front()));
  Json all = Json::array();
  for (const CheckRun& run : runs) all.push_back(document_of(run));
  return written({{"schema", kChecksSchema}, {"checks", all}});
}

std::string check_sarif(std::span<const CheckRun> runs, bool complete) {
  std::vector<report::SarifRule> rules;
  std::string results, version;
  for (const CheckRun& run : runs) {
    version = run.version;
    complete = complete && run.result.complete;
    for (const PropertyAnswer& p : answers_of(run.system, run.result)) {
      if (p.modality == Modality::kSometimes) continue;
      const bool is_new = std::none_of(rules.begin(), rules.end(), [&](const auto& r) { return r.id == p.id; });
      if (is_new) rules.push_back(rule_of(p));
      if (p.answer == Answer::kViolated)
        results += (results.empty() ? "" : ",") + report::sarif_result(result_of(run, p));
    }
  }
  return report::sarif_head(version, rules) + results + report::sarif_end(complete, {});
}

}  // namespace custody::checker::explore
