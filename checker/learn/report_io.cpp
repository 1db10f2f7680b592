// SPDX-License-Identifier: BSD-2-Clause
// The report of a study as JSON.
#include <nlohmann/json.hpp>

#include "checker/learn/report.hpp"

namespace custody::checker::learn {

using Json = nlohmann::ordered_json;

namespace {

Json difference_json(const Program& program, const std::string& predicted, const std::string& found) {
  Json calls = Json::array();
  for (const Step& step : program) calls.push_back(text_of(step));
  return {{"calls", std::move(calls)}, {"contract", predicted}, {"driver", found}};
}

Json evidence_json(const ClauseEvidence& e) {
  Json calls = Json::array();
  for (const Step& step : e.first) calls.push_back(text_of(step));
  return {{"clause", e.clause}, {"functions", e.functions}, {"calls", e.calls}, {"first", std::move(calls)}};
}

}  // namespace

std::string study_json(const Study& s, const std::vector<std::string>& equal) {
  Json out = {{"schema", "custody.learn/1"}, {"contract", Json::parse(spec::write_contract(s.learned.contract))}};
  out["equal"] = equal;
  out["explored"] = {{"calls", s.learned.calls},  {"predicted", s.learned.agreed},
                     {"up_to_depth", s.explored}, {"beyond_depth", s.deeper},
                     {"rounds", s.rounds},        {"complete", s.complete}};
  out["evidence"] = Json::array();
  for (const ClauseEvidence& e : s.learned.evidence) out["evidence"].push_back(evidence_json(e));
  out["own_mapping_behind_passes"] = s.folded_passes ? Json(s.mapping_functions) : Json();
  out["unsaid"] = Json::array();
  for (const Unsaid& u : s.learned.unsaid) {
    Json one = difference_json(u.program, u.predicted, u.found);
    one["explored_calls"] = u.calls;
    one["unstable"] = u.unstable;
    out["unsaid"].push_back(std::move(one));
  }
  out["stops"] = Json::array();
  for (const Stopped& stopped : s.stops) {
    Json calls = Json::array();
    for (const Step& step : stopped.program) calls.push_back(text_of(step));
    out["stops"].push_back({{"calls", std::move(calls)}, {"undoing", stopped.undoing}, {"what", stopped.what}});
  }
  out["outside"] = Json::array();
  for (const Unsaid& d : s.outside) out["outside"].push_back(difference_json(d.program, d.predicted, d.found));
  out["random"] = {{"programs", s.random.programs},
                   {"calls", s.random.calls},
                   {"agreed", s.random.agreed},
                   {"complete", s.random.complete},
                   {"first_disagreement", nullptr}};
  for (const Disagreement& d : s.random.disagreements)
    out["random"]["first_disagreement"] = difference_json(d.program, d.predicted, d.found);
  return out.dump(1) + "\n";
}

}  // namespace custody::checker::learn
