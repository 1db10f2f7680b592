// SPDX-License-Identifier: BSD-2-Clause
// The verdict of a search as JUnit XML, for continuous integration.
#include <fmt/format.h>

#include "checker/explore/check_report.hpp"
#include "checker/explore/counterexample.hpp"
#include "checker/explore/properties.hpp"
#include "checker/explore/sequence.hpp"
#include "checker/report/junit.hpp"

namespace custody::checker::explore {

namespace {

std::string suite_of(const CheckRun& run) {
  using Outcome = report::JunitCase::Outcome;
  std::vector<report::JunitCase> cases;
  for (const PropertyAnswer& p : answers_of(run.system, run.result)) {
    report::JunitCase c{
        run.contract.name, fmt::format("{} {}: {}", name_of(p.modality), p.id, p.says), Outcome::kPassed, "", "", ""};
    // A `sometimes` that never came makes its `always` vacuous; it is no fault by itself.
    if (p.answer == Answer::kViolated && p.modality != Modality::kSometimes) {
      c.outcome = Outcome::kFailed;
      c.message = p.says;
      c.type = p.id;
      if (p.violation != nullptr)
        c.text = counterexample_litmus(run.system, run.contract, *p.violation) + "\n" +
                 draw(sequence_of(run.system, *p.violation));
    } else if (p.answer != Answer::kHolds) {
      c.outcome = Outcome::kSkipped;
      c.message = p.modality == Modality::kSometimes ? "it never happens" : name_of(p.answer);
    }
    cases.push_back(std::move(c));
  }
  return report::junit_suite("custody check " + run.contract.name, cases, fmt::format("{:.3f}", run.seconds));
}

}  // namespace

std::string check_junit(std::span<const CheckRun> runs) {
  std::string out;
  for (const CheckRun& run : runs) out += suite_of(run);
  return std::string(report::kXmlDeclaration) + (runs.size() == 1 ? out : "<testsuites>\n" + out + "</testsuites>\n");
}

}  // namespace custody::checker::explore
