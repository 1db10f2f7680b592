// SPDX-License-Identifier: BSD-2-Clause
// The options that say what of a contract is explored, the same for every command that explores.
#pragma once

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

#include "checker/explore/system.hpp"

namespace custody::checker::cli {

struct ConfigurationOptions {
  std::string arch = std::string(model::kDefaultArch), client = "legal";
  bool no_failures = false;
  explore::Configuration configuration;
};

void add_configuration(CLI::App& command, ConfigurationOptions& options);

/// What the options mean, or a complaint.
[[nodiscard]] std::optional<explore::Configuration> configuration_of(const ConfigurationOptions& options,
                                                                     std::string& complaint);

}  // namespace custody::checker::cli
