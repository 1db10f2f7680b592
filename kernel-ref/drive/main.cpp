// SPDX-License-Identifier: GPL-2.0-only
// custody-drive: what `custody drive` and `custody review` of C sources start.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <new>
#include <optional>

#include "kernel-ref/drive/git.hpp"
#include "kernel-ref/drive/loaded_kernel.hpp"
#include "kernel-ref/drive/report.hpp"
#include "kernel-ref/drive/supervise_suite.hpp"
#include "kernel-ref/drive/workplace.hpp"
#include "kernel-ref/learn/driver_host.hpp"
#include "model/driver_names.hpp"
#include "model/escape.hpp"

namespace custody::kernel_ref::drive {

namespace {

struct Arguments {
  std::string file, second, patch, format = "text", litmus, schedule, suite;
  GitRange git{".", {}};
  unsigned depth = 7, failures = 5, interleave = 3, preemptions = 2, devices = 2, windows = 2;
  std::vector<std::string> clients, mixes, archs;
  std::uint64_t random = 0, seed = 1;
  bool quiet = false;
};

bool chosen(const std::vector<std::string>& of, std::string_view name) {
  return of.empty() || std::find(of.begin(), of.end(), name) != of.end() ||
         std::find(of.begin(), of.end(), "all") != of.end();
}

std::vector<machine::Device> mix_of(const std::string& name, unsigned devices) {
  std::vector<machine::Device> out{{"cam"}, {"gpu", false, false, true}, {"disp"}};
  if (name == "snooping") out = {{"cam", true}, {"gpu", true}, {"disp", true}};
  if (name == "mixed, in turn" || name == "together") out = {{"cam"}, {"gpu", true}, {"disp"}};
  if (name == "bounced, in turn") out = {{"cam", false, true}, {"gpu"}, {"disp"}};
  out.resize(std::min<std::size_t>(devices, out.size()));
  return out;
}

void check_names(const Arguments& a) {
  for (const std::string& client : a.clients)
    if (client != "all" && !conduct_of(client))
      throw InputProblem("--client " + client + ": no such client, expected one of " + conduct_names() + ", or all");
  for (const std::string& mix : a.mixes)
    if (std::string_view(" all plain snooping mixed bounced together ").find(" " + mix + " ") == std::string::npos)
      throw InputProblem("--mix " + mix + ": expected plain, snooping, mixed, bounced, together or all");
  for (const std::string& arch : a.archs)
    if (model::find_arch(arch) == nullptr) throw InputProblem("--arch " + arch + ": no such architecture");
}

/// What the core does for an exporter with a table that it keeps, too.
void add_second_exporter(Plan& plan) {
  Configuration c = plan.configurations.front();
  c.driver = model::find_driver_name("udmabuf")->export_name;
  c.name += ", udmabuf";
  c.depth = std::min(c.depth, 5U);
  plan.configurations.push_back(std::move(c));
}

Plan plan_of(const Arguments& a, bool is_core) {
  check_names(a);
  Plan plan;
  plan.by_client = !a.clients.empty();
  plan.random = a.random;
  plan.seed = a.seed;
  const std::vector<std::string> archs =
      a.archs.empty() ? std::vector<std::string>{std::string(model::kDefaultArch)} : a.archs;
  const auto add = [&](const std::string& mix, const std::string& arch, Conduct conduct, unsigned less) {
    if (!chosen(a.clients, name(conduct)) || !chosen(a.mixes, mix.substr(0, mix.find(',')))) return;
    Configuration c;
    c.name = mix + (arch != archs[0] ? " on " + arch : "");
    c.arch = arch;
    c.devices = mix_of(mix, conduct == Conduct::kLegal || conduct >= Conduct::kOverlapping ? a.devices : 1);
    c.limits = {conduct, a.windows, mix.find("in turn") != std::string::npos};
    c.depth = a.depth > less ? std::max(a.depth - less, std::min(a.depth, 5U)) : 1;
    // Two that are attached and mapped, and a window: what one of them lacks at its end shows in six calls.
    if (mix.rfind("mixed", 0) == 0 && a.depth >= 5) c.depth = std::max(c.depth, 6U);
    if (less == 0) {
      c.failing_depth = a.failures;
      c.pair_depth = a.interleave == 0 ? 0 : a.interleave + 1;
      c.preemptions = a.preemptions;
    }
    plan.configurations.push_back(std::move(c));
  };
  add("plain", archs[0], Conduct::kLegal, 0);
  for (std::size_t i = 1; i < archs.size(); ++i) add("plain", archs[i], Conduct::kLegal, 0);
  add("snooping", archs[0], Conduct::kLegal, 2);
  add("mixed, in turn", archs[0], Conduct::kLegal, 1);
  add("bounced, in turn", archs[0], Conduct::kLegal, 2);
  // What no importer may do: only where it is asked for.
  if (std::find(a.mixes.begin(), a.mixes.end(), "together") != a.mixes.end())
    add("together", archs[0], Conduct::kLegal, 1);
  if (a.archs.empty()) add("plain", "arm64-5.18", Conduct::kLegal, 2);
  for (const Conduct c : {Conduct::kMapsTwice, Conduct::kEndsTwice, Conduct::kMapsInWindows})
    add("plain", archs[0], c, 1);
  // A client of the verdict matrix beside the legal one: only where it is asked for.
  for (const Conduct c : {Conduct::kOverlapping, Conduct::kUnpaired, Conduct::kNeverBrackets, Conduct::kVmap})
    if (std::find(a.clients.begin(), a.clients.end(), name(c)) != a.clients.end())
      for (const char* mix : {"plain", "snooping", "mixed, in turn", "bounced, in turn"}) add(mix, archs[0], c, 2);
  if (is_core && !plan.configurations.empty()) add_second_exporter(plan);
  if (plan.configurations.empty()) throw InputProblem("no configuration is chosen by these clients and mixes");
  return plan;
}

void write_litmus_files(const std::string& folder, const std::vector<Finding>& findings, const Plan& plan) {
  std::filesystem::create_directories(folder);
  unsigned number = 0;
  for (const Finding& f : findings) {
    char name[32];
    std::snprintf(name, sizeof name, "/%03u-%s", ++number, f.rule.empty() ? f.kind.c_str() : f.rule.c_str());
    write_file(folder + name + ".litmus", f.litmus);
    for (const Configuration& c : plan.configurations)
      if (c.name == f.configuration && f.client == drive::name(c.limits.conduct))
        write_file(folder + name + ".schedule", script_text(f, c));
  }
}

/// All, or what the schedule says.
Plan plan_for(const Arguments& a, bool is_core) {
  if (a.schedule.empty()) return plan_of(a, is_core);
  if (!std::filesystem::is_regular_file(a.schedule)) throw InputProblem(a.schedule + ": no such file");
  Plan plan;
  plan.script = std::make_shared<const Script>(parse_script(read_file(a.schedule), a.schedule));
  plan.configurations = {plan.script->configuration};
  plan.costs = false;
  return plan;
}

/// What is driven: a source, maybe with a patch; of a range of commits its end.
struct Subject {
  Source source;
  std::string patch;
  std::vector<std::string> remarks = {};
};

Subject subject_of(const Home& home, const Arguments& a, const Folder& folder) {
  if (a.git.range.empty()) return {find_source(home, a.file), a.patch};
  GitSides sides = take_range(home, a.file, a.git, folder.sub("git"));
  return {std::move(sides.after), std::move(sides.patch), std::move(sides.remarks)};
}

Built build(const Home& home, const Subject& subject, const std::string& folder, const std::string& suite = {}) {
  Built built = build(home, subject.source, subject.patch, folder, suite);
  built.remarks.insert(built.remarks.begin(), subject.remarks.begin(), subject.remarks.end());
  return built;
}

int test_one(const Arguments& a) {
  const Home home = find_home();
  const Folder folder;
  if (!std::filesystem::is_regular_file(a.suite))
    throw InputProblem(a.suite + ": no such file, expected a suite of KUnit in C");
  const std::string suite = std::filesystem::absolute(a.suite).string();
  const SuiteResult result = run_suite(build(home, subject_of(home, a, folder), folder.sub("first"), suite));
  std::fwrite(result.ktap.data(), 1, result.ktap.size(), stdout);
  return std::fflush(stdout) != 0 ? 2 : result.failed ? 1 : 0;
}

int drive_one(const Arguments& a) {
  if (!a.suite.empty()) return test_one(a);
  const Home home = find_home();
  const Folder folder;
  const Subject subject = subject_of(home, a, folder);
  const Source& source = subject.source;
  Job job{source.base(), folder.sub("first"), {}, plan_for(a, source.is_core)};
  job.built = build(home, subject, job.folder);
  const Outcome outcome = supervise({job}, !a.quiet)[0];
  if (!a.litmus.empty()) write_litmus_files(a.litmus, outcome.findings, job.plan);
  const std::string text = a.format == "json" ? drive_json(source.base(), outcome)
                                              : drive_text(source.base(), outcome, job.plan, job.built.remarks);
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) != 0) return 2;
  return std::any_of(outcome.findings.begin(), outcome.findings.end(), [](const Finding& f) { return f.is_fault(); })
             ? 1
             : 0;
}

