// SPDX-License-Identifier: BSD-2-Clause
// custody convert: any trace as an event log or as a litmus file.
#include <memory>
#include <string>
#include <vector>

#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/interrupt.hpp"
#include "checker/cli/one_of.hpp"
#include "checker/cli/output_file.hpp"
#include "checker/cli/trace_options.hpp"
#include "checker/cli/value_names.hpp"
#include "checker/report/wording.hpp"
#include "traces/formats/event_log/event_log.hpp"
#include "traces/formats/litmus/writer.hpp"
#include "traces/open.hpp"

namespace custody::checker::cli {

namespace {

using Names = std::vector<traces::EventName>;

struct ConvertArguments {
  std::string file, output, to = "event-log";
  std::vector<std::string> events;
};

/// Keeps a trace for a litmus file, and counts what no litmus file says.
class Kept final : public traces::EventSink {
 public:
  void on_header(const traces::Header& header, const traces::Directory& directory) override {
    trace_.on_header(header, directory);
  }
  void on_event(const traces::Event& event, const traces::Directory& directory) override {
    trace_.on_event(event, directory);
  }
  void on_gap(const traces::Gap& /*gap*/, const traces::Directory& /*directory*/) override { ++gaps_; }
  [[nodiscard]] const traces::RecordedTrace& trace() const { return trace_; }
  [[nodiscard]] std::uint64_t gaps() const { return gaps_; }

 private:
  traces::RecordedTrace trace_;
  std::uint64_t gaps_ = 0;
};

/// Reads the one trace at `path`; throws InputError where there is none, or nothing in it that says something.
traces::ReadStatistics read(const std::string& path, const Names& names, traces::EventSink& sink) {
  traces::ReadStatistics statistics;
  traces::read_trace(path, sink, statistics, {&end_with_a_summary(), names});
  if (statistics.could_read_none()) throw traces::InputError(path, 0, "no record of a known event could be read");
  if (statistics.known_events == 0) throw traces::NoTrace(path, 0, "no record of a known event");
  return statistics;
}

void to_event_log(const std::string& path, const Names& names, OutputFile& output) {
  using traces::formats::event_log::EventLogWriter;
  EventLogWriter writer([&output](std::string_view line) { output.write(line); }, EventLogWriter::Purpose::kConversion);
  writer.end(read(path, names, writer));
}

void to_litmus(const std::string& path, const Names& names, OutputFile& output) {
  Kept kept;
  const traces::ReadStatistics statistics = read(path, names, kept);
  if (kept.gaps() != 0 || statistics.malformed != 0)
    throw traces::InputError(path, 0,
                             "has " + std::to_string(kept.gaps() + statistics.malformed) +
                                 " gaps, which no litmus file can say, expected --to event-log");
  if (!kept.trace().header().observes_dma_api)
    throw traces::InputError(path, 0,
                             "shows no calls of the DMA API, which no litmus file can say, expected --to event-log");
  output.write(traces::formats::litmus::write_litmus(kept.trace()));
}

int run(const ConvertArguments& a) {
  Names names;
  OutputFile output(a.output);
  std::string wrong = parse_events(a.events, names);
  if (wrong.empty()) wrong = output.open({traces::input::file_of(a.file)});
  if (wrong.empty()) {
    try {
      if (a.to == "litmus") to_litmus(a.file, names, output);
      else to_event_log(a.file, names, output);
      if (was_interrupted() && !is_stream(a.file)) {
        remark("convert", "interrupted: " + a.file + " was not read to its end");
        return kInconclusive;
      }
      wrong = output.keep();
    } catch (const traces::InputError& e) {
      wrong = e.what();
    }
  }
  if (wrong.empty()) return kHolds;
  complain("convert", wrong);
  return kUsage;
}

}  // namespace

void add_convert(CLI::App& app, int& status) {
  const auto a = std::make_shared<ConvertArguments>();
  CLI::App* c = app.add_subcommand("convert", "Write any trace as an event log or a litmus file.");
  c->footer(
      "A replay of the event log says what a replay of the trace says, with the line numbers of the trace. A litmus\n"
      "file says no times, inode numbers and thread ids; of a trace with gaps or without DMA API calls there is none.\n"
      "Exit status: 0 written, 2 bad input, 3 interrupted while a file is read; then there is no output file.\n"
      "Examples:\n  custody convert trace.txt.gz -o trace.jsonl\n  custody convert --to litmus traces.tar!one.txt");
  c->add_option("TRACE", a->file, "what `custody replay` reads; ARCHIVE!MEMBER is one of several, - standard input")
      ->required()
      ->type_name(kFile);
  c->add_option("--output,-o", a->output, "write to this file")->type_name(kFile);
  c->add_option("--to", a->to, "event-log or litmus")->check(one_of({"event-log", "litmus"}));
  add_event_option(*c, a->events);
  c->callback([a, &status] { status = run(*a); });
}

}  // namespace custody::checker::cli
