// SPDX-License-Identifier: BSD-2-Clause
// Reads requests, and answers with what replay, review and documents say.
#include <nlohmann/json.hpp>

#include "checker/page/answer.hpp"
#include "checker/replay/replay.hpp"
#include "checker/report/html_report.hpp"
#include "checker/report/json_report.hpp"
#include "checker/review/substitution.hpp"
#include "model/escape.hpp"
#include "spec/document/chart.hpp"
#include "traces/formats/event_log/event_log.hpp"
#include "traces/formats/ftrace/reader.hpp"
#include "traces/formats/litmus/header.hpp"
#include "traces/formats/litmus/reader.hpp"

namespace custody::checker::page {

namespace {

using nlohmann::json;

constexpr std::string_view kNameOfText = "the contract of the page";

spec::Contract contract_of(const std::string& given) {
  if (auto found = spec::find_contract(given)) return *found;
  return spec::read_contract(given, std::string(kNameOfText));
}

/// Says everything to two reports.
class Both final : public ReportSink {
 public:
  Both(ReportSink& one, ReportSink& other) : one_(one), other_(other) {}
  void begin_trace(const std::string& path) override { one_.begin_trace(path), other_.begin_trace(path); }
  void finding(const Finding& f, const traces::Directory& d) override { one_.finding(f, d), other_.finding(f, d); }
  [[nodiscard]] bool watches_events() const override { return true; }
  void event(const traces::Event& e, const StandingOf& standing, const traces::Directory& d) override {
    one_.event(e, standing, d), other_.event(e, standing, d);
  }
  void end_trace(const traces::Header& header, const traces::ReadStatistics& statistics, const Summary& summary,
                 std::span<const JudgedExpectation> expectations, const std::string& error) override {
    one_.end_trace(header, statistics, summary, expectations, error);
    other_.end_trace(header, statistics, summary, expectations, error);
  }
  void end(const Summary& total) override { one_.end(total), other_.end(total); }

