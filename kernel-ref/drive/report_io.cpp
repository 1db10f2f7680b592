// SPDX-License-Identifier: GPL-2.0-only
// The reports as JSON.
#include <nlohmann/json.hpp>

#include "kernel-ref/drive/report.hpp"

namespace custody::kernel_ref::drive {

namespace {

using Json = nlohmann::ordered_json;

Json finding_json(const Finding& f) {
  Json j{{"key", f.key},
         {"kind", f.kind},
         {"rule", f.rule},
         {"severity", f.severity},
         {"owes", f.owes},
         {"says", f.says},
         {"configuration", f.configuration},
         {"client", f.client},
         {"calls", f.calls}};
  if (!f.together.empty()) {
    j["together"] = f.together;
    j["schedule"] = f.schedule;
    j["choices"] = f.choices;
  }
  j["count"] = f.count;
  j["litmus"] = f.litmus;
  return j;
}

Json findings_json(const std::vector<Finding>& findings) {
  Json j = Json::array();
  for (const Finding& f : findings) j.push_back(finding_json(f));
  return j;
}

Json costs_json(const std::vector<WorkloadCost>& costs) {
  Json j = Json::array();
  for (const WorkloadCost& c : costs) {
    Json w{{"workload", c.name}, {"operations", c.operations}, {"bytes", c.bytes}, {"without_effect", c.no_effect}};
    w["optimum"] = c.has_optimum ? Json(c.optimum) : Json(nullptr);
    if (!c.failed.empty()) w["failed"] = c.failed;
    j.push_back(std::move(w));
  }
  return j;
}

std::string text_of(const Json& j) { return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

std::string drive_json(const std::string& name, const Outcome& o) {
  Json explored = Json::array();
  for (const Graph& g : o.graphs)
    explored.push_back({{"configuration", g.configuration},
                        {"client", g.client},
                        {"depth", g.depth},
                        {"states", g.leaves.size()},
                        {"calls", g.calls},
                        {"interleavings", g.interleavings},
                        {"complete", g.complete}});
  return text_of({{"schema", "custody.drive/1"},
                  {"driver", name},
                  {"findings", findings_json(o.findings)},
                  {"costs", costs_json(o.costs)},
                  {"explored", explored},
                  {"random_calls", o.random}});
}

std::string review_json(const std::string& name, const std::string& second, const Comparison& c) {
  Json differences = Json::array();
  for (const Difference& d : c.differences)
    differences.push_back({{"call", d.call},
                           {"removed", d.gone},
                           {"added", d.added},
                           {"calls", d.calls},
                           {"configuration", d.configuration},
                           {"client", d.client},
                           {"count", d.count},
                           {"regression", d.is_regression}});
  return text_of({{"schema", "custody.drive_review/1"},
                  {"driver", name},
                  {"second", second},
                  {"equal", c.is_equal()},
                  {"regression", c.is_regression()},
                  {"new", findings_json(c.fresh)},
                  {"gone", findings_json(c.mended)},
                  {"differences", differences},
                  {"costs", {{"before", costs_json(c.before)}, {"after", costs_json(c.after)}}}});
}

}  // namespace custody::kernel_ref::drive
