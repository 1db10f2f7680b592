// SPDX-License-Identifier: BSD-2-Clause
// Writes variables and rules in the language of another model checker.
#include "checker/explore/translate/model_text.hpp"

#include <algorithm>

namespace custody::checker::explore::translate {

void ModelText::rule(const std::string& name, const std::string& guard, const Effects& effects, std::size_t clauses,
                     bool undoes) {
  undoes_ = undoes_ || undoes;
  most_clauses_ = std::max(most_clauses_, clauses);
  std::string body;
  for (const std::string& effect : effects) body += " " + effect;
  if (d_.promela) {
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

Effects ModelText::saved() const {
  Effects effects;
  for (const auto& [name, most] : variables_) effects.push_back(d_.set("was_" + name, name));
  return effects;
}

Effects ModelText::undone(const std::string& wrong) const {
  Effects effects{d_.set("mixed", d_.choose(wrong, "1", "0"))};
  for (const auto& [name, most] : variables_)
    effects.push_back(d_.set(name, d_.choose(d_.equal("mixed", "1"), "was_" + name, name)));
  return effects;
}

std::string ModelText::write(const std::string& functions) const {
  std::string text;
  if (d_.promela) {
    text += functions;
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
  text += functions + "startstate begin\n";
  for (const auto& [name, most] : variables_) text += " " + name + " := 0;\n";
  return text + "end;\n" + rules_;
}

}  // namespace custody::checker::explore::translate