 private:
  ReportSink &one_, &other_;
};

void read_text(const std::string& text, const std::string& path, traces::EventSink& sink,
               traces::ReadStatistics& statistics) {
  const std::string_view begin =
      std::string_view(text).substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (begin.substr(0, 1) == "{") {
    auto lines = traces::input::Lines::of_text(text);
    return traces::formats::event_log::read_event_log(lines, path, sink, statistics);
  }
  if (begin.substr(0, traces::formats::litmus::kMagic.size()) == traces::formats::litmus::kMagic) {
    statistics = traces::formats::litmus::read_litmus(text, path, sink);
    return;
  }
  auto lines = traces::input::Lines::of_text(text);
  try {
    traces::formats::ftrace::read_ftrace(lines, path, sink, statistics);
  } catch (const traces::InputError& e) {
    if (statistics.events != 0) throw;
    throw traces::InputError(path, 0,
                             std::string(e.what()) +
                                 "; the page reads litmus files, event logs and ftrace text: `custody convert` makes "
                                 "an event log of any other capture");
  }
}

/// The policies of the contract, as far as a replay reads them.
void take_policies(const spec::Contract& contract, replay::Options& options) {
  for (std::size_t p = 0; p < std::size(model::kPolicies); ++p) {
    const model::Policy& policy = model::kPolicies[p];
    const std::string name(policy.name), value(policy.values[contract.lifetime.policies.v[p]].name);
    if (replay::check_policy(name, value).empty()) options.policies.emplace_back(name, value);
  }
}

std::string answer_replay(const json& request) {
  const auto path = request.at("path").get<std::string>(), text = request.at("text").get<std::string>();
  replay::Options options;
  std::string report;
  report::JsonReport json_report([&report](std::string_view part) { report += part; });
  report::HtmlReport tracks([](std::string_view) {}, {});
  Both both(json_report, tracks);
  std::uint64_t refused = 0;
  replay::Reading read = [&](traces::EventSink& events, traces::ReadStatistics& statistics) {
    read_text(text, path, events, statistics);
  };
  std::optional<spec::Contract> contract;
  if (request.contains("contract")) {
    contract = contract_of(request.at("contract").get<std::string>());
    options = review::options_under(*contract, options);
    take_policies(*contract, options);
    read = [&](traces::EventSink& events, traces::ReadStatistics& statistics) {
      review::SyncSubstitution substitution(*contract, options.exporters, options.arch, events);
      read_text(text, path, substitution, statistics);
      refused = substitution.refused();
    };
  }
  const replay::ReplayResult result = replay::replay_reading(path, false, read, options, both);
  json_report.end(result.summary);
  return "{\"report\":" + report + ",\"refused\":" + std::to_string(refused) + ",\"trace\":" + tracks.traces() + "}";
}

json calls_of(model::EventSet calls) {
  json out = json::array();
  for (std::size_t e = 0; e < model::kEventCount; ++e)
    if (((calls >> e) & 1U) != 0) out.push_back(model::kEvents[e].brief);
  return out;
}

json moves_of(const std::vector<spec::document::Move>& moves) {
  json out = json::array();
  for (const spec::document::Move& move : moves)
    out.push_back({{"calls", calls_of(move.calls)}, {"syncs", move.syncs}});
  return out;
}

json described_chart(const spec::document::Document& document) {
  const spec::document::Chart chart = spec::document::chart_of(document);
  json out = {{"states", json::array()}, {"edges", json::array()}};
  for (const spec::document::ChartState& s : chart.states) {
    json refusals = json::array();
    for (const spec::document::Refused& r : s.refusals)
      refusals.push_back({{"by", r.by}, {"calls", calls_of(r.calls)}});
    out["states"].push_back({{"name", model::kStates[s.state].name},
                             {"says", model::kStates[s.state].says},
                             {"loops", moves_of(s.loops)},
                             {"refusals", refusals}});
  }
  for (const spec::document::ChartEdge& e : chart.edges)
    out["edges"].push_back(
        {{"from", model::kStates[e.from].name}, {"to", model::kStates[e.to].name}, {"moves", moves_of(e.moves)}});
  return out;
}

std::string answer_describe(const json& request) {
  const spec::Contract contract = contract_of(request.at("contract").get<std::string>());
  json out = {{"name", contract.name}, {"title", contract.title}, {"source", contract.source}};
  out["contract"] = json::parse(spec::write_contract(contract));
  out["chart"] = described_chart(spec::document::describe_matrix(contract, {}, false));
  json policies = json::array();
  for (std::size_t p = 0; p < std::size(model::kPolicies); ++p) {
    const model::PolicyValue& value = model::kPolicies[p].values[contract.lifetime.policies.v[p]];
    policies.push_back({{"name", model::kPolicies[p].name}, {"value", value.name}, {"says", value.says}});
  }
  out["policies"] = policies;
  return model::escape_json_document(out.dump());
}

std::string answer_contracts() {
  json contracts = json::array();
  for (const std::string_view name : spec::contract_names())
    contracts.push_back({{"name", name}, {"title", spec::find_contract(name)->title}});
  return "{\"contracts\":" + model::escape_json_document(contracts.dump()) + ",\"words\":" + report::page_words() + "}";
}

std::string wrong(std::string_view what) {
  std::string out = "{\"error\":\"";
  model::append_json(out, model::escape_text(what));
  return out + "\"}";
}

}  // namespace

std::string answer(std::string_view request) {
  try {
    const json asked = json::parse(request);
    const auto what = asked.at("do").get<std::string>();
    if (what == "contracts") return answer_contracts();
    if (what == "describe") return answer_describe(asked);
    if (what == "replay") return answer_replay(asked);
    return wrong("nobody can do '" + what + "', expected contracts, describe or replay");
  } catch (const json::exception& e) {
    return wrong(e.what());
  } catch (const std::runtime_error& e) {
    return wrong(e.what());
  }
}

}  // namespace custody::checker::page
