// SPDX-License-Identifier: BSD-2-Clause
// Renders a page of man(7) for the program, or for one of its commands with those below it.
#include <algorithm>
#include <sstream>

#include "checker/cli/front_door/description.hpp"

namespace custody::checker::cli::front_door {

namespace {

/// Text that roff takes as it is written. A line that begins with it must not begin with a request.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\\': out += "\\(rs"; break;
      case '-': out += "\\-"; break;
      case '\'': out += "\\(aq"; break;
      case '`': out += "\\(ga"; break;
      case '^': out += "\\(ha"; break;
      case '~': out += "\\(ti"; break;
      case '"': out += "\\(dq"; break;
      default: out += c;
    }
  }
  return !out.empty() && out.front() == '.' ? "\\&" + out : out;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

/// What stands in backquotes is to be typed.
std::string prose(std::string_view text) {
  std::string out;
  for (bool typed = false; !text.empty(); typed = !typed) {
    const std::size_t end = text.find('`');
    const std::string_view part = text.substr(0, end);
    out += typed ? bold(part) : roff(part);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return out;
}

/// Filled lines: roff joins them again.
std::string filled(const std::string& text) {
  constexpr std::size_t kColumns = 78;
  std::istringstream words(text);
  std::string out, line;
  for (std::string word; words >> word;) {
    if (!line.empty() && line.size() + 1 + word.size() > kColumns) {
      out += line + "\n";
      line = word.front() == '.' ? "\\&" : "";
    } else if (!line.empty()) {
      line += " ";
    }
    line += word;
  }
  return out + line + "\n";
}

std::string sentence(std::string text) {
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

std::string paragraphs(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += ".PP\n" + filled(prose(text));
  return out;
}

std::string tag_of(const Argument& a) {
  std::string tag;
  for (const std::string& name : a.names)
    tag += (tag.empty() ? "" : ", ") + (name.front() == '-' ? bold(name) : italic(name));
  if (!a.value.empty()) tag += " " + italic(a.value);
  return tag + (a.repeats ? " ..." : "");
}

std::string entry(const Argument& a) {
  std::string out = ".TP\n" + tag_of(a) + "\n" + filled(prose(sentence(a.says)));
  if (!a.standard.empty()) out += "The default is " + bold(a.standard) + ".\n";
  if (!a.excludes.empty()) out += "Not together with " + bold(joined(a.excludes, ", ")) + ".\n";
  return out;
}

/// The options in their groups, the nameless one first: CLI11 calls it `Options`.
std::string options_of(const Command& command, std::string_view heading) {
  std::vector<std::string> groups;
  for (const Argument& a : command.options)
    if (std::find(groups.begin(), groups.end(), a.group) == groups.end()) groups.push_back(a.group);
  std::string out;
  for (const std::string& group : groups) {
    if (group == "Options") out += heading;
    else out += ".SS " + roff(group) + "\n";
    for (const Argument& a : command.options)
      if (a.group == group) out += entry(a);
  }
  return out;
}

std::string synopsis(const Command& command) {
  std::string out = ".B " + roff(command.path.empty() ? "custody" : "custody " + path_of(command)) + "\n";
  out += "[\\fIoptions\\fR]\n";
  for (const Argument& a : command.arguments) {
    const std::string name = italic(a.names.front()) + (a.repeats ? " ..." : "");
    out += (a.is_required ? name : "[" + name + "]") + "\n";
  }
  return out + (command.commands.empty() ? "" : "\\fIcommand\\fR ...\n");
}

std::string arguments_of(const Command& command, const std::string& heading) {
  std::string out = command.arguments.empty() ? "" : heading;
  for (const Argument& a : command.arguments) out += entry(a);
  return out;
}

/// The program's commands have pages of their own; those of a command are on its page.
std::string commands_of(const Command& page) {
  if (page.commands.empty()) return {};
  std::string out = ".SH COMMANDS\n";
  for (const Command& sub : page.commands) {
    if (page.path.empty()) {
      out += ".TP\n.BR " + roff("custody-" + sub.name) + " (1)\n" + filled(prose(sentence(sub.says)));
      continue;
    }
    out += ".SS " + roff("custody " + path_of(sub)) + "\n" + synopsis(sub) + ".PP\n" + filled(prose(sub.says));
    out += arguments_of(sub, "") + options_of(sub, "");
  }
  return out;
}

std::string see_also(const Command& program, const Command& page) {
  std::string out = ".SH SEE ALSO\n";
  std::vector<std::string> others;
  if (!page.path.empty()) others.emplace_back("custody");
  for (const Command& command : program.commands)
    if (command.path != page.path) others.push_back("custody-" + command.name);
  for (const std::string& other : others)
    out += ".BR " + roff(other) + " (1)" + (&other == &others.back() ? "\n" : ",\n");
  return out;
}

/// Of a page that says something of its own, the program's says the rest.
std::string exit_status(const Command& program, const Command& page) {
  const bool is_own = !page.status.empty() && page.status != program.status;
  return ".SH EXIT STATUS\n" + filled(prose(is_own ? page.status : program.status)) +
         (is_own ? ".PP\nThe others are those of\n.BR custody (1).\n" : "");
}

}  // namespace

std::string man_page(const Command& program, const Command& page) {
  const std::string name = page.path.empty() ? "custody" : "custody-" + page.name;
  std::string upper = name;
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  std::string says = page.says;
  if (!says.empty() && says.back() == '.') says.pop_back();
  std::string out = ".\\\" SPDX-License-Identifier: BSD-2-Clause\n.\\\" Generated from the descriptions of --help.\n";
  out += ".TH " + roff(upper) + " 1 " CUSTODY_RELEASED " \"custody " CUSTODY_VERSION "\" \"User Commands\"\n";
  out += ".SH NAME\n" + filled(roff(name) + " \\- " + prose(says)) + ".SH SYNOPSIS\n" + synopsis(page);
  out += ".SH DESCRIPTION\n" + filled(prose(page.says)) + paragraphs(page.notes);
  out += arguments_of(page, ".SH ARGUMENTS\n") + options_of(page, ".SH OPTIONS\n") + commands_of(page);
  out += exit_status(program, page);
  if (!page.examples.empty()) {
    out += ".SH EXAMPLES\n.nf\n";
    for (const std::string& example : page.examples) out += roff(example) + "\n";
    out += ".fi\n";
  }
  return out + see_also(program, page);
}

}  // namespace custody::checker::cli::front_door
