// SPDX-License-Identifier: BSD-2-Clause
// Replays a trace with the syncs of a contract in it, and takes its costs.
#include "checker/review/cost.hpp"

#include "checker/replay/engine.hpp"
#include "checker/review/substitution.hpp"
#include "traces/formats/litmus/reader.hpp"
#include "traces/open.hpp"

namespace custody::checker::review {

namespace {

template <class Read>
Cost measure(const spec::Contract& contract, const replay::Options& given, const Read& read) {
  const replay::Options options = options_under(contract, given);
  replay::Engine engine(options, [](const Finding&, const traces::Directory&) {});
  SyncSubstitution substitution(contract, options.exporters, options.arch, engine);
  read(substitution);
  const Summary& summary = engine.finish();
  Cost cost;
  cost.maintenance = summary.maintenance;
  cost.missing = summary.by_class[static_cast<std::size_t>(spec::RuleClass::kMissing)] +
                 summary.by_class[static_cast<std::size_t>(spec::RuleClass::kLostWrite)];
  cost.refused = substitution.refused();
  return cost;
}

}  // namespace

Cost cost_of_workload(const spec::Contract& contract, const spec::Workload& workload, const replay::Options& options) {
  return measure(contract, options, [&](traces::EventSink& sink) {
    static_cast<void>(traces::formats::litmus::read_litmus(workload.text, std::string(workload.name), sink));
  });
}

Cost cost_of_trace(const spec::Contract& contract, const std::string& path, const replay::Options& options) {
  return measure(contract, options, [&](traces::EventSink& sink) {
    static_cast<void>(traces::read_trace(path, sink, {nullptr, options.event_names}));
  });
}

}  // namespace custody::checker::review
