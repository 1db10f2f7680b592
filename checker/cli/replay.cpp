// SPDX-License-Identifier: BSD-2-Clause
// custody replay: reads traces and says what was illegal, missing and redundant in them.
#include "checker/replay/replay.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include "checker/cli/cli.hpp"
#include "checker/cli/command_line.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/contract_argument.hpp"
#include "checker/cli/interrupt.hpp"
#include "checker/cli/one_of.hpp"
#include "checker/cli/output_file.hpp"
#include "checker/cli/progress.hpp"
#include "checker/cli/selection_options.hpp"
#include "checker/cli/small_file.hpp"
#include "checker/cli/trace_options.hpp"
#include "checker/cli/value_names.hpp"
#include "checker/report/html_report.hpp"
#include "checker/report/json_report.hpp"
#include "checker/report/junit_report.hpp"
#include "checker/report/perfetto_report.hpp"
#include "checker/report/sarif_report.hpp"
#include "checker/report/text_report.hpp"
#include "checker/report/wording.hpp"
#include "traces/input/input.hpp"

namespace custody::checker::cli {

namespace {

struct ReplayArguments {
  std::vector<std::string> files;
  TraceOptions trace;
  SelectionOptions selection;
  std::string format = "text", fail_on = "error", colour = "auto", output, contract;
  bool all = false, quiet = false, explain_cost = false, brief = false, verbose = false;
};

/// The least severity that fails; none: nothing does.
std::optional<spec::Severity> least_of(const std::string& fail_on) {
  for (const spec::Severity s : {spec::Severity::kError, spec::Severity::kWarning, spec::Severity::kNote})
    if (spec::name(s) == fail_on) return s;
  return std::nullopt;
}

/// `shown`: findings by severity. What is not shown does not count.
bool fails(const replay::ReplayResult& r, const std::array<std::uint64_t, 3>& shown, const std::string& fail_on) {
  if (r.has_expectations) return r.expectations_failed;
  const std::optional<spec::Severity> least = least_of(fail_on);
  for (std::size_t s = 0; least && s <= static_cast<std::size_t>(*least); ++s)
    if (shown[s] != 0) return true;
  return false;
}

bool wants_colour(const ReplayArguments& a, const OutputFile& output) {
  if (a.colour != "auto") return a.colour == "always";
  const char* no_color = std::getenv("NO_COLOR");
  return output.is_terminal() && (no_color == nullptr || *no_color == '\0');
}

/// Somebody reads along: what is found is said when it is found.
bool streams(const ReplayArguments& a) { return std::any_of(a.files.begin(), a.files.end(), is_stream); }

std::unique_ptr<checker::ReportSink> make_report(const ReplayArguments& a, OutputFile& output, Progress& progress) {
  const auto write = [&output, &progress](std::string_view text) {
    progress.clear();
    output.write(text);
  };
  if (a.format == "json") return std::make_unique<report::JsonReport>(write, a.explain_cost);
  if (a.format == "sarif") return std::make_unique<report::SarifReport>(write, CUSTODY_VERSION);
  if (a.format == "junit") return std::make_unique<report::JunitReport>(write, least_of(a.fail_on));
  const spec::document::Origin origin{CUSTODY_VERSION, command_line()};
  if (a.format == "html") return std::make_unique<report::HtmlReport>(write, origin);
  if (a.format == "perfetto") return std::make_unique<report::PerfettoReport>(write, origin);
  report::TextOptions options;
  options.colour = wants_colour(a, output);
  options.form = a.verbose ? report::Form::kLong : a.brief ? report::Form::kBrief : report::Form::kShort;
  options.all = a.all;
  options.at_once = a.output.empty() && streams(a);
  options.quiet = a.quiet;
  options.explain_cost = a.explain_cost;
  return std::make_unique<report::TextReport>([&output, write](std::string_view text) { write(output.as_read(text)); },
                                              options);
}

std::string progress_text(std::size_t done, std::size_t files, const traces::ReadStatistics& s) {
  const std::string of_files =
      files > 1 ? "trace " + std::to_string(done + 1) + " of " + std::to_string(files) + ": " : "";
  return of_files + std::to_string(s.events) + " events " + percent(s.bytes, s.bytes_total);
}

/// What all traces together come to.
struct Outcome {
  bool unreadable = false, violated = false, inconclusive = false, is_part = false;
  checker::Summary total;

