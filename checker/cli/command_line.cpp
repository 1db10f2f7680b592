// SPDX-License-Identifier: BSD-2-Clause
// Keeps the words of the command line.
#include "checker/cli/command_line.hpp"

#include "model/escape.hpp"

namespace custody::checker::cli {

namespace {

std::span<char* const> words_of_command_line;

}  // namespace

void keep_command_line(std::span<char* const> words) { words_of_command_line = words; }

std::string command_line() {
  std::string out = "custody";
  for (std::size_t i = 1; i < words_of_command_line.size(); ++i)
    out += " " + model::shell_word(words_of_command_line[i]);
  return out;
}

}  // namespace custody::checker::cli