/// Both sides of a review, built.
struct Both {
  Built first, second;
  std::string driver, name;  ///< what the sides are called
  bool is_core = false;
};

/// The second side: a patch of the first, or another file in its place.
Built build_second(const Home& home, const Source& first, const Arguments& a, const std::string& folder) {
  if (!parse_patch(read_file(a.second)).empty()) return build(home, first, a.second, folder);
  if (!a.second.ends_with(".c"))
    throw InputProblem(a.second + ": expected a patch, a mailbox with patches, or a C file");
  Source second = find_source(home, a.second);
  second.called = first.called;
  Built built = build(home, second, "", folder);
  built.driver = first.driver;
  return built;
}

Both build_range(const Home& home, const Arguments& a, const std::string& git, const std::string& first,
                 const std::string& second) {
  const GitSides sides = take_range(home, a.file, a.git, git);
  if (sides.before.file.empty())
    throw InputProblem(sides.after.base() + ": is not there at the start of " + a.git.range +
                       ", so there is nothing to compare with; custody drive --range drives its end");
  return {build(home, sides.before, "", first), build(home, {sides.after, sides.patch, sides.remarks}, second),
          sides.after.base(), a.git.range, sides.after.is_core};
}

Both build_both(const Home& home, const Arguments& a, const std::string& first, const std::string& second) {
  const Source source = find_source(home, a.file);
  if (!std::filesystem::is_regular_file(a.second)) throw InputProblem(a.second + ": no such file");
  return {build(home, source, "", first), build_second(home, source, a, second), source.base(),
          std::filesystem::path(a.second).filename().string(), source.is_core};
}

