// SPDX-License-Identifier: BSD-2-Clause
// The composed model of a contract and a configuration for other model checkers.
#include "checker/explore/translate/export_model.hpp"

#include "checker/explore/translate/exporter.hpp"
#include "model/escape.hpp"

namespace custody::checker::explore::translate {

Exporter::Exporter(const spec::Contract& contract, const Configuration& configuration, const ExportOptions& options)
    : f_{contract,
         configuration,
         {options.language == ModelLanguage::kPromela},
         options.asserts,
         contract.memory == "cached",
         LineModel(line_shape(contract, configuration)),
         contract.granularity()},
      line_(f_.lines, f_.d), guards_(f_), syncs_(f_, line_), text_(f_.d) {}

void Exporter::declare() {
  text_.variable("state", model::at(model::kStates, "Freed"));
  text_.variable("line", f_.lines.states() - 1);
  if (f_.drops_backing()) text_.variable("written", 1);
  for (unsigned w = 0; w < f_.c.windows; ++w) text_.variable(of("w", w), f_.granularity != 0 ? 15 : 3);
  text_.variable(f_.client_mapping(), 1);
  if (f_.c.client == Client::kVmap) text_.variable("bracketed", 1);
  for (model::Id fact = 0; fact < model::kFirstPolicy; ++fact)
    if (f_.is_noted(fact)) text_.variable(std::string(model::kFacts[fact].name), model::kFacts[fact].most);
  for (unsigned d = 0; d < f_.c.devices; ++d) {
    text_.variable(of("att", d), 1);
    text_.variable(of("dir", d), 3);
    if (f_.keeps_tables()) text_.variable(of("kept", d), 3);
    if (asks_who_is_first(f_.contract)) text_.variable(of("rank", d), f_.c.devices - 1);
    if (f_.tells_left_table(d)) text_.variable(of("left", d), 1);
    if (!f_.c.bounces(d)) continue;
    text_.variable(of("copy_old", d), 1);
    text_.variable(of("copy_newer", d), 1);
  }
}

std::string Exporter::head() const {
  std::string text = model::escape_comment(f_.contract.name + ": " + f_.contract.title) + "\n   " +
                     number(f_.c.devices) + " devices, " + number(f_.c.coherent) + " coherent, ";
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
  return "/* " + head() + " */\n" + text_.write(line_.functions());
}

std::string export_model(const spec::Contract& contract, const Configuration& configuration,
                         const ExportOptions& options) {
  return Exporter(contract, configuration, options).write();
}

}  // namespace custody::checker::explore::translate
