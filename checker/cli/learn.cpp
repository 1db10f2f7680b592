// SPDX-License-Identifier: BSD-2-Clause
// custody learn: the contract of a driver, inferred from what it does.
#include <algorithm>
#include <memory>

#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/driver_study.hpp"
#include "checker/cli/one_of.hpp"
#include "checker/cli/output_file.hpp"
#include "checker/learn/report.hpp"
#include "model/driver_names.hpp"

namespace custody::checker::cli {

namespace {

struct LearnArguments {
  DriverArgument driver;
  std::string format = "text", output;
  unsigned depth = 5, devices = 2, coherent = 1, windows = 2;
  std::uint64_t random = 1000, seed = 1;
};

learn::StudyOptions options_of(const LearnArguments& a) {
  learn::StudyOptions options;
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
  return options;
}

/// The files that are read; none of a driver that is there already.
std::vector<std::string> inputs_of(const DriverArgument& driver) {
  std::vector<std::string> files;
  if (is_built(driver) && driver.range.range.empty()) files.push_back(driver.driver);
  if (!driver.patch.empty()) files.push_back(driver.patch);
  return files;
}

int run(const LearnArguments& a) {
  if (const std::string wrong = wrong_with(a.driver.range, a.driver.patch.empty() ? "" : "--patch"); !wrong.empty())
    return complain("learn", wrong), kUsage;
  OutputFile output(a.output);
  if (!a.output.empty())
    if (const std::string wrong = output.open(inputs_of(a.driver)); !wrong.empty())
      return complain("learn", wrong), kUsage;
  const std::optional<learn::Study> study = study_driver("learn", a.driver, options_of(a));
  if (!study) return kUsage;
  if (!a.output.empty()) {
    output.write(spec::write_contract(study->learned.contract));
    if (const std::string wrong = output.keep(); !wrong.empty()) return complain("learn", wrong), kUsage;
  }
  const std::vector<std::string> equal = learn::equal_contracts(study->learned.contract);
  if (!print(a.format == "json" ? learn::study_json(*study, equal) : learn::study_text(*study, equal))) return kUsage;
  if (!study->stops.empty() || !study->learned.unsaid.empty() || !study->random.disagreements.empty()) return kViolated;
  return learn::is_learned(*study) ? kHolds : kInconclusive;
}

}  // namespace

void add_learn(CLI::App& app, int& status) {
  const auto a = std::make_shared<LearnArguments>();
  CLI::App* c = app.add_subcommand("learn", "Infer the contract of a driver from its behaviour.");
  c->footer(
      "Exit status 1: the driver does what no clause says, stops in a call, or a program at random went another way "
      "than the "
      "contract.\n\n"
      "Examples:\n  custody learn udmabuf\n  custody learn my_heap.c\n  custody learn system_heap -o learned.json && "
      "custody diff "
      "system-heap-6.1 learned.json");
  c->add_option("DRIVER", a->driver.driver,
                model::driver_names() + "[-POLICY...], or a C file, or a path in the kernel's source")
      ->required();
  c->add_option("--patch", a->driver.patch, "a diff or a mailbox with patches, applied first");
  add_range_options(*c, a->driver.range);
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
  c->add_flag("--quiet,-q", a->driver.quiet, "no progress");
  c->callback([a, &status] { status = run(*a); });
}

}  // namespace custody::checker::cli
