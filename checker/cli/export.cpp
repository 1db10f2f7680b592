// SPDX-License-Identifier: BSD-2-Clause
// custody export: contracts and models for other tools.
#include <memory>

#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/configuration_options.hpp"
#include "checker/cli/contract_argument.hpp"
#include "checker/cli/value_names.hpp"
#include "checker/explore/translate/export_model.hpp"
#include "spec/contract.hpp"

namespace custody::checker::cli {

namespace {

struct ExportArguments {
  std::string contract;
  ConfigurationOptions configuration;
  explore::translate::ExportOptions options;
};

int run_model(ExportArguments& a) {
  const std::optional<spec::Contract> found = contract_argument(a.contract);
  if (!found) return kUsage;
  std::string complaint;
  const std::optional<explore::Configuration> configuration = configuration_of(a.configuration, complaint);
  if (!configuration) {
    complain("export", complaint);
    return kUsage;
  }
  return print(explore::translate::export_model(*found, *configuration, a.options)) ? kHolds : kUsage;
}

void add_model(CLI::App& app, const std::string& language, int& status) {
  const auto a = std::make_shared<ExportArguments>();
  a->options.language =
      language == "promela" ? explore::translate::ModelLanguage::kPromela : explore::translate::ModelLanguage::kMurphi;
  CLI::App* c = app.add_subcommand(language, "What `custody check` explores, for another model checker.");
  c->add_option("CONTRACT", a->contract, "the name of a built-in contract, or a file; - is standard input")
      ->required()
      ->type_name(kContract);
  add_configuration(*c, a->configuration);
  c->add_flag("--assert", a->options.asserts, "assert that nothing is violated; else the model only counts");
  c->callback([a, &status] { status = run_model(*a); });
}

}  // namespace

void add_export(CLI::App& app, int& status) {
  CLI::App* c = app.add_subcommand("export", "Write a contract for people and other tools.");
  c->require_subcommand(1);
  const auto name = std::make_shared<std::string>();
  CLI::App* contract = c->add_subcommand("contract", "The contract as JSON, with all its policies and clauses.");
  contract->add_option("CONTRACT", *name, "the name of a built-in contract, or a file; - is standard input")
      ->required()
      ->type_name(kContract);
  contract->callback([name, &status] {
    const std::optional<spec::Contract> found = contract_argument(*name);
    status = found && print(spec::write_contract(*found)) ? kHolds : kUsage;
  });
  for (const char* const language : {"promela", "murphi"}) add_model(*c, language, status);
}

}  // namespace custody::checker::cli