bool is_explored(const Outcome& o) {
  return std::any_of(o.graphs.begin(), o.graphs.end(), [](const Graph& g) { return !g.leaves.empty(); });
}

int review_both(const Arguments& a) {
  const Home home = find_home();
  const Folder folder;
  if (a.second.empty() == a.git.range.empty())
    throw InputProblem("expected a second side: a patch, a mailbox, a C file, or --range");
  const std::string first = folder.sub("first"), second = folder.sub("second");
  Both both =
      a.git.range.empty() ? build_both(home, a, first, second) : build_range(home, a, folder.sub("git"), first, second);
  std::vector<Job> jobs;
  jobs.push_back({both.driver + ", before", first, std::move(both.first), plan_of(a, both.is_core)});
  jobs.push_back({both.driver + ", after", second, std::move(both.second), jobs[0].plan});
  const std::vector<Outcome> outcomes = supervise(jobs, !a.quiet);
  if (!is_explored(outcomes[0]) && !is_explored(outcomes[1]) && outcomes[1].died.empty())
    throw InputProblem(both.driver + ": neither side exports a buffer, so there is nothing to compare");
  const Comparison c = compare(outcomes[0], outcomes[1]);
  if (!a.litmus.empty()) write_litmus_files(a.litmus, c.fresh, jobs[1].plan);
  const std::string text =
      a.format == "json" ? review_json(both.driver, both.name, c)
                         : review_text(both.driver, both.name, c, outcomes[1], jobs[1].plan, jobs[1].built.remarks);
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) != 0) return 2;
  return c.is_regression() ? 1 : 0;
}

