// SPDX-License-Identifier: BSD-2-Clause
// Reads the descriptions of commands and options out of CLI11.
#include "checker/cli/front_door/description.hpp"

#include <sstream>

#include "checker/cli/help_format.hpp"
#include "checker/cli/one_of.hpp"
#include "checker/cli/value_names.hpp"

namespace custody::checker::cli::front_door {

namespace {

/// Line ends of a text for terminals are blanks.
std::string on_one_line(std::string text) {
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text;
}

Argument argument_of(const CLI::Option& option) {
  Argument a;
  if (option.get_positional()) a.names.push_back(option.get_name(true));
  for (const std::string& name : option.get_snames()) a.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) a.names.push_back("--" + name);
  a.takes_value = option.get_items_expected_max() != 0;
  a.value = value_label(option);
  a.words = words_of(option);
  const std::string type = option.get_type_name();
  if (const ValueName* const kind = find_value_name(type.substr(0, type.find(':')))) {
    a.list = kind->list;
    a.is_file = kind->is_file;
  }
  if (a.takes_value) a.standard = option.get_default_str();
  a.says = on_one_line(option.get_description());
  a.group = option.get_group();
  for (const CLI::Option* const other : option.get_excludes()) a.excludes.push_back(other->get_name());
  a.repeats = option.get_expected_max() == CLI::detail::expected_max_vector_size;
  a.is_required = option.get_required();
  return a;
}

/// The footer of a help: paragraphs, one that begins with `Exit status`, and indented lines below `Examples:`.
void add_footer(const std::string& footer, Command& into) {
  constexpr std::string_view kSays = "Exit status";
  enum class In { kNotes, kStatus, kExamples } in = In::kNotes;
  std::istringstream lines(footer);
  bool goes_on = false;
  for (std::string line; std::getline(lines, line); goes_on = !line.empty()) {
    if (line.rfind(kSays, 0) == 0) {
      in = In::kStatus;
      line = line.substr(line[kSays.size()] == ':' ? kSays.size() + 2 : kSays.size() + 1);
    }
    if (line == "Examples:") in = In::kExamples;
    else if (line.empty()) continue;
    else if (in == In::kExamples) into.examples.push_back(line.substr(line.find_first_not_of(' ')));
    else if (in == In::kStatus) into.status += (into.status.empty() ? "" : " ") + line;
    else if (goes_on) into.notes.back() += " " + line;
    else into.notes.push_back(line);
  }
}

Command described(const CLI::App& app, std::vector<std::string> path) {
  Command c;
  c.name = app.get_name();
  c.says = app.get_description();
  c.path = std::move(path);
  add_footer(app.get_footer(), c);
  for (const CLI::Option* const option : app.get_options())
    (option->get_positional() ? c.arguments : c.options).push_back(argument_of(*option));
  for (const CLI::App* const sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    std::vector<std::string> below = c.path;
    below.push_back(sub->get_name());
    c.commands.push_back(described(*sub, std::move(below)));
  }
  return c;
}

}  // namespace

Command describe(const CLI::App& app) { return described(app, {}); }

std::vector<const Command*> all_of(const Command& command) {
  std::vector<const Command*> all = {&command};
  for (const Command& sub : command.commands)
    for (const Command* const one : all_of(sub)) all.push_back(one);
  return all;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : between).append(word);
  return text;
}

std::string path_of(const Command& command, std::string_view between) { return joined(command.path, between); }

std::string brief(std::string says) {
  if (!says.empty() && says.back() == '.') says.pop_back();
  return says;
}

}  // namespace custody::checker::cli::front_door
