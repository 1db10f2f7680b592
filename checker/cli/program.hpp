// SPDX-License-Identifier: BSD-2-Clause
// The command line of `custody` as a whole: what the tool parses, and what man pages and completions are made of.
#pragma once

#include <CLI/CLI.hpp>

#include <memory>

namespace custody::checker::cli {

/// The program with every subcommand. Parsing runs one and puts its exit status into `status`, which must outlive it.
[[nodiscard]] std::unique_ptr<CLI::App> make_program(int& status);

}  // namespace custody::checker::cli
