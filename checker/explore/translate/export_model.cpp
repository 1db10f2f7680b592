// SPDX-License-Identifier: BSD-2-Clause
// The composed model of a contract and a configuration for other model checkers.
#include "checker/explore/translate/export_model.hpp"

#include <algorithm>

#include "checker/explore/translate/exporter.hpp"

namespace custody::checker::explore::translate {

Exporter::Exporter(const spec::Contract& contract, const Configuration& configuration, const ExportOptions& options)
    : f_{contract,
         configuration,
         {options.language == ModelLanguage::kPromela},
         options.asserts,
         contract.memory == "cached",
         LineModel(line_shape(contract, configuration)),
         contract.granularity()},
      line_(f_.lines, f_.d), guards_(f_), syncs_(f_, line_) {}

void Exporter::declare() {
  variable("state", model::at(model::kStates, "Freed"));
  variable("line", f_.lines.states() - 1);
  if (f_.drops_backing()) variable("written", 1);
  for (unsigned w = 0; w < f_.c.windows; ++w) variable(of("w", w), f_.granularity != 0 ? 15 : 3);
  variable(f_.client_mapping(), 1);
  if (f_.c.client == Client::kVmap) variable("bracketed", 1);
  for (model::Id fact = 0; fact < model::kFirstPolicy; ++fact)
    if (f_.is_noted(fact)) variable(std::string(model::kFacts[fact].name), model::kFacts[fact].most);
  for (unsigned d = 0; d < f_.c.devices; ++d) {
    variable(of("att", d), 1);
    variable(of("dir", d), 3);
    if (f_.keeps_tables()) variable(of("kept", d), 3);
    if (asks_who_is_first(f_.contract)) variable(of("rank", d), f_.c.devices - 1);
    if (!f_.c.bounces(d)) continue;
    variable(of("copy_old", d), 1);
    variable(of("copy_newer", d), 1);
  }
}

void Exporter::rule(const std::string& name, const std::string& guard, const Effects& effects, std::size_t clauses,
                    bool undoes) {
  undoes_ = undoes_ || undoes;
  most_clauses_ = std::max(most_clauses_, clauses);
  std::string body;
  for (const std::string& effect : effects) body += " " + effect;
  if (f_.d.promela) {
    rules_ += " :: d_step { " + guard + " ->" + (body.empty() ? " skip" : body) + " } /* " + name + " */\n";
    return;
  }
  std::string variables;
  for (std::size_t i = 0; i < clauses; ++i) variables += " var " + of("clause", static_cast<unsigned>(i)) + ": 0..1;";
  for (const auto& [variable, most] : variables_)
    if (undoes) variables.append(" var was_").append(variable).append(": 0..").append(number(most)).append(";");
  if (undoes) variables += " var mixed: 0..1;";
  rules_ += "rule \"" + name + "\" " + guard + " ==>" + variables + " begin" + body + " end;\n";
}

std::string Exporter::head() const {
  std::string text = f_.contract.name + ": " + f_.contract.title + "\n   " + number(f_.c.devices) + " devices, " +
                     number(f_.c.coherent) + " coherent, ";
  if (f_.c.bounced != 0) text += number(f_.c.bounced) + " bounced, ";
  text += number(f_.c.windows) + " windows, client " + std::string(name_of(f_.c.client)) + ", " +
          std::string(f_.c.arch->name);
  if (f_.c.in_turn) text += ", mixed devices in turn";
  if (f_.granularity != 0)
    text += ", lines of " + number(f_.c.cpu_line) + " and " + number(f_.c.device_line) + " bytes";
  return text;
}

std::string Exporter::write() {
  declare();
  calls();
  accesses();
  std::string text = "/* " + head() + " */\n";
  if (f_.d.promela) {
    text += line_.functions();
    for (const auto& [name, most] : variables_) text += "byte " + name + ";\n";
    // Not part of a state: each rule sets what it reads.
    for (std::size_t i = 0; i < most_clauses_; ++i)
      text += "hidden byte " + of("clause", static_cast<unsigned>(i)) + ";\n";
    for (const auto& [name, most] : variables_) text += undoes_ ? "hidden byte was_" + name + ";\n" : "";
    if (undoes_) text += "hidden byte mixed;\n";
    return text + "active proctype model() {\nend:\n do\n" + rules_ + " od\n}\n";
  }
  text += "var\n";
  for (const auto& [name, most] : variables_) text += " " + name + ": 0.." + number(most) + ";\n";
  text += line_.functions() + "startstate begin\n";
  for (const auto& [name, most] : variables_) text += " " + name + " := 0;\n";
  return text + "end;\n" + rules_;
}

std::string export_model(const spec::Contract& contract, const Configuration& configuration,
                         const ExportOptions& options) {
  return Exporter(contract, configuration, options).write();
}

}  // namespace custody::checker::explore::translate
