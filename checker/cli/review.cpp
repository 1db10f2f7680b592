// SPDX-License-Identifier: BSD-2-Clause
// custody diff and custody review: how two contracts differ, what a proposal breaks and what it saves.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>

#include "checker/cli/cli.hpp"
#include "checker/cli/command_line.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/configuration_options.hpp"
#include "checker/cli/contract_argument.hpp"
#include "checker/cli/driver_child.hpp"
#include "checker/cli/driver_study.hpp"
#include "checker/cli/one_of.hpp"
#include "checker/cli/output_file.hpp"
#include "checker/cli/small_file.hpp"
#include "checker/cli/trace_options.hpp"
#include "checker/cli/value_names.hpp"
#include "checker/learn/report.hpp"
#include "checker/report/wording.hpp"
#include "checker/review/review.hpp"
#include "spec/document/wording.hpp"
#include "traces/open.hpp"

namespace custody::checker::cli {

namespace {

struct ReviewArguments {
  std::string first, second, format = "text";
  std::vector<std::string> traces, events;
  ConfigurationOptions configuration;
  bool arch_given = false, quiet = false;
  DriverOptions driver;  ///< of a driver's source
  DriverRange range;
};

/// The page, which ends with what made it.
std::string rendered(review::Page page, const review::Comparison& c, const std::string& format,
                     const std::string& title) {
  const spec::document::Origin origin{CUSTODY_VERSION, command_line()};
  page.paragraph("Made by " + spec::document::made_by(origin, c.first.name + " and " + c.second.name) + ".");
  if (format == "markdown") return review::markdown(page);
  if (format == "html") return review::html(page, title);
  return review::plain_text(page);
}

/// A contract, and not a driver's source.
bool is_contract(const std::string& argument) {
  return argument == "-" || argument.ends_with(".json") || spec::find_contract(argument) || !is_driver_source(argument);
}

/// What the driver does, as a contract. What no clause says is said to be missing.
std::optional<spec::Contract> learned_contract(const std::string& driver, bool quiet) {
  const std::optional<learn::Study> study = study_driver("review", {driver, {}, quiet}, {});
  if (!study) return std::nullopt;
  if (!learn::is_learned(*study))
    remark("review",
           driver + ": its contract is not all that it does: `custody learn " + driver + "` says what is missing");
  return study->learned.contract;
}

std::optional<spec::Contract> first_of(const ReviewArguments& a) {
  return is_contract(a.first) ? contract_argument(a.first) : learned_contract(a.first, a.quiet);
}

std::optional<spec::Contract> second_of(const ReviewArguments& a, const spec::Contract& first) {
  return is_contract(a.second) ? proposal_argument(first, a.second) : learned_contract(a.second, a.quiet);
}

/// Reads both contracts and the configuration, and has `compare` print what it makes of them.
template <class Compare>
int run(const std::string& command, const ReviewArguments& a, const Compare& compare) {
  std::vector<std::string> inputs = {a.first, a.second};
  inputs.insert(inputs.end(), a.traces.begin(), a.traces.end());
  if (const std::string wrong = standard_input_twice(inputs); !wrong.empty()) return complain(command, wrong), kUsage;
  std::string complaint;
  const std::optional<explore::Configuration> configuration = configuration_of(a.configuration, complaint);
  if (!configuration) return complain(command, complaint), kUsage;
  const std::optional<spec::Contract> first = first_of(a);
  if (!first) return kUsage;
  const std::optional<spec::Contract> second = second_of(a, *first);
  if (!second) return kUsage;
  try {
    return compare(*first, *second, *configuration);
  } catch (const std::invalid_argument& e) {
    return complain(command, e.what()), kUsage;
  } catch (const traces::InputError& e) {
    return complain(command, e.what()), kUsage;
  }
}

int run_diff(const ReviewArguments& a) {
  return run("diff", a, [&](const auto& first, const auto& second, const explore::Configuration& configuration) {
    const review::Comparison c = review::compare(first, second, configuration);
    const std::string title = first.name + " and " + second.name;
    const std::string text =
        a.format == "json" ? review::difference_json(c) : rendered(review::difference_page(c), c, a.format, title);
    if (!print(text)) return kUsage;
    return !c.finds_nothing() ? kViolated : c.calls.complete ? kHolds : kInconclusive;
  });
}

/// Ends the reading of a trace at its first event.
class FirstEvent final : public traces::EventSink {
 public:
  struct Found {};
  void on_header(const traces::Header& /*header*/, const traces::Directory& /*directory*/) override {}
  void on_event(const traces::Event& /*event*/, const traces::Directory& /*directory*/) override { throw Found(); }
};

bool is_trace(const std::string& path, const std::vector<traces::EventName>& names) {
  FirstEvent sink;
  try {
    traces::read_trace(path, sink, {nullptr, names});
  } catch (const FirstEvent::Found&) {
    return true;
  } catch (const traces::NoTrace&) {
  }
  return false;
}

/// `paths`, with the traces that are in an archive in its place; what in it is none is said.
std::vector<std::string> unpacked(const std::vector<std::string>& paths, const std::vector<traces::EventName>& names) {
  std::vector<std::string> all;
  for (const std::string& path : paths) {
    std::error_code unknown;
    if (path == "-" || (std::filesystem::exists(path, unknown) && !std::filesystem::is_regular_file(path, unknown)))
      throw traces::InputError(path, 0, "is read more than once, expected a file");
    if (const std::string wrong = OutputFile("").open({traces::input::file_of(path)}); !wrong.empty())
      throw traces::InputError(path, 0, wrong);
    const std::vector<std::string> parts = traces::parts_of(path);
    for (const std::string& part : parts)
      if (part == path || is_trace(part, names)) all.push_back(part);
      else remark("review", part + ": no trace, skipped");
  }
  return all;
}

/// What the exploration of each side that is a driver finds, no further than a review of two drivers goes. False: one
/// failed, and `status` is the exit status.
bool explore_drivers(const ReviewArguments& a, std::vector<review::Driven>& driven, int& status) {
  for (const bool is_second : {false, true}) {
    const std::string& side = is_second ? a.second : a.first;
    if (is_contract(side)) continue;
    const std::vector<std::string>& given = a.driver.passed;
    std::vector<std::string> words = {"drive", side};
    for (const auto& [name, value] : {std::pair{"--depth", "5"}, {"--failures", "3"}, {"--interleave", "2"}})
      if (std::find(given.begin(), given.end(), name) == given.end()) words.insert(words.end(), {name, value});
    words.insert(words.end(), given.begin(), given.end());
    words.insert(words.end(), {"--format", "json"});
    if (a.quiet) words.emplace_back("--quiet");
    const std::optional<std::string> report = report_of_driver("review", words, status);
    if (!report) return false;
    driven.push_back(review::read_drive_report(*report, is_second));
  }
  return true;
}

int run_review(const ReviewArguments& a) {
  return run("review", a, [&](const auto& first, const auto& second, const explore::Configuration& configuration) {
    replay::Options options;
    if (a.arch_given) options.arch = a.configuration.arch;
    if (const std::string wrong = parse_events(a.events, options.event_names); !wrong.empty())
      return complain("review", wrong), kUsage;
    review::Review r = review::review(first, second, configuration, unpacked(a.traces, options.event_names), options);
    int status = kUsage;
    if (!explore_drivers(a, r.driven, status)) return status;
    const std::string title = "Review of " + second.name;
    const std::string text =
        a.format == "json" ? review::review_json(r) : rendered(review::review_page(r), r.comparison, a.format, title);
    if (!print(text)) return kUsage;
    return r.comparison.regressions() != 0 || r.driven_faults() != 0 ? kViolated : kHolds;
  });
}

/// What was given on the command line that drives a driver too. The rest is of contracts alone.
std::vector<std::string> words_for_driver(const CLI::App& command, const ReviewArguments& a) {
  std::vector<std::string> words = {"review", a.first};
  if (!a.second.empty()) words.push_back(a.second);
  add_words(words, a.range);
  words.insert(words.end(), a.driver.passed.begin(), a.driver.passed.end());
  for (const char* name : {"--format", "--devices", "--windows", "--client", "--arch"})
    for (const std::string& value : command.get_option(name)->results())
      if (name != std::string_view("--format") || &value == &command.get_option(name)->results().back())
        words.insert(words.end(), {name, value});
  if (a.quiet) words.emplace_back("--quiet");
  return words;
}

/// Empty, or the option that says nothing of a driver.
std::string option_of_contracts(const CLI::App& command) {
  for (const char* name :
       {"--coherent", "--bounced", "--cpu-line", "--device-line", "--in-turn", "--no-failures", "TRACE"})
    if (command.count(name) != 0) return name;
  return {};
}

int run_driver_review(const CLI::App& command, const ReviewArguments& a) {
  if (const std::string name = option_of_contracts(command); !name.empty())
    return complain("review", name + " is of contracts, and " + a.first + " is a driver's source"), kUsage;
  if (const std::string wrong = wrong_with(a.range, a.second); !wrong.empty()) return complain("review", wrong), kUsage;
  if (a.second.empty() && a.range.range.empty())
    return complain("review", "expected a second side: a patch, a mailbox or a C file; or --range"), kUsage;
  return run_driver_child("review", words_for_driver(command, a));
}

CLI::App* add(CLI::App& app, const char* name, const char* says, ReviewArguments& a, const char* first,
              const char* second) {
  CLI::App* c = app.add_subcommand(name, says);
  c->add_option(first, a.first, "a built-in contract (`custody list contracts`) or a file; - is standard input")
      ->required()
      ->type_name(kContract);
  c->add_option(second, a.second, std::string("the same, or a JSON Patch or merge patch on ") + first)
      ->required()
      ->type_name(kContract);
  c->add_option("--format", a.format, "text (72 columns), markdown, html or json")
      ->check(one_of({"text", "markdown", "html", "json"}));
  add_configuration(*c, a.configuration);
  // Lines of one size hide what partial maintenance loses.
  a.configuration.configuration.device_line = 128;
  return c;
}

}  // namespace

void add_diff(CLI::App& app, int& status) {
  const auto a = std::make_shared<ReviewArguments>();
  CLI::App* c = add(app, "diff", "How two contracts differ: clauses, calls, syncs, safety.", *a, "FIRST", "SECOND");
  c->footer(
      "Exit status 1: they differ.\n\nExamples:\n  custody diff udmabuf-between udmabuf-after\n  custody diff "
      "system-heap-6.1 my-proposal.json");
  c->callback([a, &status] { status = run_diff(*a); });
}

void add_review(CLI::App& app, int& status) {
  const auto a = std::make_shared<ReviewArguments>();
  CLI::App* c = add(app, "review", "What a proposed contract, or a patch of a driver, breaks, saves, and whom.", *a,
                    "BASE", "PROPOSAL");
  c->get_option("BASE")->description(
      "a built-in contract (`custody list contracts`), a file of one, or a driver's C source: a file, a path in the "
      "kernel's "
      "source, or its name as system_heap; - is standard input");
  c->get_option("PROPOSAL")
      ->description(
          "the same, or a JSON Patch or merge patch on BASE; of a driver another source, a diff or a mailbox, or the "
          "contract that it "
          "should keep");
  c->get_option("PROPOSAL")->required(false);
  // Of a driver there are more, and several; of contracts `configuration_of` sees to it.
  c->get_option("--client")->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)->get_validator()->active(false);
  add_range_options(*c, a->range);
  add_driver_options(*c, a->driver, false);
  c->add_flag("-q,--quiet", a->quiet, "no progress, which there is of drivers");
  c->add_option("TRACE", a->traces, "traces whose calls are priced too, beside the standard workloads")
      ->type_name(kFile);
  add_event_option(*c, a->events);
  c->footer(
      "Exit status 1: something that was safe is not any more.\n\nExamples:\n  custody review udmabuf-before "
      "udmabuf-between\n  custody review --format markdown system-heap-6.1 my-proposal.json trace.txt\n"
      "  custody review drivers/dma-buf/heaps/system_heap.c my.patch\n"
      "  custody review --git ~/linux --range v6.12..topic system_heap\n  custody review system-heap-6.1 my_heap.c");
  c->callback([a, c, &status] {
    // A patch of a driver is no contract by its name, and is_contract() asks no file.
    if (!is_contract(a->first) && !a->second.ends_with(".json") && !spec::find_contract(a->second)) {
      status = run_driver_review(*c, *a);
      return;
    }
    if (a->second.empty() || !a->range.range.empty()) {
      complain("review", a->second.empty() && a->range.range.empty() ? "PROPOSAL is required"
                                                                     : "--range is of a driver's source alone");
      status = kUsage;
      return;
    }
    a->arch_given = c->count("--arch") != 0;
    status = run_review(*a);
  });
}

}  // namespace custody::checker::cli
