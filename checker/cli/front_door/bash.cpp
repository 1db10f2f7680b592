// SPDX-License-Identifier: BSD-2-Clause
// Renders the completion of bash: tables of what can stand where, and a function that walks the words.
#include "checker/cli/front_door/description.hpp"

namespace custody::checker::cli::front_door {

namespace {

/// What the functions below read: `words ...`, `list rules`, `file`, in any order, or nothing.
std::string bash_values(const Argument& a) {
  std::string out;
  if (a.is_file) out += "file ";
  if (!a.list.empty()) out += "list " + a.list + " ";
  if (!a.words.empty()) out += "words " + joined(a.words, " ");
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string case_line(const std::string& pattern, const std::string& text) {
  return "    " + pattern + ") echo '" + text + "' ;;\n";
}

std::string case_function(const std::string& name, const std::string& subject, const std::string& lines) {
  return "\n" + name + "() {\n  case \"" + subject + "\" in\n" + lines + "  esac\n}\n";
}

constexpr char kWalk[] = R"sh(
# What of "$2..." begins with "$1", by the kinds of values above.
_custody_replies() {
  local tool=$1 cur=$2
  shift 2
  while (($# > 0)); do
    case $1 in
      file)
        compopt -o filenames 2>/dev/null
        compgen -f -- "$cur"
        shift
        ;;
      list)
        compgen -W "$("$tool" list "$2" 2>/dev/null | cut -f 1 | cut -d ' ' -f 1)" -- "$cur"
        shift 2
        ;;
      words)
        shift
        compgen -W "$*" -- "$cur"
        return
        ;;
    esac
  done
}

_custody() {
  local tool=$1 cur=${COMP_WORDS[COMP_CWORD]} path='' option='' place=0 i word values
  COMPREPLY=()
  # bash takes the = of --format=json for a word of its own.
  for ((i = 1; i < COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    if [[ $word == '=' ]]; then
      continue
    elif [[ -n $option ]]; then
      option=''
    elif [[ $word == -?* ]]; then
      if _custody_takes "$path" "$word"; then option=$word; fi
    elif [[ " $(_custody_commands "$path") " == *" $word "* ]]; then
      path="${path:+$path }$word"
    else
      ((++place))
    fi
  done
  if [[ $cur == '=' ]]; then cur=''; fi
  if [[ -n $option ]]; then
    values=$(_custody_values "$path $option")
  elif [[ $cur == -* ]]; then
    values="words $(_custody_options "$path")"
  else
    values=$(_custody_places "$path $place")
    if [[ -z $values ]]; then values=$(_custody_places "$path +"); fi
    if [[ -n $(_custody_commands "$path") ]]; then values="words $(_custody_commands "$path")"; fi
  fi
  # shellcheck disable=SC2086 # the kinds are words
  if [[ " $values " == *' file '* ]]; then compopt -o filenames 2>/dev/null; fi
  # shellcheck disable=SC2086 # the kinds are words
  mapfile -t COMPREPLY < <(_custody_replies "$tool" "$cur" $values)
}

# `--option` with a value to come.
_custody_takes() {
  [[ $2 != *=* && " $(_custody_valued "$1") " == *" $2 "* ]]
}

complete -F _custody custody
)sh";

struct Tables {
  std::string commands, options, valued, values, places;

  void add(const Command& command) {
    const std::string path = path_of(command);
    std::vector<std::string> names, of_options, with_value;
    for (const Command& sub : command.commands) names.push_back(sub.name);
    if (!names.empty()) commands += case_line("'" + path + "'", joined(names, " "));
    for (const Argument& a : command.options) add_option(path, a, of_options, with_value);
    options += case_line("'" + path + "'", joined(of_options, " "));
    if (!with_value.empty()) valued += case_line("'" + path + "'", joined(with_value, " "));
    for (std::size_t i = 0; i < command.arguments.size(); ++i) {
      const Argument& a = command.arguments[i];
      const std::string of = bash_values(a);
      if (of.empty()) continue;
      places += case_line("'" + path + " " + std::to_string(i) + "'" + (a.repeats ? " | '" + path + " +'" : ""), of);
    }
  }
  void add_option(const std::string& path, const Argument& a, std::vector<std::string>& all,
                  std::vector<std::string>& with_value) {
    std::string patterns;
    for (const std::string& name : a.names) {
      all.push_back(name);
      if (a.takes_value) with_value.push_back(name);
      patterns += (patterns.empty() ? "'" : " | '") + path + " " + name + "'";
    }
    if (const std::string of = bash_values(a); a.takes_value && !of.empty()) values += case_line(patterns, of);
  }
};

}  // namespace

std::string bash_completion(const Command& program) {
  Tables t;
  for (const Command* const command : all_of(program)) t.add(*command);
  return std::string("# SPDX-License-Identifier: BSD-2-Clause\n# shellcheck shell=bash\n") + kGenerated +
         case_function("_custody_commands", "$1", t.commands) + case_function("_custody_options", "$1", t.options) +
         case_function("_custody_valued", "$1", t.valued) + case_function("_custody_values", "$1", t.values) +
         case_function("_custody_places", "$1", t.places) + kWalk;
}

}  // namespace custody::checker::cli::front_door
