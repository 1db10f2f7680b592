// SPDX-License-Identifier: BSD-2-Clause
#include <nlohmann/json.hpp>

#include "checker/explore/check_report.hpp"
#include "checker/explore/counterexample.hpp"

namespace custody::checker {

using Json = nlohmann::ordered_json;

std::string check_json(const spec::Contract& contract, const System& system, const SearchResult& r, double seconds) {
  const Configuration& c = system.configuration();
  const bool safe = r.violations.empty() && r.stuck == 0;
  Json json = {{"schema", kCheckSchema},
               {"contract", contract.name},
               {"bound",
                {{"devices", c.devices},
                 {"coherent", c.coherent},
                 {"bounced", c.bounced},
                 {"windows", c.windows},
                 {"arch", c.arch->name},
                 {"client", c.keeps_rules ? "legal" : "any"},
                 {"failing_calls", c.failing_begins}}},
               {"verdict", !safe        ? "violated"
                           : r.complete ? "holds"
                                        : "inconclusive"},
               {"complete", r.complete},
               {"states", r.states},
               {"transitions", r.totals.transitions},
               {"depth", r.depth},
               {"seconds", seconds},
               {"stored_bytes", r.stored_bytes},
               {"stuck_states", r.stuck},
               {"maintenance",
                {{"handovers", r.totals.handovers},
                 {"operations", r.totals.operations},
                 {"most_in_a_call", r.totals.most_operations}}}};
  Json& violations = json["violations"] = Json::array();
  for (const Violation& v : r.violations)
    violations.push_back({{"property", id_of(v.property)},
                          {"says", says(v.property)},
                          {"transitions", v.count},
                          {"steps", v.deeds.size()},
                          {"litmus", counterexample_litmus(system, contract, v)}});
  return json.dump(1) + "\n";
}

}  // namespace custody::checker
