// SPDX-License-Identifier: BSD-2-Clause
// The command line as data: what man pages and completions are rendered from. It is read out of CLI11, where the tool
// says it.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace custody::checker::cli::front_door {

/// An option, or a positional argument.
struct Argument {
  std::vector<std::string> names;  ///< `-o`, `--output`; of a positional argument its name alone
  std::string value;               ///< as the help calls what it takes; empty for a flag
  std::vector<std::string> words;  ///< of a closed set; empty: any
  std::string list;                ///< `custody list` names what can stand here; empty: nothing does
  std::string standard;            ///< the default, as the help shows it
  std::string says, group;
  std::vector<std::string> excludes;
  bool is_file = false, takes_value = false, repeats = false, is_required = false;
};

/// The program, or a subcommand.
struct Command {
  std::string name;                ///< `check`
  std::vector<std::string> path;   ///< of names, from below the program
  std::string says;                ///< a sentence
  std::vector<std::string> notes;  ///< paragraphs that stand behind the options
  std::string status;              ///< what the exit status says
  std::vector<std::string> examples;
  std::vector<Argument> options, arguments;
  std::vector<Command> commands;
};

[[nodiscard]] Command describe(const CLI::App& app);

/// `command` and all below it, the outer one first.
[[nodiscard]] std::vector<const Command*> all_of(const Command& command);

/// `check`, `export promela`; empty for the program.
[[nodiscard]] std::string path_of(const Command& command, std::string_view between = " ");

/// `words` with `between` between them.
[[nodiscard]] std::string joined(const std::vector<std::string>& words, std::string_view between);

/// What a command or an option says, as a shell shows it: without a full stop.
[[nodiscard]] std::string brief(std::string says);

/// How the files of shells begin.
inline constexpr char kGenerated[] = "# Generated from the descriptions that `custody --help` prints.\n";

/// A file for bash, zsh, fish, and a page of man(7). `page` is one of `all_of(program)` without those whose command has
/// commands; it holds those too.
[[nodiscard]] std::string bash_completion(const Command& program);
[[nodiscard]] std::string zsh_completion(const Command& program);
[[nodiscard]] std::string fish_completion(const Command& program);
[[nodiscard]] std::string man_page(const Command& program, const Command& page);

}  // namespace custody::checker::cli::front_door
