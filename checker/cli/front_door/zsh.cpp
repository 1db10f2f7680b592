// SPDX-License-Identifier: BSD-2-Clause
// Renders the completion of zsh: specifications for _arguments.
#include "checker/cli/front_door/description.hpp"

namespace custody::checker::cli::front_door {

namespace {

/// Inside of single quotes, where _arguments gives colons and brackets a meaning.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') out += "'\\''";
    else if (c == ':' || c == '[' || c == ']' || c == '\\') out.append("\\").append(1, c);
    else if (c != '`') out += c;
  }
  return out;
}

/// `:message:action`.
std::string action_of(const Argument& a) {
  const std::string what =
      zsh_text(a.names.back().substr(std::min(a.names.back().find_first_not_of('-'), std::size_t{2})));
  if (!a.words.empty()) return ":" + what + ":(" + joined(a.words, " ") + ")";
  if (!a.list.empty()) return ":" + what + ":_custody_names" + (a.is_file ? "_or_file " : " ") + a.list;
  return ":" + what + ":" + (a.is_file ? "_files" : " ");
}

std::string zsh_option(const Argument& a) {
  std::vector<std::string> apart = a.repeats ? std::vector<std::string>{} : a.names;
  for (const std::string& others : a.excludes) apart.push_back(others.substr(0, others.find(',')));
  const std::string before = apart.empty() ? "'*'" : "'(" + joined(apart, " ") + ")'";
  std::string names;
  for (const std::string& name : a.names) {
    const std::string value = !a.takes_value ? "" : name.rfind("--", 0) == 0 ? "=" : "+";
    names += (names.empty() ? "" : ",") + name + value;
  }
  return before + (a.names.size() > 1 ? "{" + names + "}" : names) + "'[" + zsh_text(brief(a.says)) + "]" +
         (a.takes_value ? action_of(a) : "") + "'";
}

std::string function_name(const Command& command) {
  std::string name = "_custody";
  for (const std::string& word : command.path) name += "_" + word;
  return name;
}

/// Commands by name, then the one that was chosen.
std::string choice_of(const Command& command, const std::string& options) {
  std::string out = "  local -a commands=(\n";
  for (const Command& sub : command.commands) out += "    '" + sub.name + ":" + zsh_text(brief(sub.says)) + "'\n";
  out += "  )\n  local context state state_descr line\n  typeset -A opt_args\n  _arguments -C" + options +
         " \\\n    '1: :->command' \\\n    '*:: :->rest'\n";
  out += "  case $state in\n    command) _describe command commands ;;\n    rest) case $line[1] in\n";
  for (const Command& sub : command.commands) out += "      " + sub.name + ") " + function_name(sub) + " ;;\n";
  return out + "    esac ;;\n  esac\n";
}

std::string function_of(const Command& command) {
  std::string options;
  for (const Argument& a : command.options) options += " \\\n    " + zsh_option(a);
  std::string body;
  if (command.path.empty()) body += "  local tool=$words[1]\n";
  if (!command.commands.empty()) body += choice_of(command, options);
  else {
    body += "  _arguments" + options;
    for (std::size_t i = 0; i < command.arguments.size(); ++i) {
      const Argument& a = command.arguments[i];
      body += " \\\n    '" + (a.repeats ? std::string("*") : std::to_string(i + 1) + (a.is_required ? "" : ":")) +
              action_of(a) + "'";
    }
    body += "\n";
  }
  return "\n" + function_name(command) + "() {\n" + body + "}\n";
}

constexpr char kLists[] = R"sh(
# The words that `custody list "$1"` prints, with what they mean.
_custody_names() {
  local kind=$argv[-1] row
  local -a rows names
  rows=(${(f)"$(_call_program custody-$kind $tool list $kind 2>/dev/null)"})
  for row in $rows; do names+=("${${row%%[[:space:]]*}//:/\\:}:${row#*[[:space:]]}"); done
  _describe -t $kind $kind names
}

_custody_names_or_file() {
  local kind=$argv[-1]
  _alternative "$kind:$kind:_custody_names $kind" 'files:file:_files'
}
)sh";

}  // namespace

std::string zsh_completion(const Command& program) {
  std::string out = std::string("#compdef custody\n# SPDX-License-Identifier: BSD-2-Clause\n") + kGenerated + kLists;
  for (const Command* const command : all_of(program)) out += function_of(*command);
  return out + "\n_custody \"$@\"\n";
}

}  // namespace custody::checker::cli::front_door
