// SPDX-License-Identifier: BSD-2-Clause
// custody export: contracts and models for other tools.
#include <memory>

#include "checker/cli/cli.hpp"
#include "checker/cli/contract_argument.hpp"
#include "spec/contract.hpp"

namespace custody::cli {

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
}

}  // namespace custody::cli