  void add(const replay::ReplayResult& r, const select::SelectedReport& report, const std::string& fail_on) {
    total.add(r.summary);
    unreadable = unreadable || r.input_error;
    const follow::ContractTotals& c = r.summary.contract;
    violated = violated || fails(r, report.shown(), fail_on) || c.departed != 0;
    inconclusive = inconclusive || r.inconclusive || c.unseen_syncs || c.unjudged_buffers != 0;
  }
  [[nodiscard]] int status() const {
    return unreadable ? kUsage : violated ? kViolated : inconclusive || is_part ? kInconclusive : kHolds;
  }
};

/// Replays what is in `file`: one trace, or the members of an archive that are traces.
void replay_file(const std::string& file, const ReplayArguments& a, const replay::Options& options,
                 select::SelectedReport& report, Outcome& outcome) {
  std::size_t traces = 0;
  try {
    traces::input::Input input(file, options.stop);
    while (input.next()) {
      const replay::ReplayResult r = replay::replay_part(input, options, report);
      if (!r.stopped.empty()) complain("replay", r.stopped + "; what was read before is reported");
      if (r.skipped) continue;
      ++traces;
      outcome.add(r, report, a.fail_on);
    }
    if (traces != 0 || *options.stop) return;
    const std::string wrong = file + ": is an archive that holds no trace";
    outcome.add(replay::report_unreadable(file, wrong, report), report, a.fail_on);
  } catch (const traces::InputError& e) {
    // Where it was stopped, an archive ends in its middle.
    if (*options.stop && traces != 0) return;
    outcome.add(replay::report_unreadable(file, e.what(), report), report, a.fail_on);
  }
}

int replay_all(const ReplayArguments& a, replay::Options options, OutputFile& output, Progress& progress,
               select::SelectedReport& report) {
  Outcome outcome;
  std::size_t done = 0;
  options.progress = [&](const traces::ReadStatistics& s) {
    if (progress.is_due()) progress.show(progress_text(done, a.files.size(), s));
  };
  for (const std::string& file : a.files) {
    // A stream ends where it is stopped; a file has more.
    outcome.is_part = outcome.is_part || (*options.stop && done != 0);
    if (outcome.is_part) break;
    replay_file(file, a, options, report, outcome);
    outcome.is_part = *options.stop && !is_stream(file);
    ++done;
  }
  progress.clear();
  if (outcome.is_part && was_interrupted()) remark("replay", "interrupted: what was read before is reported");
  report.end(outcome.total);
  output.flush();
  return outcome.status();
}

/// The files that are read.
std::vector<std::string> inputs_of(const ReplayArguments& a) {
  std::vector<std::string> inputs = a.selection.inputs();
  inputs.insert(inputs.end(), {a.contract, a.trace.exporters_file});
  for (const std::string& file : a.files) inputs.push_back(traces::input::file_of(file));
  return inputs;
}

/// What went wrong, or empty.
std::string write_baseline(const select::Baseline& found, bool overflowed, OutputFile& output) {
  if (overflowed)
    return "--write-baseline: more than " + std::to_string(select::Baseline::kMost) +
           " kinds of findings, expected fewer";
  output.write(found.text());
  return output.keep();
}

int run(const ReplayArguments& a) {
  replay::Options options;
  std::string wrong = standard_input_twice(inputs_of(a));
  if (wrong.empty()) wrong = parse_trace_options(a.trace, options);
  select::Selection selection;
  if (wrong.empty()) wrong = parse_selection(a.selection, selection);
  if (!wrong.empty()) {
    complain("replay", wrong);
    return kUsage;
  }
  if (!a.contract.empty()) {
    const auto contract = contract_argument(a.contract);
    if (!contract) return kUsage;
    options.contract = std::make_shared<const spec::Contract>(*contract);
  }
  OutputFile output(a.output), baseline(a.selection.write_baseline);
  wrong = output.open(inputs_of(a));
  if (wrong.empty() && selection.written) wrong = baseline.open(inputs_of(a));
  if (!wrong.empty()) {
    complain("replay", wrong);
    return kUsage;
  }
  options.stop = &end_with_a_summary();
  if (streams(a) || output.is_terminal()) output.write_at_once();
  Progress progress(!a.quiet);
  const auto report = make_report(a, output, progress);
  select::SelectedReport selected(selection, *report);
  const int status = replay_all(a, options, output, progress, selected);
  static_cast<void>(write_all(2, unused_suppressions(a.selection, selection)));
  wrong = output.keep();
  if (wrong.empty() && selection.written && status != kUsage)
    wrong = write_baseline(*selection.written, selected.overflowed(), baseline);
  if (wrong.empty()) return status;
  complain("replay", wrong);
  return kUsage;
}

}  // namespace

void add_replay(CLI::App& app, int& status) {
  const auto a = std::make_shared<ReplayArguments>();
  CLI::App* c = app.add_subcommand("replay", "Replay captured traces, event logs and litmus files.");
  c->footer(
      "Examples:\n  custody replay trace.txt\n  cat /sys/kernel/tracing/trace_pipe | custody replay -\n"
      "  custody replay --format json --device gpu.0=coherent a.txt b.txt");
  c->add_option("FILE", a->files,
                "ftrace text, a trace.dat, a trace of Perfetto, an event log or a litmus file, compressed or not, or "
                "an archive of them\n"
                "(ARCHIVE!MEMBER is one of them); - is standard input, as a stream")
      ->required()
      ->type_name(kFile);
  c->add_option(
       "--format", a->format,
       "text, json, junit or sarif; html: a page to look at, that needs no network; perfetto: a trace for its UI")
      ->check(one_of({"text", "json", "junit", "sarif", "html", "perfetto"}));
  c->add_option("--fail-on", a->fail_on, "the least severity that makes the exit status 1")
      ->check(one_of({"error", "warning", "note", "never"}));
  add_trace_options(*c, a->trace);
  add_selection_options(*c, a->selection);
  c->add_option("--contract", a->contract,
                "also say where the driver departs from this contract: a name of `custody list contracts`, or a file; "
                "- is standard input")
      ->type_name(kContract);
  c->add_option("--max-live", a->trace.max_live,
                "read no further where more buffers than these live at once: memory follows them, a million take less "
                "than 1 GiB; exit status 3, with what was read before")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  c->add_option("--color,--colour", a->colour, "auto, always or never")->check(one_of({"auto", "always", "never"}));
  c->add_option("--output,-o", a->output, "write the report to this file")->type_name(kFile);
  c->add_flag("--explain-cost", a->explain_cost, "also rank devices, exporters and call sites by what they could save");
  c->add_flag("--all", a->all,
              "print every finding as it comes; else each cause once, with the number of its instances");
  CLI::Option* verbose = c->add_flag("--verbose,-v", a->verbose, "the long form of findings, and all counts");
  c->add_flag("--brief", a->brief, "one line a finding")->excludes(verbose);
  c->add_flag("--quiet,-q", a->quiet, "findings and failed expectations only, no progress");
  c->callback([a, &status] { status = run(*a); });
}

}  // namespace custody::checker::cli
