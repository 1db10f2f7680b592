// SPDX-License-Identifier: BSD-2-Clause
// custody minimize: the smallest trace that still shows a finding, as a litmus file.
#include "checker/minimize/minimize.hpp"

#include <memory>

#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/interrupt.hpp"
#include "checker/cli/output_file.hpp"
#include "checker/cli/progress.hpp"
#include "checker/cli/selection_options.hpp"
#include "checker/cli/small_file.hpp"
#include "checker/cli/trace_options.hpp"
#include "checker/cli/value_names.hpp"
#include "checker/report/wording.hpp"
#include "traces/input/input.hpp"

namespace custody::checker::cli {

namespace {

struct MinimizeArguments {
  std::string file, rule, output;
  std::uint64_t line = 0;
  TraceOptions trace;
  bool quiet = false;
};

/// Fills `wish`; what is wrong, or empty.
std::string parse_wish(const MinimizeArguments& a, minimize::Wish& wish) {
  wish.line = a.line;
  if (a.rule.empty()) return {};
  const spec::Rule* rule = spec::find_rule(a.rule);
  if (rule == nullptr) return "--rule: " + unknown_rule(a.rule);
  wish.rule = spec::id_of(*rule);
  return {};
}

int run(const MinimizeArguments& a) {
  replay::Options options;
  minimize::Wish wish;
  OutputFile output(a.output);
  std::string wrong = standard_input_twice({a.file, a.trace.exporters_file});
  if (wrong.empty()) wrong = parse_trace_options(a.trace, options);
  if (wrong.empty()) wrong = parse_wish(a, wish);
  if (wrong.empty()) wrong = output.open({traces::input::file_of(a.file), a.trace.exporters_file});
  Progress progress(!a.quiet);
  options.progress = [&](const traces::ReadStatistics& s) {
    if (progress.is_due()) progress.show("reading: " + std::to_string(s.events) + " events");
  };
  // Until there is a part that shows the finding, a signal finds nothing to write.
  const auto go_on = [&](const minimize::MinimizeProgress& p) {
    if (progress.is_due())
      progress.show(std::to_string(p.replays) + " replays, " + std::to_string(p.events) + " events left");
    return !end_with_a_summary();
  };
  minimize::Minimized result;
  if (wrong.empty()) {
    try {
      result = minimize::minimize_trace(a.file, options, wish, go_on);
    } catch (const traces::InputError& e) {
      wrong = e.what();
    } catch (const minimize::MinimizeError& e) {
      wrong = e.what();
    }
  }
  progress.clear();
  if (wrong.empty()) {
    output.write(result.text);
    wrong = output.keep();
  }
  if (!wrong.empty()) {
    complain("minimize", wrong);
    return kUsage;
  }
  if (!a.quiet)
    remark("minimize", std::string(spec::rule(result.rule).id) + " of line " + std::to_string(result.line) + ": " +
                           std::to_string(result.events) + " of " + std::to_string(result.events_before) + " events, " +
                           std::to_string(result.replays) + " replays");
  if (result.is_smallest) return kHolds;
  remark("minimize", "interrupted: this is the smallest so far");
  return kInconclusive;
}

}  // namespace

void add_minimize(CLI::App& app, int& status) {
  const auto a = std::make_shared<MinimizeArguments>();
  CLI::App* c = app.add_subcommand("minimize", "Find the smallest trace that still shows a finding, as a litmus file.");
  c->footer(
      "Without --rule and --line: the first error, else the first warning, else the first note.\n"
      "Exit status: 0 minimised, 2 bad input or no such finding, 3 interrupted; then the output is the smallest\n"
      "trace so far, or there is none where nothing was found yet.\n"
      "Examples:\n  custody minimize trace.txt\n  custody minimize --rule R3 --line 42 --output r3.litmus trace.txt");
  c->add_option("TRACE", a->file,
                "ftrace text, a trace.dat, a trace of Perfetto, an event log or a litmus file; - is standard input")
      ->required()
      ->type_name(kFile);
  c->add_option("--rule", a->rule, "the finding's rule; see `custody list rules`")->type_name(kRule);
  c->add_option("--line", a->line, "a line that the finding names")->check(CLI::PositiveNumber)->default_str("");
  add_trace_options(*c, a->trace);
  c->add_option("--output,-o", a->output, "write the litmus file to this file")->type_name(kFile);
  c->add_flag("--quiet,-q", a->quiet, "no progress and no summary");
  c->callback([a, &status] { status = run(*a); });
}

}  // namespace custody::checker::cli
