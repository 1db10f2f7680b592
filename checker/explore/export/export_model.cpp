// SPDX-License-Identifier: BSD-2-Clause
#include "checker/explore/export/export_model.hpp"

#include <algorithm>

#include "checker/explore/export/exporter.hpp"

namespace custody::checker {

Exporter::Exporter(const spec::Contract& contract, const Configuration& configuration, const ExportOptions& options)
    : contract_(contract), c_(configuration), d_{options.language == ModelLanguage::kPromela},
      asserts_(options.asserts), cached_(contract.memory == "cached"), lines_(line_shape(contract, configuration)),
      line_(lines_, d_), granularity_(contract.start.get(model::at(model::kFields, "granularity"))) {
  std::copy(contract.start.v.begin(), contract.start.v.end(), policies_.v.begin());
}

bool Exporter::drops_backing() const { return policies_.v[model::at(model::kFields, "leaves")] == 1; }

std::string Exporter::head() const {
  std::string text = contract_.name + ": " + contract_.title + "\n   " + number(c_.devices) + " devices, " +
                     number(c_.coherent) + " coherent, ";
  if (c_.bounced != 0) text += number(c_.bounced) + " bounced, ";
  text +=
      number(c_.windows) + " windows, client " + std::string(name_of(c_.client)) + ", " + std::string(c_.arch->name);
  if (granularity_ != 0) text += ", lines of " + number(c_.cpu_line) + " and " + number(c_.device_line) + " bytes";
  return text;
}

std::string Exporter::write() {
  declare();
  calls();
  accesses();
  std::string text = "/* " + head() + " */\n";
  if (d_.promela) {
    text += line_.functions();
    for (const auto& [name, most] : variables_) text += "byte " + name + ";\n";
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

}  // namespace custody::checker
