// SPDX-License-Identifier: BSD-2-Clause
// The verdict of a search as JUnit XML, for continuous integration.
#include <fmt/format.h>

#include "checker/explore/check_report.hpp"
#include "checker/explore/counterexample.hpp"
#include "checker/explore/properties.hpp"
#include "checker/explore/sequence.hpp"
#include "model/escape.hpp"

namespace custody::checker::explore {

using model::escape_xml;

std::string check_junit(const CheckRun& run) {
  std::string cases;
  unsigned tests = 0, failures = 0, skipped = 0;
  for (const PropertyAnswer& p : answers_of(run.system, run.result)) {
    ++tests;
    cases += fmt::format("  <testcase classname=\"{}\" name=\"{} {}: {}\">", escape_xml(run.contract.name),
                         name_of(p.modality), p.id, escape_xml(p.says));
    // A `sometimes` that never came makes its `always` vacuous; it is no fault by itself.
    if (p.answer == Answer::kViolated && p.modality != Modality::kSometimes) {
      ++failures;
      std::string way;
      if (p.violation != nullptr)
        way = counterexample_litmus(run.system, run.contract, *p.violation) + "\n" +
              draw(sequence_of(run.system, *p.violation));
      cases += fmt::format("<failure message=\"{}\">{}</failure>", escape_xml(p.says), escape_xml(way));
    } else if (p.answer != Answer::kHolds) {
      ++skipped;
      cases += fmt::format("<skipped message=\"{}\"/>",
                           p.modality == Modality::kSometimes ? "it never happens" : name_of(p.answer));
    }
    cases += "</testcase>\n";
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuite name=\"custody check {}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\" errors=\"0\" time=\"{:.3f}\">\n"
      "{}</testsuite>\n",
      escape_xml(run.contract.name), tests, failures, skipped, run.seconds, cases);
}

}  // namespace custody::checker::explore
