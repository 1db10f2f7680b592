// SPDX-License-Identifier: BSD-2-Clause
// How the help of all commands reads.
#pragma once

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace custody::checker::cli {

/// What stands behind an option's name: `FILE`, `{text,json}`, `UINT in [1 - 6]`; of a positional argument only what
/// its name does not say. Empty for a flag.
[[nodiscard]] std::string value_label(const CLI::Option& option);

/// CLI11's own layout, with these labels.
[[nodiscard]] std::shared_ptr<CLI::Formatter> help_format();

}  // namespace custody::checker::cli
