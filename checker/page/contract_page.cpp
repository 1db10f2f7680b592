// SPDX-License-Identifier: BSD-2-Clause
// Puts a contract, the machine and the page's files together.
#include "checker/page/contract_page.hpp"

#include "checker/report/json_text.hpp"
#include "checker/report/page_assets.hpp"
#include "checker/report/page_data.hpp"
#include "spec/document/wording.hpp"

namespace custody::checker::page {

namespace {

using report::page_asset;

std::string data_of(const spec::Contract& contract) {
  std::string out = "{\"words\":" + report::page_words();
  report::append_member(out, ",\"contract\":", std::string_view(contract.name));
  const auto built_in = spec::find_contract(contract.name);
  const std::string text = spec::write_contract(contract);
  const bool is_own = !built_in || spec::write_contract(*built_in) != text;
  report::append_member(out, ",\"own\":", std::string_view(is_own ? text : std::string()));
  out += ",\"contracts\":[";
  report::Comma comma;
  for (const std::string_view name : spec::contract_names()) {
    report::append_member(out += comma(), "{\"name\":", name);
    report::append_shown(out, ",\"title\":", spec::find_contract(name)->title);
    out += '}';
  }
  return out + "]}";
}

/// JavaScript inside an element `script`.
std::string script_text(std::string_view script) {
  std::string out(script);
  for (std::size_t at = out.find("</"); at != std::string::npos; at = out.find("</", at)) out.replace(at, 2, "<\\/");
  return out;
}

}  // namespace

std::string contract_page(const spec::Contract& contract, const spec::document::Origin& origin,
                          std::string_view machine) {
  const std::string made = model::escape_text(spec::document::made_by(origin, "the contract " + contract.name));
  std::string out;
  const auto part = [&](std::string_view name) -> std::string {
    if (name == "TITLE") return model::escape_xml(model::escape_text("Custody: " + contract.name));
    if (name == "MADE_BY") return model::escape_xml(made);
    if (name == "STYLE") return std::string(page_asset("report.css")).append(page_asset("explore.css"));
    if (name == "MACHINE") return script_text(machine);
    if (name == "SCRIPT")
      return std::string(page_asset("data.js")).append(page_asset("chart.js")).append(page_asset("explore.js"));
    return report::inside_script(data_of(contract));
  };
  report::write_page(page_asset("explore.html"), part, [&out](std::string_view text) { out += text; });
  return out;
}

}  // namespace custody::checker::page
