// SPDX-License-Identifier: BSD-2-Clause
// Replays what stands at a path, whatever it is packed in.
#include "checker/replay/replay.hpp"
#include "traces/open.hpp"

namespace custody::checker::replay {

ReplayResult replay_part(traces::input::Input& input, const Options& options, ReportSink& sink) {
  const auto read = [&](traces::EventSink& events, traces::ReadStatistics& statistics) {
    traces::read_part(input, events, statistics, {options.stop, options.event_names});
  };
  return replay_reading(input.name(), input.is_member(), read, options, sink);
}

ReplayResult replay_trace(const std::string& path, const Options& options, ReportSink& sink) {
  try {
    traces::input::Input input(path, options.stop);
    if (input.next()) return replay_part(input, options, sink);
    return report_unreadable(path, path + ": is an archive without files, expected a trace", sink);
  } catch (const traces::InputError& e) {
    return report_unreadable(path, e.what(), sink);
  }
}

}  // namespace custody::checker::replay
