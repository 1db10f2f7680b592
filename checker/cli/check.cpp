// SPDX-License-Identifier: BSD-2-Clause
// custody check: explores a contract with its most general client and the hardware's own moves.
#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>

#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/configuration_options.hpp"
#include "checker/cli/contract_argument.hpp"
#include "checker/cli/interrupt.hpp"
#include "checker/cli/one_of.hpp"
#include "checker/cli/output_file.hpp"
#include "checker/cli/progress.hpp"
#include "checker/cli/value_names.hpp"
#include "checker/explore/check_report.hpp"
#include "checker/explore/counterexample.hpp"
#include "checker/explore/economy.hpp"
#include "checker/explore/properties.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::cli {

namespace {

/// Sets of states; a larger model has too many to be followed in passing.
constexpr std::uint64_t kBeliefsInPassing = 20000, kMostBeliefs = std::uint64_t{1} << 22U;

struct CheckArguments {
  std::string contract, output, format = "text";
  ConfigurationOptions configuration;
  explore::SearchOptions search;
  bool no_symmetry = false, economy = false, quiet = false;
};

std::string report_of(const std::string& format, const explore::CheckRun& run) {
  if (format == "json") return explore::check_json(run);
  if (format == "junit") return explore::check_junit(run);
  if (format == "sarif") return explore::check_sarif(run);
  return explore::check_text(run);
}

std::string progress_text(const explore::SearchProgress& p, double seconds) {
  std::string text = fmt::format("{} states, {} to expand, depth {}", p.states, p.open, p.depth);
  const std::uint64_t expanded = p.states - std::min(p.states, p.open);
  if (!p.expected || *p.expected < p.states || expanded == 0) return text;
  const double left = seconds * static_cast<double>(*p.expected - expanded) / static_cast<double>(expanded);
  return text +
         fmt::format("; maybe {} of {} in all, {:.0f} s left", percent(p.states, *p.expected), *p.expected, left);
}

/// What went wrong with it, or empty.
std::string write_counterexample(OutputFile& output, const explore::System& system, const spec::Contract& contract,
                                 const explore::SearchResult& r) {
  if (r.violations.empty()) {
    output.remove_old();
    return {};
  }
  output.write(explore::counterexample_litmus(system, contract, r.violations.front()));
  return output.keep();
}

/// Where the search, of which this says something more, came to its end, and this does.
std::optional<explore::Economy> measured(const explore::System& system, const CheckArguments& a,
                                         const explore::SearchResult& r) {
  if (!r.complete || (!a.economy && r.states > kBeliefsInPassing)) return std::nullopt;
  try {
    explore::Economy all = explore::economy_of(system, a.economy ? kMostBeliefs : kBeliefsInPassing, a.search.stop);
    if (all.complete) return all;
  } catch (const std::bad_alloc&) {
    remark("check", "memory ran out: the economy is not measured");
  }
  return std::nullopt;
}

int run(CheckArguments& a) {
  const std::optional<spec::Contract> contract = contract_argument(a.contract);
  if (!contract) return kUsage;
  std::string complaint;
  const std::optional<explore::Configuration> configuration = configuration_of(a.configuration, complaint);
  if (!configuration) return complain("check", complaint), kUsage;
  a.search.symmetry = !a.no_symmetry;
  std::optional<explore::System> system;
  try {
    system.emplace(*contract, *configuration);
  } catch (const std::invalid_argument& e) {
    return complain("check", e.what()), kUsage;
  }
  OutputFile output(a.output);
  if (!a.output.empty()) complaint = output.open({a.contract});
  if (!complaint.empty()) return complain("check", complaint), kUsage;
  Progress progress(!a.quiet);
  const auto start = std::chrono::steady_clock::now();
  a.search.progress = [&](const explore::SearchProgress& p) {
    if (progress.is_due())
      progress.show(progress_text(p, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()));
  };
  a.search.stop = &end_with_a_summary();
  const explore::SearchResult r = explore::search(*system, a.search);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const std::optional<explore::Economy> economy = measured(*system, a, r);
  progress.clear();
  if (r.threads < a.search.threads)
    remark("check", "the system gave " + std::to_string(r.threads) + " threads of " + std::to_string(a.search.threads));
  if (!a.output.empty()) complaint = write_counterexample(output, *system, *contract, r);
  if (!complaint.empty()) return complain("check", complaint), kUsage;
  const bool is_file = a.contract != "-" && !spec::find_contract(a.contract);
  const explore::CheckRun done{*contract,         *system,        r,
                               a.search.symmetry, seconds,        is_file ? a.contract : std::string(),
                               economy,           CUSTODY_VERSION};
  const std::string text = report_of(a.format, done);
  if (!print(text)) return kUsage;
  return !explore::is_safe(r) ? kViolated : r.complete ? kHolds : kInconclusive;
}

}  // namespace

void add_check(CLI::App& app, int& status) {
  const auto a = std::make_shared<CheckArguments>();
  CLI::App* c = app.add_subcommand("check", "Explore a contract: every client, every cache, up to a bound.");
  c->footer("Examples:\n  custody check vision-keep\n  custody check --devices 3 --coherent 1 my-contract.json");
  c->add_option("CONTRACT", a->contract,
                "a built-in contract (`custody list contracts`) or a file; - is standard input")
      ->required()
      ->type_name(kContract);
  add_configuration(*c, a->configuration);
  c->add_option("--threads", a->search.threads, "threads; the result is the same for any number")
      ->check(CLI::Range(1U, 64U));
  c->add_option("--max-states", a->search.max_states, "stop after so many states")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 31U));
  c->add_option("--format", a->format, "text, json, junit or sarif")->check(one_of({"text", "json", "junit", "sarif"}));
  c->add_option("--output-litmus", a->output, "write the first counterexample to this file")->type_name(kFile);
  c->add_flag("--no-symmetry", a->no_symmetry, "count states that differ in the order of like devices apart");
  c->add_flag("--economy", a->economy, "measure operations without effect, however large the model is");
  c->add_flag("--stop", a->search.stop_at_violation, "stop at the first violation");
  c->add_flag("--quiet,-q", a->quiet, "no progress");
  c->callback([a, &status] { status = run(*a); });
}

}  // namespace custody::checker::cli
