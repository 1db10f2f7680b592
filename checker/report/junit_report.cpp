// SPDX-License-Identifier: BSD-2-Clause
// Puts what a replay finds into JUnit XML.
#include "checker/report/junit_report.hpp"

#include <fmt/format.h>

#include "checker/report/finding_text.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

constexpr std::size_t kMostDepartureCases = 1000;
using Outcome = JunitCase::Outcome;

std::string shown_path(const std::string& path) { return path == "-" ? std::string("<standard input>") : path; }

}  // namespace

JunitReport::JunitReport(Write write, std::optional<spec::Severity> least) : write_(std::move(write)), least_(least) {
  write_(std::string(kXmlDeclaration) + "<testsuites name=\"custody replay\">\n");
}

void JunitReport::begin_trace(const std::string& path) {
  path_ = shown_path(path);
  causes_.clear();
  found_.clear();
  departures_.clear();
  counts_ = {};
}

void JunitReport::finding(const Finding& f, const traces::Directory& d) {
  counts_.note(f);
  Instances* cause = causes_.note(f, d);
  if (cause == nullptr || cause->count > 1) return;
  const FindingText text = finding_text(escape_text(path_), f, d, Form::kShort, Paint(false));
  cause->after = text.after;
  JunitCase said{path_,
                 fmt::format("line {}: {}", f.line, spec::rule(f.rule).id),
                 Outcome::kPassed,
                 message(f, d),
                 std::string(spec::rule(f.rule).id),
                 text.before};
  found_.push_back({std::move(said), least_ && f.severity <= *least_});
}

void JunitReport::departure(const follow::Departure& departure, const traces::Directory& d) {
  if (departures_.size() == kMostDepartureCases) return;
  departures_.push_back({path_, fmt::format("line {}: {}", departure.line, said_by_text(departure)), Outcome::kFailed,
                         fmt::format("expected {}, found {}", expected_text(departure, d), found_text(departure, d)),
                         "departure", because_text(departure)});
}

std::vector<JunitCase> JunitReport::cases_of_causes(bool has_expectations) const {
  std::vector<JunitCase> cases;
  for (const Instances* cause : causes_.by_line()) {
    const Found& found = found_[cause->number];
    JunitCase c = found.said;
    const std::string times = count_text(*cause);
    c.text += (times.empty() ? "" : " (" + times + ")") + cause->after;
    if (found.fails && !has_expectations) c.outcome = Outcome::kFailed;
    cases.push_back(std::move(c));
  }
  return cases;
}

JunitCase JunitReport::verdict(const Summary& s, const std::string& error) const {
  JunitCase c{path_, "verdict", Outcome::kPassed, "", "", closing_sentence(s, counts_, error.empty(), withheld_.all())};
  const bool judged = s.coverage.of(Judged::kWhole) != 0;
  if (!error.empty() || !judged) c.outcome = !error.empty() ? Outcome::kError : Outcome::kSkipped;
  c.message = !error.empty() ? error : judged ? "" : "no buffer is judged";
  return c;
}

void JunitReport::end_trace(const traces::Header& /*header*/, const traces::ReadStatistics& /*statistics*/,
                            const Summary& s, std::span<const JudgedExpectation> expectations,
                            const std::string& error) {
  std::vector<JunitCase> cases = cases_of_causes(!expectations.empty());
  cases.insert(cases.end(), departures_.begin(), departures_.end());
  for (const JudgedExpectation& j : expectations)
    cases.push_back({path_, fmt::format("line {}: {}", j.expectation.line, j.expectation.text),
                     j.held ? Outcome::kPassed : Outcome::kFailed, j.found, "expectation", ""});
  cases.push_back(verdict(s, error));
  write_(junit_suite(path_, cases));
}

void JunitReport::skip_trace(const std::string& path, const std::string& why) {
  write_(junit_suite(path, {{path, "reading", Outcome::kSkipped, why, "", ""}}));
}

void JunitReport::end(const Summary& /*total*/) { write_("</testsuites>\n"); }

}  // namespace custody::checker::report
