// SPDX-License-Identifier: BSD-2-Clause
// Target: any bytes, from a file to the reports of a replay.
#include "checker/replay/replay.hpp"

#include <string>

#include "checker/report/json_report.hpp"
#include "checker/report/text_report.hpp"
#include "tests/fuzz/bytes_file.hpp"
#include "tests/fuzz/targets.hpp"
#include "traces/open.hpp"

namespace custody::fuzz {

namespace {

using checker::replay::ReplayResult;
namespace report = checker::report;

ReplayResult replayed(const std::string& path, checker::ReportSink& report) {
  static const checker::replay::Options kOptions = [] {
    checker::replay::Options options;
    options.contract = std::make_shared<const spec::Contract>(*spec::find_contract("system-heap-6.1"));
    return options;
  }();
  const ReplayResult result = checker::replay::replay_trace(path, kOptions, report);
  report.end(result.summary);
  return result;
}

/// The report for programs, without the path.
std::string json_of(const std::string& path, ReplayResult& result) {
  std::string json;
  report::JsonReport report([&](std::string_view text) { json += text; }, true);
  result = replayed(path, report);
  for (std::size_t at = json.find(path); at != std::string::npos; at = json.find(path, at)) json.erase(at, path.size());
  return json;
}

std::string text_of(const std::string& path, const report::TextOptions& options) {
  std::string text;
  report::TextReport report([&](std::string_view more) { text += more; }, options);
  static_cast<void>(replayed(path, report));
  return text;
}

/// All that a report for people can say.
report::TextOptions everything() {
  report::TextOptions options;
  options.form = report::Form::kLong;
  options.all = options.at_once = options.explain_cost = true;
  return options;
}

}  // namespace

void replay(std::string_view bytes) {
  static BytesFile file, log_file;
  file.hold(bytes);
  ReplayResult result, of_log;
  const std::string json = json_of(file.path(), result);
  require_json(json);
  require_plain_text(text_of(file.path(), everything()));
  require_plain_text(text_of(file.path(), {}));
  // A member of an archive has the archive's path and its own name, which a log does not have.
  if (result.input_error || traces::parts_of(file.path()) != std::vector{file.path()}) return;
  const std::string log =
      event_log_of([&](auto& sink, auto& statistics) { traces::read_trace(file.path(), sink, statistics); });
  if (!is_whole(log)) return;
  log_file.hold(log);
  const std::string again = json_of(log_file.path(), of_log);
  require_same(json, again, "a replay of the event log says what a replay of the trace says");
}

}  // namespace custody::fuzz