/// Answers the programs of `custody learn`, which ends this process when it has enough.
int answer_programs(const Arguments& a) {
  std::optional<Folder> folder(std::in_place);
  const Home home = find_home();
  const Built built = build(home, subject_of(home, a, *folder), folder->sub("first"));
  learn::DriverHost host({built.driver, built.policy}, load_kernel(built.object));
  folder.reset();
  return host.serve(std::cin, std::cout) ? 0 : 1;
}

void add_options(CLI::App& app, Arguments& a) {
  app.add_option("--depth", a.depth, "calls of a sequence")->check(CLI::Range(1, 12));
  app.add_option("--devices", a.devices, "devices")->check(CLI::Range(1, 3));
  app.add_option("--windows", a.windows, "windows that are open at once")->check(CLI::Range(1, 3));
  app.add_option("--failures", a.failures, "depth of sequences with a failure; 0: none")->check(CLI::Range(0, 12));
  app.add_option("--interleave", a.interleave, "calls before two that run side by side; 0: none do")
      ->check(CLI::Range(0, 6));
  app.add_option("--preemptions", a.preemptions, "of one interleaving")->check(CLI::Range(0, 6));
  app.add_option("--client", a.clients,
                 "legal, maps-twice, ends-twice, maps-in-windows; all of them without it; overlapping, unpaired, "
                 "never-brackets, vmap");
  app.add_option("--mix", a.mixes,
                 "plain, snooping, mixed, bounced, all of them without it; together: mixed, and mapped together");
  app.add_option("--arch", a.archs, "architecture profiles");
  app.add_option("--random", a.random, "random calls beyond the depth");
  app.add_option("--seed", a.seed, "of the random calls");
  app.add_option("--format", a.format, "text or json");
  app.add_option("--litmus", a.litmus, "folder for litmus files and schedules");
  app.add_flag("--quiet", a.quiet, "no progress");
}

void add_git(CLI::App& app, Arguments& a) {
  app.add_option("--git", a.git.tree, "a git repository of the kernel");
  CLI::Option* const range = app.add_option("--range", a.git.range, "commits of it: A..B, A...B, or one");
  if (CLI::Option* const patch = app.get_option_no_throw("--patch"); patch != nullptr) range->excludes(patch);
}

int run(int argc, char** argv) {
  CLI::App app{"Drives a dma-buf exporter's source in user space.", "custody-drive"};
  app.require_subcommand(1);
  Arguments a;
  CLI::App* one = app.add_subcommand("drive", "Explores every call sequence of one driver.");
  one->add_option("FILE", a.file)->required();
  one->add_option("--patch", a.patch);
  add_git(*one, a);
  one->add_option("--schedule", a.schedule, "a schedule that --litmus wrote: it alone is played");
  one->add_option("--kunit", a.suite);
  add_options(*one, a);
  CLI::App* two = app.add_subcommand("review", "Compares two versions of a driver.");
  two->add_option("FILE", a.file)->required();
  two->add_option("SECOND", a.second);
  add_git(*two, a);
  add_options(*two, a);
  CLI::App* answers = app.add_subcommand("learn", "Answers the programs of custody learn.");
  answers->add_option("FILE", a.file)->required();
  answers->add_option("--patch", a.patch);
  add_git(*answers, a);
  // Two drivers, and somebody who waits for a mail to be answered.
  two->preparse_callback([&a](std::size_t) {
    a.depth = 5;
    a.failures = 3;
    a.interleave = 2;
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  if (answers->parsed()) return answer_programs(a);
  return one->parsed() ? drive_one(a) : review_both(a);
}

void complain(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::string out = "custody-drive: error: ";
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += model::escape_text(text.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  std::fwrite(out.data(), 1, out.size(), stderr);
}

}  // namespace

}  // namespace custody::kernel_ref::drive

int main(int argc, char** argv) {
  using namespace custody::kernel_ref::drive;
  try {
    end_on_signals();
    return run(argc, argv);
  } catch (const InputProblem& e) {
    complain(e.what());
    return 2;
  } catch (const std::bad_alloc&) {
    complain("memory ran out");
    return kNoMemory;
  } catch (const std::exception& e) {
    complain(std::string("a bug of this program: ") + e.what());
    return 70;
  }
}
