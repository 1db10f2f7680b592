// SPDX-License-Identifier: BSD-2-Clause
// custody drive: what goes wrong in a driver's source, by every call sequence.
#include <memory>

#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/driver_child.hpp"
#include "model/driver_names.hpp"

namespace custody::checker::cli {

namespace {

struct DriveArguments {
  std::string file, patch, schedule, suite;
  DriverOptions driver;
  DriverRange range;
  bool quiet = false;
};

}  // namespace

void add_drive(CLI::App& app, int& status) {
  const auto a = std::make_shared<DriveArguments>();
  CLI::App* c = app.add_subcommand("drive", "Drives an exporter's C source through every call sequence.");
  c->add_option("FILE", a->file, "a C file, a path in the kernel's source, or " + model::driver_names())->required();
  c->add_option("--patch", a->patch, "a diff or a mailbox with patches, applied first");
  c->add_option("--schedule", a->schedule, "play the schedule of this file alone, which --litmus wrote of a finding");
  c->add_option(
       "--kunit", a->suite,
       "runs this suite of KUnit on the driver instead, which `custody doc CONTRACT --format kunit` writes; KTAP")
      ->excludes("--schedule");
  add_range_options(*c, a->range);
  add_driver_options(*c, a->driver, true);
  c->add_flag("-q,--quiet", a->quiet, "no progress");
  c->footer(
      "Exit status 1: the driver does something wrong, or a test of --kunit fails.\n\n"
      "Examples:\n  custody drive drivers/dma-buf/udmabuf.c\n  custody drive --patch fix.mbox system_heap\n"
      "  custody drive --git ~/linux --range v6.12..topic drivers/dma-buf/heaps/system_heap.c\n"
      "  custody drive --client legal --client vmap system_heap\n"
      "  custody drive --litmus found system_heap; custody drive --schedule found/001-race.schedule --patch fix.mbox "
      "system_heap");
  c->callback([a, &status] {
    if (const std::string wrong = wrong_with(a->range, a->patch.empty() ? "" : "--patch"); !wrong.empty()) {
      complain("drive", wrong);
      status = kUsage;
      return;
    }
    std::vector<std::string> words = {"drive", a->file};
    if (!a->patch.empty()) words.insert(words.end(), {"--patch", a->patch});
    add_words(words, a->range);
    if (!a->schedule.empty()) words.insert(words.end(), {"--schedule", a->schedule});
    if (!a->suite.empty()) words.insert(words.end(), {"--kunit", a->suite});
    words.insert(words.end(), a->driver.passed.begin(), a->driver.passed.end());
    if (a->quiet) words.emplace_back("--quiet");
    status = run_driver_child("drive", words);
  });
}

}  // namespace custody::checker::cli
