// SPDX-License-Identifier: BSD-2-Clause
// What a log that was made from another trace says beside its events.
#include <array>
#include <nlohmann/json.hpp>

#include "model/escape.hpp"
#include "traces/formats/event_log/converted.hpp"
#include "traces/formats/event_log/words.hpp"

namespace custody::traces::formats::event_log {
namespace {

using Json = nlohmann::ordered_json;

/// Indexed by Expectation::Kind.
constexpr std::array<std::string_view, 12> kExpectationKinds{
    "finding", "no_finding",          "legal",  "maintenance",   "optimum",    "optimum_not_computed",
    "subset",  "subset_not_computed", "judged", "partly_judged", "not_judged", "unschedulable"};

std::string dumped(const Json& json) {
  return model::escape_json_document(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Json expectation_json(const Expectation& e, const Directory& directory) {
  Json out = {{"line", e.line}, {"text", e.text}, {"kind", kExpectationKinds[static_cast<std::size_t>(e.kind)]}};
  if (!e.what.empty()) out["what"] = e.what;
  if (e.at != 0) out["at"] = e.at;
  if (e.once) out["once"] = true;
  if (!e.severity.empty()) out["severity"] = e.severity;
  if (!e.owes.empty()) out["owes"] = e.owes;
  if (e.proved) out["proved"] = *e.proved;
  if (e.count != 0) out["count"] = e.count;
  if (e.buffer < directory.buffers.size()) out["buffer"] = directory.buffers[e.buffer].name;
  if (!e.reason.empty()) out["reason"] = e.reason;
  return out;
}

/// Throws nlohmann's exceptions where a member is of another type.
Expectation parse_expectation(const Json& json, std::string& buffer) {
  Expectation e;
  e.line = json.value("line", e.line);
  e.text = json.value("text", e.text);
  e.kind = static_cast<Expectation::Kind>(find_word(kExpectationKinds, json.at("kind").get<std::string>()).value());
  e.what = json.value("what", e.what);
  e.at = json.value("at", e.at);
  e.once = json.value("once", e.once);
  e.severity = json.value("severity", e.severity);
  e.owes = json.value("owes", e.owes);
  if (json.contains("proved")) e.proved = json.at("proved").get<bool>();
  e.count = json.value("count", e.count);
  e.reason = json.value("reason", e.reason);
  buffer = json.value("buffer", std::string());
  return e;
}

/// The counts of an end line.
struct Count {
  const char* name;
  std::uint64_t ReadStatistics::*member;
};
constexpr std::array kCounts{
    Count{"unknown_events", &ReadStatistics::unknown_events}, Count{"malformed", &ReadStatistics::malformed},
    Count{"unattributed_records", &ReadStatistics::unattributed}, Count{"out_of_order", &ReadStatistics::out_of_order}};
struct PassedOverCount {
  const char* name;
  std::uint64_t PassedOver::*member;
};
constexpr std::array kPassedOverCounts{PassedOverCount{"foreign", &PassedOver::foreign},
                                       PassedOverCount{"unread_fields", &PassedOver::fields}};

}  // namespace

std::string expectations_text(const Header& header, const Directory& directory) {
  std::string out;
  Json expectations = Json::array();
  for (const Expectation& e : header.expectations) expectations.push_back(expectation_json(e, directory));
  if (!expectations.empty()) out += ",\"expectations\":" + dumped(expectations);
  if (!header.pending.empty()) out += ",\"pending\":" + dumped(header.pending);
  return out;
}

std::string parse_expectations(std::string_view line, LogExpectations& out) {
  try {
    const Json header = Json::parse(line.begin(), line.end());
    for (const Json& json : header.value("expectations", Json::array())) {
      std::string buffer;
      out.expectations.push_back(parse_expectation(json, buffer));
      out.buffers.push_back(std::move(buffer));
    }
    out.pending = header.value("pending", out.pending);
  } catch (const Json::exception&) {
    return "`expectations` or `pending` of the header are not as a conversion writes them";
  } catch (const std::bad_optional_access&) {
    return "`kind` of an expectation is none of " + list_words(kExpectationKinds);
  }
  return {};
}

std::string end_text(const ReadStatistics& statistics) {
  Json out = {{"end", true}, {"known_events", statistics.known_events}};
  for (const Count& count : kCounts)
    if (statistics.*count.member != 0) out[count.name] = statistics.*count.member;
  for (const PassedOverCount& count : kPassedOverCounts)
    if (statistics.passed_over.*count.member != 0) out[count.name] = statistics.passed_over.*count.member;
  for (std::size_t n = 0; n < kRecordSources; ++n)
    if (statistics.tracepoints[n] != 0)
      out["tracepoints"][std::string(kRecordSourceNames[n])] = statistics.tracepoints[n];
  if (statistics.truncated) out["truncated"] = true;
  if (statistics.warnings == 0) return dumped(out) + "\n";
  out["warnings"] = statistics.warnings;
  for (const Warning& warning : statistics.kept_warnings)
    out["kept_warnings"].push_back({{"line", warning.line}, {"message", warning.message}});
  return dumped(out) + "\n";
}

std::string parse_end(std::string_view line, ReadStatistics& statistics) {
  try {
    const Json json = Json::parse(line.begin(), line.end());
    ReadStatistics read = statistics;
    for (const Count& count : kCounts) read.*count.member += json.value(count.name, std::uint64_t{0});
    for (const PassedOverCount& count : kPassedOverCounts)
      read.passed_over.*count.member += json.value(count.name, std::uint64_t{0});
    const Json tracepoints = json.value("tracepoints", Json::object());
    for (std::size_t n = 0; n < kRecordSources; ++n)
      read.tracepoints[n] += tracepoints.value(std::string(kRecordSourceNames[n]), std::uint64_t{0});
    // Of records that became none here it knew too.
    read.known_events = json.value("known_events", read.known_events);
    read.truncated = read.truncated || json.value("truncated", false);
    read.warnings += json.value("warnings", std::uint64_t{0});
    for (const Json& warning : json.value("kept_warnings", Json::array()))
      read.keep_warning(warning.at("line").get<std::uint64_t>(), warning.at("message").get<std::string>());
    statistics = std::move(read);
  } catch (const Json::exception&) {
    return "the end of the log is not as a conversion writes it";
  }
  return {};
}

}  // namespace custody::traces::formats::event_log
