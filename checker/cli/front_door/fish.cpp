// SPDX-License-Identifier: BSD-2-Clause
// Renders the completion of fish: a line for each option and argument, with the command at which it holds.
#include "checker/cli/front_door/description.hpp"

namespace custody::checker::cli::front_door {

namespace {

std::string fish_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    if (c != '`') out += c;
  }
  return "'" + out + "'";
}

/// Of an option with a value: ` -a '...'`, and whether files are offered too.
std::string fish_values(const Argument& a) {
  std::string out = a.is_file ? " -r -F" : " -x";
  if (!a.words.empty()) out += " -a " + fish_text(joined(a.words, " "));
  if (!a.list.empty()) out += " -a '(__custody_list " + a.list + ")'";
  return out;
}

std::string at(const Command& command) {
  return "complete -c custody -n '__custody_at" + std::string(command.path.empty() ? "" : " ") + path_of(command) + "'";
}

std::string fish_option(const Command& command, const Argument& a) {
  std::string out = at(command);
  for (const std::string& name : a.names)
    out += name.rfind("--", 0) == 0 ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (a.takes_value) out += fish_values(a);
  return out + " -d " + fish_text(brief(a.says)) + "\n";
}

constexpr char kHelpers[] = R"sh(
# The words before the cursor that are no options begin with these commands; of none: there is none yet.
function __custody_at
    set -l words (string match --invert -- '-*' (commandline -opc))[2..-1]
    if test (count $argv) -eq 0
        test (count $words) -eq 0
        return
    end
    test (count $words) -ge (count $argv); or return
    set -l first $words[1..(count $argv)]
    test "$first" = "$argv"
end

# The words that `custody list` prints, with what they mean.
function __custody_list
    set -l tool (commandline -opc)[1]
    $tool list $argv[1] 2>/dev/null | string replace -r '^(\S+)\s+' '$1\t'
end

complete -c custody -f
)sh";

}  // namespace

std::string fish_completion(const Command& program) {
  std::string out = std::string("# SPDX-License-Identifier: BSD-2-Clause\n") + kGenerated + kHelpers;
  for (const Command* const command : all_of(program)) {
    for (const Command& sub : command->commands)
      out += at(*command) + " -a " + sub.name + " -d " + fish_text(brief(sub.says)) + "\n";
    for (const Argument& a : command->options) out += fish_option(*command, a);
    for (const Argument& a : command->arguments)
      if (a.is_file || !a.list.empty() || !a.words.empty())
        out += at(*command) + (a.is_file ? " -F" : "") +
               (a.words.empty() ? "" : " -a " + fish_text(joined(a.words, " "))) +
               (a.list.empty() ? "" : " -a '(__custody_list " + a.list + ")'") + "\n";
  }
  return out;
}

}  // namespace custody::checker::cli::front_door
