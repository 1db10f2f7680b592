// SPDX-License-Identifier: BSD-2-Clause
// custody export: contracts and models for other tools.
#include <memory>

#include "checker/cli/cli.hpp"
#include "checker/cli/contract_argument.hpp"
#include "checker/explore/export_model.hpp"
#include "spec/contract.hpp"

namespace custody::cli {

namespace {

struct Arguments {
  std::string contract, arch = std::string(model::kDefaultArch);
  checker::Configuration configuration;
  checker::ExportOptions options;
  bool any_client = false, no_failures = false;
};

int run_model(Arguments& a) {
  const std::optional<spec::Contract> found = contract_argument(a.contract);
  if (!found) return kUsage;
  a.configuration.arch = model::find_arch(a.arch);
  if (a.configuration.arch == nullptr) {
    static_cast<void>(write_all(2, "custody export: unknown architecture; see `custody list archs`\n"));
    return kUsage;
  }
  a.configuration.keeps_rules = !a.any_client;
  a.configuration.failing_begins = !a.no_failures;
  return write_all(1, checker::export_model(*found, a.configuration, a.options)) ? kHolds : kUsage;
}

void add_model(CLI::App& app, const std::string& language, int& status) {
  const auto a = std::make_shared<Arguments>();
  a->options.language = language == "promela" ? checker::ModelLanguage::kPromela : checker::ModelLanguage::kMurphi;
  CLI::App* c = app.add_subcommand(language, "What `custody check` explores, for another model checker.");
  c->add_option("CONTRACT", a->contract, "the name of a built-in contract, a file, or `compiled`")->required();
  c->add_option("--devices", a->configuration.devices)->check(CLI::Range(1U, checker::kMaxDevices));
  c->add_option("--coherent", a->configuration.coherent)->check(CLI::Range(0U, checker::kMaxDevices));
  c->add_option("--windows", a->configuration.windows)->check(CLI::Range(1U, 2U));
  c->add_option("--arch", a->arch, "architecture profile");
  c->add_flag("--any-client", a->any_client, "the client maps and opens windows across write windows");
  c->add_flag("--no-failures", a->no_failures, "calls do not fail");
  c->add_flag("--assert", a->options.asserts, "assert that nothing is violated; else the model only counts");
  c->callback([a, &status] { status = run_model(*a); });
}

}  // namespace

void add_export(CLI::App& app, int& status) {
  CLI::App* c = app.add_subcommand("export", "Write a contract for people and other tools.");
  c->require_subcommand(1);
  const auto name = std::make_shared<std::string>();
  CLI::App* contract = c->add_subcommand(
      "contract", "The contract as JSON, with all its rows; `compiled` is that of the compiled tables.");
  contract->add_option("CONTRACT", *name, "the name of a built-in contract, a file, or `compiled`")->required();
  contract->callback([name, &status] {
    const std::optional<spec::Contract> found = contract_argument(*name);
    status = found && write_all(1, spec::write_contract(*found)) ? kHolds : kUsage;
  });
  for (const char* const language : {"promela", "murphi"}) add_model(*c, language, status);
}

}  // namespace custody::cli
