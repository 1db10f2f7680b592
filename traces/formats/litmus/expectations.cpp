// SPDX-License-Identifier: BSD-2-Clause
// Reads and writes `expect` lines.
#include "traces/formats/litmus/expectations.hpp"

#include <algorithm>
#include <iterator>

namespace custody::traces::formats::litmus {
namespace {

using Kind = Expectation::Kind;

constexpr std::string_view kUnobserved = "unobserved";
constexpr std::string_view kSeverities[] = {"error", "warning", "note"};
constexpr std::string_view kParties[] = {"client", "importer", "exporter", "core", "architecture"};
constexpr std::string_view kOthers =
    ", or one of: once, error, warning, note, no, legal, judged, partly judged, not judged, unschedulable, "
    "maintenance, "
    "optimum, subset";

/// Takes the second of two words that belong together.
void take_second(Words& words, std::string_view first, std::string_view second) {
  if (words.take(second)) return;
  const std::string both = "`" + std::string(first) + " " + std::string(second) + "`";
  if (words.done()) words.fail("the line ends behind `" + std::string(first) + "`, expected " + both);
  words.fail("found " + shown(words.peek()) + " behind `" + std::string(first) + "`, expected " + both);
}

std::uint64_t parse_count(Words& words, std::string_view others) {
  const std::string what = "a number of operations" + std::string(others);
  const std::string_view word = words.next(what);
  const auto count = parse_number(word);
  if (!count) words.fail("found " + shown(word) + ", expected " + what);
  if (!words.take("ops")) words.fail("found " + shown(words.peek()) + ", expected `ops` behind the number");
  return *count;
}

void parse_figure(Words& words, Expectation& out, Kind computed, Kind not_computed) {
  if (words.take("not")) {
    take_second(words, "not", "computed");
    out.kind = not_computed;
  } else {
    out.kind = computed;
    out.count = parse_count(words, ", or `not computed`");
  }
}

std::string parse_what(Words& words, std::string_view others) {
  const std::string what = std::string(kRuleOrClass) + " or " + std::string(kUnobserved) + std::string(others);
  const std::string_view word = words.next(what);
  if (!is_rule_or_class(word) && word != kUnobserved) words.fail("found " + shown(word) + ", expected " + what);
  return std::string(word);
}

void parse_at(Words& words, Expected& out) {
  if (!words.take("at")) return;
  if (words.peek().substr(0, 1) == "\"") {
    out.at = words.next_quoted(out.nth);
    return;
  }
  const std::string_view word = words.next("a line number or text in double quotes");
  const auto number = parse_number(word);
  if (!number || *number == 0)
    words.fail("found " + shown(word) + " behind `at`, expected a line number or text in double quotes");
  out.expectation.at = *number;
}

std::string parse_party(Words& words) {
  std::string all;
  for (const std::string_view party : kParties) all.append(all.empty() ? "" : ", ").append(party);
  const std::string_view word = words.next("who owes it: " + all);
  if (std::find(std::begin(kParties), std::end(kParties), word) == std::end(kParties))
    words.fail("found " + shown(word) + " behind `owes`, expected one of: " + all);
  return std::string(word);
}

void parse_finding(Words& words, Expected& out) {
  Expectation& e = out.expectation;
  e.once = words.take("once");
  for (const std::string_view severity : kSeverities)
    if (e.severity.empty() && words.take(severity)) e.severity = severity;
  e.what = parse_what(words, e.once || !e.severity.empty() ? std::string_view() : kOthers);
  parse_at(words, out);
  if (words.take("owes")) e.owes = parse_party(words);
  if (words.take("proved")) e.proved = true;
  else if (words.take("unproved")) e.proved = false;
}

void parse_buffer(Words& words, Expected& out, Kind kind) {
  out.expectation.kind = kind;
  out.buffer = words.next_name("a buffer");
  const bool has_reason = kind == Kind::kPartlyJudged || kind == Kind::kNotJudged;
  if (has_reason && !words.done()) out.expectation.reason = words.next_name("the reason");
}

std::uint64_t find_place(const Expected& expected, const std::vector<EventLine>& lines, const std::string& path) {
  const std::string_view text = trimmed(expected.at);
  std::uint64_t left = expected.nth;
  for (const EventLine& line : lines)
    if (line_begins(line.text, text) && --left == 0) return line.number;
  throw InputError(path, expected.expectation.line,
                   "found " + std::to_string(expected.nth - left) + " event lines that begin with " + shown(text) +
                       ", expected " + (expected.nth == 1 ? "one" : "at least " + std::to_string(expected.nth)));
}

void check_place(const Expectation& expectation, const std::vector<EventLine>& lines, const std::string& path) {
  const auto found = std::lower_bound(lines.begin(), lines.end(), expectation.at,
                                      [](const EventLine& line, std::uint64_t at) { return line.number < at; });
  if (found == lines.end() || found->number != expectation.at)
    throw InputError(path, expectation.line,
                     "line " + std::to_string(expectation.at) + " is no event line, expected the number of one");
}

std::uint32_t find_buffer(const Expected& expected, const Directory& directory, const std::string& path) {
  std::uint32_t found = kNoId;
  for (std::uint32_t id = 0; id < directory.buffers.size(); ++id) {
    if (directory.buffers[id].name != expected.buffer) continue;
    if (found != kNoId)
      throw InputError(
          path, expected.expectation.line,
          shown(expected.buffer) + " names two buffers, expected the name of one that no other takes over");
    found = id;
  }
  if (found == kNoId)
    throw InputError(path, expected.expectation.line,
                     "no event line names the buffer " + shown(expected.buffer) + ", expected one that is exported");
  return found;
}

std::string finding_text(const Expectation& e, const std::string& at) {
  std::string out = e.once ? "once " : "";
  if (!e.severity.empty()) out += e.severity + " ";
  out += e.what + at;
  if (!e.owes.empty()) out += " owes " + e.owes;
  if (e.proved) out += *e.proved ? " proved" : " unproved";
  return out;
}

}  // namespace

Expected parse_expectation(Words& words, std::string_view text) {
  Expected out;
  Expectation& e = out.expectation;
  e.line = words.line();
  e.text = text;
  if (words.take("legal")) {
    e.kind = Kind::kLegal;
  } else if (words.take("maintenance")) {
    e.kind = Kind::kMaintenance;
    e.count = parse_count(words, "");
  } else if (words.take("optimum")) {
    parse_figure(words, e, Kind::kOptimum, Kind::kOptimumNotComputed);
  } else if (words.take("subset")) {
    parse_figure(words, e, Kind::kSubset, Kind::kSubsetNotComputed);
  } else if (words.take("judged")) {
    parse_buffer(words, out, Kind::kJudged);
  } else if (words.take("partly")) {
    take_second(words, "partly", "judged");
    parse_buffer(words, out, Kind::kPartlyJudged);
  } else if (words.take("not")) {
    take_second(words, "not", "judged");
    parse_buffer(words, out, Kind::kNotJudged);
  } else if (words.take("unschedulable")) {
    parse_buffer(words, out, Kind::kUnschedulable);
  } else if (words.take("no")) {
    e.kind = Kind::kNoFinding;
    e.what = parse_what(words, "");
    parse_at(words, out);
  } else {
    parse_finding(words, out);
  }
  return out;
}

std::vector<Expectation> resolve(const std::vector<Expected>& expected, const std::vector<EventLine>& lines,
                                 const Directory& directory, const std::string& path) {
  std::vector<Expectation> out;
  for (const Expected& e : expected) {
    out.push_back(e.expectation);
    if (!e.at.empty()) out.back().at = find_place(e, lines, path);
    if (out.back().at != 0) check_place(out.back(), lines, path);
    if (!e.buffer.empty()) out.back().buffer = find_buffer(e, directory, path);
  }
  return out;
}

bool line_begins(std::string_view line, std::string_view text) {
  if (line.substr(0, text.size()) == text) return true;
  if (line.empty() || line.front() != '[') return false;
  const auto end = line.find(']');
  return end != std::string_view::npos && trimmed(line.substr(end + 1)).substr(0, text.size()) == text;
}

std::string expectation_text(const Expectation& e, const std::string& place, const Spelling& names) {
  const std::string at = place.empty() ? "" : " at " + place;
  const auto ops = [&] { return " " + std::to_string(e.count) + " ops"; };
  const auto buffer = [&] { return " " + names.buffers[e.buffer] + (e.reason.empty() ? "" : " " + e.reason); };
  switch (e.kind) {
    case Kind::kFinding: return "expect " + finding_text(e, at);
    case Kind::kNoFinding: return "expect no " + e.what + at;
    case Kind::kLegal: return "expect legal";
    case Kind::kMaintenance: return "expect maintenance" + ops();
    case Kind::kOptimum: return "expect optimum" + ops();
    case Kind::kOptimumNotComputed: return "expect optimum not computed";
    case Kind::kSubset: return "expect subset" + ops();
    case Kind::kSubsetNotComputed: return "expect subset not computed";
    case Kind::kJudged: return "expect judged" + buffer();
    case Kind::kPartlyJudged: return "expect partly judged" + buffer();
    case Kind::kNotJudged: return "expect not judged" + buffer();
    case Kind::kUnschedulable: break;
  }
  return "expect unschedulable" + buffer();
}

}  // namespace custody::traces::formats::litmus
