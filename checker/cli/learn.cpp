// SPDX-License-Identifier: BSD-2-Clause
// custody learn: the contract of a driver, inferred from what it does.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "checker/cli/child_program.hpp"
#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/driver_process.hpp"
#include "checker/cli/interrupt.hpp"
#include "checker/cli/one_of.hpp"
#include "checker/cli/output_file.hpp"
#include "checker/cli/progress.hpp"
#include "checker/learn/report.hpp"
#include "checker/learn/wire.hpp"
#include "model/driver_names.hpp"

namespace custody::checker::cli {

namespace {

constexpr ChildProgram kLearn = {"custody-learn", "CUSTODY_LEARN", "linux-source-6.1 libelf-dev"};

struct LearnArguments {
  std::string driver, format = "text", output;
  unsigned depth = 5, devices = 2, coherent = 1, windows = 2;
  std::uint64_t random = 1000, seed = 1;
  bool quiet = false;
};

learn::StudyOptions options_of(const LearnArguments& a, const std::string& greeting, Progress& progress) {
  learn::StudyOptions options;
  const std::size_t policies = std::min(a.driver.find('-'), a.driver.size());
  const model::DriverName* const driver = model::find_driver_name(a.driver.substr(0, policies));
  options.name = driver != nullptr ? std::string(driver->name) + a.driver.substr(policies) : a.driver;
  options.source = "learned by running it: " + greeting;
  options.depth = a.depth;
  options.usage.windows = a.windows;
  options.random.programs = a.random;
  options.random.seed = a.seed;
  options.worlds = {learn::World(a.devices, false)};
  if (a.coherent != 0) {
    learn::World mixed(a.devices, false);
    for (unsigned d = 0; d < std::min(a.coherent, a.devices); ++d) mixed[a.devices - 1 - d] = true;
    options.worlds.push_back(mixed);
  }
  options.stop = [&progress](std::string_view doing, std::uint64_t done) {
    if (progress.is_due()) progress.show(fmt::format("{}: {}", doing, done));
    return end_with_a_summary().load();
  };
  return options;
}

int run(const LearnArguments& a) {
  const std::string program = find_child(kLearn);
  if (program.empty()) return complain("learn", how_to_get(kLearn)), kUsage;
  OutputFile output(a.output);
  if (!a.output.empty())
    if (const std::string wrong = output.open({}); !wrong.empty()) return complain("learn", wrong), kUsage;
  Progress progress(!a.quiet);
  try {
    DriverProcess process(program, a.driver);
    const auto subject = [&process](const learn::World& world, std::span<const learn::Step> steps) {
      return process.run(world, steps);
    };
    const learn::Study study = learn::study(subject, options_of(a, process.greeting(), progress));
    progress.clear();
    if (!a.output.empty()) {
      output.write(spec::write_contract(study.learned.contract));
      if (const std::string wrong = output.keep(); !wrong.empty()) return complain("learn", wrong), kUsage;
    }
    const std::vector<std::string> equal = learn::equal_contracts(study.learned.contract);
    if (!print(a.format == "json" ? learn::study_json(study, equal) : learn::study_text(study, equal))) return kUsage;
    if (!study.learned.unsaid.empty() || !study.random.disagreements.empty()) return kViolated;
    return learn::is_learned(study) ? kHolds : kInconclusive;
  } catch (const learn::SubjectError& e) {
    progress.clear();
    return complain("learn", e.what()), kUsage;
  }
}

}  // namespace

void add_learn(CLI::App& app, int& status) {
  const auto a = std::make_shared<LearnArguments>();
  CLI::App* c = app.add_subcommand("learn", "Infer the contract of a driver from its behaviour.");
  c->footer(
      "Exit status 1: the driver does what no clause says, or a program at random went another way than the "
      "contract.\n\n"
      "Examples:\n  custody learn udmabuf\n  custody learn system_heap -o learned.json && custody diff system-heap-6.1 "
      "learned.json");
  c->add_option("DRIVER", a->driver, model::driver_names() + "[-POLICY...]")->required();
  c->add_option("--depth", a->depth, "run every program of so many calls")->check(CLI::Range(1U, 8U));
  c->add_option("--devices", a->devices, "devices")->check(CLI::Range(1U, 3U));
  c->add_option("--coherent", a->coherent, "look also where so many of them snoop; 0: nowhere")
      ->check(CLI::Range(0U, 3U));
  c->add_option("--windows", a->windows, "windows that readers may open at a time")->check(CLI::Range(1U, 2U));
  c->add_option("--random", a->random, "check on so many programs at random")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 24U));
  c->add_option("--seed", a->seed, "of the programs at random");
  c->add_option("--format", a->format, "text or json")->check(one_of({"text", "json"}));
  c->add_option("--output,-o", a->output, "write the contract to this file");
  c->add_flag("--quiet,-q", a->quiet, "no progress");
  c->callback([a, &status] { status = run(*a); });
}

}  // namespace custody::checker::cli
