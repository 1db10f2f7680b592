// SPDX-License-Identifier: BSD-2-Clause
// What is said where the command line is wrong.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace custody::checker::cli {

/// For CLI::App::failure_message: one line of what is wrong, escaped as it quotes what was given, and where help is.
[[nodiscard]] std::string option_error(const CLI::App* app, const CLI::Error& error);

}  // namespace custody::checker::cli
