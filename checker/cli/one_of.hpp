// SPDX-License-Identifier: BSD-2-Clause
// Options that take one word of a closed set.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace custody::checker::cli {

/// For CLI::Option::check: the value is one of `words`, else it says what was found, what is expected and what was
/// meant. The help shows them.
[[nodiscard]] CLI::Validator one_of(std::vector<std::string> words);

/// The words of a closed set that the option takes; empty where it takes others.
[[nodiscard]] std::vector<std::string> words_of(const CLI::Option& option);

/// `; did you mean 'replay'?` of the words given that nothing takes, or nothing. `app`: the program, after its words
/// were read.
[[nodiscard]] std::string meant_by(const CLI::App& app);

}  // namespace custody::checker::cli
