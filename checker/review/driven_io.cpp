// SPDX-License-Identifier: BSD-2-Clause
// Reads what `custody-drive drive --format json` wrote.
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "checker/review/driven.hpp"

namespace custody::checker::review {

using DriverJson = nlohmann::json;

namespace {

DrivenFinding finding_of(const DriverJson& j) {
  DrivenFinding f;
  f.kind = j.at("kind");
  f.rule = j.at("rule");
  f.severity = j.at("severity");
  f.owes = j.at("owes");
  f.says = j.at("says");
  f.configuration = j.at("configuration");
  f.client = j.at("client");
  f.calls = j.at("calls").get<std::vector<std::string>>();
  if (j.contains("together")) f.together = j.at("together").get<std::vector<std::string>>();
  f.litmus = j.at("litmus");
  return f;
}

bool is_sync_of_contract(const DrivenFinding& f) {
  return f.kind == "rule" && !f.rule.starts_with("L") && f.together.empty();
}

}  // namespace

Driven read_drive_report(std::string_view json, bool is_second) {
  try {
    const DriverJson report = DriverJson::parse(json);
    Driven driven{report.at("driver"), is_second, {}};
    for (const DriverJson& j : report.at("findings"))
      if (DrivenFinding f = finding_of(j); !is_sync_of_contract(f)) driven.findings.push_back(std::move(f));
    return driven;
  } catch (const DriverJson::exception& e) {
    throw std::invalid_argument(std::string("the report of custody-drive is not of schema custody.drive/1: ") +
                                e.what());
  }
}

}  // namespace custody::checker::review
