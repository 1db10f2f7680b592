// SPDX-License-Identifier: BSD-2-Clause
// custody check: explores a contract with its most general client and the hardware's own moves.
#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>

#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/configuration_options.hpp"
#include "checker/cli/contract_argument.hpp"
#include "checker/cli/interrupt.hpp"
#include "checker/cli/one_of.hpp"
#include "checker/cli/output_file.hpp"
#include "checker/cli/progress.hpp"
#include "checker/cli/small_file.hpp"
#include "checker/cli/terminal_lines.hpp"
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
  std::vector<std::string> contracts;
  std::string output, format = "text";
  ConfigurationOptions configuration;
  explore::SearchOptions search;
  bool no_symmetry = false, economy = false, quiet = false;
};

/// A contract that was explored, with what the report of it refers to.
struct Checked {
  ContractText of;
  std::string file;  ///< empty: it is none
  std::unique_ptr<explore::System> system;
  explore::SearchResult result;
  double seconds = 0;
  std::optional<explore::Economy> economy;
};
using AllChecked = std::vector<std::unique_ptr<Checked>>;

explore::CheckRun run_of(const Checked& c, bool symmetry) {
  return {c.of.contract, *c.system,       c.result,
          symmetry,      c.seconds,       c.file,
          c.economy,     CUSTODY_VERSION, spec::clause_lines(c.of.text)};
}

/// Of the formats that are one document; `complete`: no contract is missing.
std::string document_of(const CheckArguments& a, const AllChecked& all, bool complete) {
  std::vector<explore::CheckRun> runs;
  for (const auto& c : all) runs.push_back(run_of(*c, a.search.symmetry));
  if (a.format == "json") return explore::check_json(runs);
  return a.format == "junit" ? explore::check_junit(runs) : explore::check_sarif(runs, complete);
}

std::string progress_text(const explore::SearchProgress& p, double seconds) {
  std::string text = fmt::format("{} states, {} to expand, depth {}", p.states, p.open, p.depth);
  const std::uint64_t expanded = p.states - std::min(p.states, p.open);
  if (!p.expected || *p.expected < p.states || expanded == 0) return text;
  const double left = seconds * static_cast<double>(*p.expected - expanded) / static_cast<double>(expanded);
  return text +
         fmt::format("; maybe {} of {} in all, {:.0f} s left", percent(p.states, *p.expected), *p.expected, left);
}

/// Writes the first counterexample of all. What went wrong with it, or empty.
std::string write_counterexample(OutputFile& output, const AllChecked& all) {
  for (const auto& c : all) {
    if (c->result.violations.empty()) continue;
    output.write(explore::counterexample_litmus(*c->system, c->of.contract, c->result.violations.front()));
    return output.keep();
  }
  output.remove_old();
  return {};
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

/// Null where there is no such contract, or none that can be explored: it is said.
std::unique_ptr<Checked> prepared(const std::string& name, const explore::Configuration& configuration) {
  std::optional<ContractText> of = contract_text_argument(name);
  if (!of) return nullptr;
  auto checked = std::make_unique<Checked>();
  checked->of = *std::move(of);
  if (name != "-" && !spec::find_contract(name)) checked->file = name;
  try {
    checked->system = std::make_unique<explore::System>(checked->of.contract, configuration);
  } catch (const std::invalid_argument& e) {
    return complain("check", e.what()), nullptr;
  }
  return checked;
}

void explore_one(Checked& c, CheckArguments& a) {
  Progress progress(!a.quiet);
  const auto start = std::chrono::steady_clock::now();
  const std::string before = a.contracts.size() > 1 ? c.of.contract.name + ": " : "";
  a.search.progress = [&](const explore::SearchProgress& p) {
    if (progress.is_due())
      progress.show(before +
                    progress_text(p, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()));
  };
  c.result = explore::search(*c.system, a.search);
  c.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  c.economy = measured(*c.system, a, c.result);
  progress.clear();
  if (c.result.threads < a.search.threads)
    remark("check",
           "the system gave " + std::to_string(c.result.threads) + " threads of " + std::to_string(a.search.threads));
}

int status_of(const AllChecked& all) {
  bool violated = false, complete = true;
  for (const auto& c : all) {
    violated = violated || !explore::is_safe(c->result);
    complete = complete && c->result.complete;
  }
  return violated ? kViolated : complete ? kHolds : kInconclusive;
}

int run(CheckArguments& a) {
  std::string complaint = standard_input_twice(a.contracts);
  std::optional<explore::Configuration> configuration;
  if (complaint.empty()) configuration = configuration_of(a.configuration, complaint);
  OutputFile output(a.output);
  if (complaint.empty() && !a.output.empty()) complaint = output.open(a.contracts);
  if (!complaint.empty()) return complain("check", complaint), kUsage;
  a.search.symmetry = !a.no_symmetry;
  a.search.stop = &end_with_a_summary();
  AllChecked all;
  bool whole = true;
  std::string later;
  for (const std::string& name : a.contracts) {
    std::unique_ptr<Checked> checked = prepared(name, *configuration);
    whole = whole && checked != nullptr;
    if (checked == nullptr) continue;
    explore_one(*checked, a);
    all.push_back(std::move(checked));
    if (a.format != "text") continue;
    later += (all.size() > 1 ? "\n" : "") + for_reader(explore::check_text(run_of(*all.back(), a.search.symmetry)));
    // The counterexample may go where the report goes, and comes first.
    if (a.output.empty() && !print(std::exchange(later, {}))) return kUsage;
  }
  if (all.empty()) return kUsage;
  if (!a.output.empty()) complaint = write_counterexample(output, all);
  if (!complaint.empty()) return complain("check", complaint), kUsage;
  if (a.format != "text") later = document_of(a, all, whole);
  if (!print(later)) return kUsage;
  return whole ? status_of(all) : kUsage;
}

}  // namespace

void add_check(CLI::App& app, int& status) {
  const auto a = std::make_shared<CheckArguments>();
  CLI::App* c = app.add_subcommand("check", "Explore a contract: every client, every cache, up to a bound.");
  c->footer(
      "Examples:\n  custody check vision-keep\n  custody check --devices 3 --coherent 1 my-contract.json\n  custody "
      "check --format sarif mine.json others.json");
  c->add_option("CONTRACT", a->contracts,
                "a built-in contract (`custody list contracts`) or a file; - is standard input")
      ->required()
      ->type_name(kContract);
  add_configuration(*c, a->configuration);
  c->add_option("--threads", a->search.threads, "threads; the result is the same for any number")
      ->check(CLI::Range(1U, 64U));
  c->add_option("--max-states", a->search.max_states, "stop after so many states")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 31U));
  c->add_option("--format", a->format, "text, json, junit or sarif")->check(one_of({"text", "json", "junit", "sarif"}));
  c->add_option("--output-litmus", a->output, "write the first counterexample, of all contracts, to this file")
      ->type_name(kFile);
  c->add_flag("--no-symmetry", a->no_symmetry, "count states that differ in the order of like devices apart");
  c->add_flag("--economy", a->economy, "measure operations without effect, however large the model is");
  c->add_flag("--stop", a->search.stop_at_violation, "stop at the first violation");
  c->add_flag("--quiet,-q", a->quiet, "no progress");
  c->callback([a, &status] { status = run(*a); });
}

}  // namespace custody::checker::cli
