// SPDX-License-Identifier: BSD-2-Clause
// Writes SARIF.
#include <nlohmann/json.hpp>

#include "checker/report/sarif.hpp"
#include "model/escape.hpp"

namespace custody::checker::report {

namespace {

using SarifJson = nlohmann::ordered_json;

std::string dumped(const SarifJson& json) {
  return model::escape_json_document(json.dump(-1, ' ', false, SarifJson::error_handler_t::replace));
}

SarifJson message_of(const std::string& text) { return {{"text", model::escape_sarif(text)}}; }

SarifJson location_of(const SarifPlace& place) {
  SarifJson physical = {{"artifactLocation", {{"uri", model::uri_of_path(place.path)}}}};
  if (place.line != 0) physical["region"] = {{"startLine", place.line}};
  SarifJson location = {{"physicalLocation", physical}};
  if (!place.says.empty()) location["message"] = message_of(place.says);
  return location;
}

SarifJson rule_json(const SarifRule& r) {
  SarifJson json = {{"id", r.id}, {"shortDescription", message_of(r.says)}};
  if (!r.why.empty()) json["fullDescription"] = message_of(r.says + " " + r.why);
  if (!r.fix.empty())
    json["help"] = message_of(r.why + " Fix: " + r.fix + " `custody explain " + r.id + "` says more.");
  json["defaultConfiguration"] = {{"level", r.level}};
  return json;
}

}  // namespace

std::string sarif_head(std::string_view version, const std::vector<SarifRule>& rules) {
  SarifJson all = SarifJson::array();
  for (const SarifRule& r : rules) all.push_back(rule_json(r));
  const SarifJson tool = {{"driver", {{"name", "custody"}, {"version", version}, {"rules", all}}}};
  return "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":" +
         dumped(tool) + ",\n\"columnKind\":\"unicodeCodePoints\",\n\"results\":[";
}

std::string sarif_result(const SarifResult& r) {
  SarifJson json = {{"ruleId", r.rule}, {"level", r.level}, {"message", message_of(r.text)}};
  if (!r.place.path.empty()) json["locations"] = SarifJson::array({location_of(r.place)});
  SarifJson related = SarifJson::array();
  for (const SarifPlace& p : r.related)
    if (!p.path.empty()) related.push_back(location_of(p));
  if (!related.empty()) json["relatedLocations"] = related;
  if (!r.fingerprint.empty()) json["partialFingerprints"] = {{"custody/v1", r.fingerprint}};
  if (r.count > 1) json["occurrenceCount"] = r.count;
  return "\n" + dumped(json);
}

std::string sarif_end(bool successful, const std::vector<SarifNotice>& notices) {
  SarifJson said = SarifJson::array();
  for (const SarifNotice& n : notices) {
    SarifJson notice = {{"level", n.level}, {"message", message_of(n.text)}};
    if (!n.place.path.empty()) notice["locations"] = SarifJson::array({location_of(n.place)});
    said.push_back(notice);
  }
  SarifJson invocation = {{"executionSuccessful", successful}};
  if (!said.empty()) invocation["toolExecutionNotifications"] = said;
  return "],\n\"invocations\":[" + dumped(invocation) + "]}]}\n";
}

}  // namespace custody::checker::report
