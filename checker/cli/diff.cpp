// SPDX-License-Identifier: BSD-2-Clause
// custody diff: how two contracts differ.
#include <memory>
#include <stdexcept>

#include "checker/cli/cli.hpp"
#include "checker/cli/configuration_options.hpp"
#include "checker/cli/contract_argument.hpp"
#include "checker/explore/difference_text.hpp"
#include "checker/report/wording.hpp"

namespace custody::cli {

namespace {

struct Arguments {
  std::string first, second;
  ConfigurationOptions configuration;
};

int run(const Arguments& a) {
  const auto complain = [](const std::string& what) {
    static_cast<void>(write_all(2, "custody diff: " + checker::escape_text(what) + "\n"));
    return kUsage;
  };
  const std::optional<spec::Contract> first = contract_argument(a.first);
  if (!first) return kUsage;
  const std::optional<spec::Contract> second = proposal_argument(*first, a.second);
  if (!second) return kUsage;
  std::string complaint;
  const std::optional<checker::Configuration> configuration = configuration_of(a.configuration, complaint);
  if (!configuration) return complain(complaint);
  try {
    const checker::Comparison c = checker::compare(*first, *second, *configuration);
    if (!write_all(1, checker::difference_text(c))) return kUsage;
    return !c.finds_nothing() ? kViolated : c.calls.complete ? kHolds : kInconclusive;
  } catch (const std::invalid_argument& e) {
    return complain(e.what());
  }
}

}  // namespace

void add_diff(CLI::App& app, int& status) {
  const auto a = std::make_shared<Arguments>();
  CLI::App* c = app.add_subcommand("diff", "How two contracts differ: rows, calls, syncs, safety.");
  c->footer(
      "Exit status 1: they differ.\n\nExamples:\n  custody diff udmabuf-between udmabuf-after\n  custody diff "
      "system-heap-6.1 my-proposal.json");
  c->add_option("FIRST", a->first, "a built-in contract (`custody list contracts`) or a file")->required();
  c->add_option("SECOND", a->second, "the same, or a JSON Patch or merge patch on FIRST")->required();
  add_configuration(*c, a->configuration);
  c->callback([a, &status] { status = run(*a); });
}

}  // namespace custody::cli
