// SPDX-License-Identifier: GPL-2.0-only
// What came of driving one driver, as text that the process that asked for it reads.
#include <nlohmann/json.hpp>

#include "kernel-ref/drive/outcome.hpp"

namespace custody::kernel_ref::drive {

using nlohmann::json;
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Finding, key, kind, rule, severity, owes, says, configuration, client, calls,
                                   together, schedule, choices, litmus, count)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(WorkloadCost, name, operations, bytes, no_effect, optimum, has_optimum, failed)

static void to_json(json& j, const Edge& e) { j = json::array({e.from, e.call, e.seen, e.to}); }
static void from_json(const json& j, Edge& e) { e = {j.at(0), j.at(1), j.at(2), j.at(3)}; }
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Graph, configuration, client, devices, depth, edges, levels, leaves, seen, calls,
                                   interleavings, complete)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Outcome, graphs, findings, costs, random, cannot, died)

std::string to_text(const Outcome& outcome) {
  return json(outcome).dump(-1, ' ', false, json::error_handler_t::replace);
}

Outcome outcome_of(const std::string& text) { return json::parse(text).get<Outcome>(); }

}  // namespace custody::kernel_ref::drive
