// SPDX-License-Identifier: BSD-2-Clause
// Reads and writes `expect` lines.
#include "traces/formats/litmus/expectations.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

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

/// What stands behind the task that leads a line; empty where none does.
std::string_view behind_task(std::string_view line) {
  if (line.empty() || line.front() != '[') return {};
  const auto end = line.find(']');
  return end == std::string_view::npos ? std::string_view() : trimmed(line.substr(end + 1));
}

void parse_buffer(Words& words, Expected& out, Kind kind) {
  out.expectation.kind = kind;
  out.buffer = words.next_name("a buffer");
  const bool has_reason = kind == Kind::kPartlyJudged || kind == Kind::kNotJudged;
  if (has_reason && !words.done()) out.expectation.reason = words.next_name("the reason");
}

/// The numbers of the event lines that begin with a text: all of one text are looked for once.
class Beginnings {
 public:
  explicit Beginnings(const std::vector<EventLine>& lines) {
    for (const EventLine& line : lines) {
      sorted_.emplace_back(line.text, line.number);
      if (const std::string_view behind = behind_task(line.text); !behind.empty())
        sorted_.emplace_back(behind, line.number);
    }
    std::sort(sorted_.begin(), sorted_.end());
  }
  /// Rising.
  const std::vector<std::uint64_t>& of(std::string_view text) {
    const auto [known, added] = known_.try_emplace(text);
    std::vector<std::uint64_t>& numbers = known->second;
    if (!added) return numbers;
    const auto first = std::lower_bound(sorted_.begin(), sorted_.end(), std::pair(text, std::uint64_t{0}));
    for (auto it = first; it != sorted_.end() && it->first.substr(0, text.size()) == text; ++it)
      numbers.push_back(it->second);
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
  }

 private:
  std::vector<std::pair<std::string_view, std::uint64_t>> sorted_;
  std::unordered_map<std::string_view, std::vector<std::uint64_t>> known_;
};

std::uint64_t find_place(const Expected& expected, Beginnings& lines, const std::string& path) {
  const std::string_view text = trimmed(expected.at);
  const std::vector<std::uint64_t>& numbers = lines.of(text);
  if (expected.nth != 0 && expected.nth <= numbers.size()) return numbers[expected.nth - 1];
  throw InputError(path, expected.expectation.line,
                   "found " + std::to_string(numbers.size()) + " event lines that begin with " + shown(text) +
                       ", expected " + (expected.nth == 1 ? "one" : "at least " + std::to_string(expected.nth)));
}

void check_place(const Expectation& expectation, const std::vector<EventLine>& lines, const std::string& path) {
  const auto found = std::lower_bound(lines.begin(), lines.end(), expectation.at,
                                      [](const EventLine& line, std::uint64_t at) { return line.number < at; });
  if (found == lines.end() || found->number != expectation.at)
    throw InputError(path, expectation.line,
                     "line " + std::to_string(expectation.at) + " is no event line, expected the number of one");
}

/// Buffers by name; kNoId: several have it.
using BufferNames = std::unordered_map<std::string_view, std::uint32_t>;

BufferNames names_of(const Directory& directory) {
  BufferNames names;
  for (std::uint32_t id = 0; id < directory.buffers.size(); ++id)
    if (const auto [place, added] = names.try_emplace(directory.buffers[id].name, id); !added) place->second = kNoId;
  return names;
}

std::uint32_t find_buffer(const Expected& expected, const BufferNames& names, const std::string& path) {
  const auto found = names.find(expected.buffer);
  if (found == names.end())
    throw InputError(path, expected.expectation.line,
                     "no event line names the buffer " + shown(expected.buffer) + ", expected one that is exported");
  if (found->second == kNoId)
    throw InputError(path, expected.expectation.line,
                     shown(expected.buffer) + " names two buffers, expected the name of one that no other takes over");
  return found->second;
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
  if (expected.empty()) return out;
  Beginnings beginnings(lines);
  const BufferNames names = names_of(directory);
  for (const Expected& e : expected) {
    out.push_back(e.expectation);
    if (!e.at.empty()) out.back().at = find_place(e, beginnings, path);
    if (out.back().at != 0) check_place(out.back(), lines, path);
    if (!e.buffer.empty()) out.back().buffer = find_buffer(e, names, path);
  }
  return out;
}

bool line_begins(std::string_view line, std::string_view text) {
  if (line.substr(0, text.size()) == text) return true;
  const std::string_view behind = behind_task(line);
  return !behind.empty() && behind.substr(0, text.size()) == text;
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
