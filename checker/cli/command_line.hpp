// SPDX-License-Identifier: BSD-2-Clause
// The command line, for what says how it was made.
#pragma once

#include <span>
#include <string>

namespace custody::checker::cli {

/// At the start of `main`; the words must live as long as the process.
void keep_command_line(std::span<char* const> words);

/// `custody replay --format html trace.txt`, as a shell takes it. Not escaped.
[[nodiscard]] std::string command_line();

}  // namespace custody::checker::cli
