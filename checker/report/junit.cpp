// SPDX-License-Identifier: BSD-2-Clause
// Writes suites of JUnit XML.
#include "checker/report/junit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/escape.hpp"

namespace custody::checker::report {

namespace {

using model::escape_xml;
using Outcome = JunitCase::Outcome;

std::string element(std::string_view name, const JunitCase& c) {
  const std::string type = c.type.empty() ? "" : fmt::format(" type=\"{}\"", escape_xml(c.type));
  const std::string start = fmt::format("<{}{} message=\"{}\"", name, type, escape_xml(c.message));
  return c.text.empty() ? start + "/>" : fmt::format("{}>{}</{}>", start, escape_xml(c.text), name);
}

std::string inside(const JunitCase& c) {
  switch (c.outcome) {
    case Outcome::kFailed: return element("failure", c);
    case Outcome::kError: return element("error", c);
    case Outcome::kSkipped: return element("skipped", c);
    case Outcome::kPassed: break;
  }
  return c.text.empty() ? std::string() : fmt::format("<system-out>{}</system-out>", escape_xml(c.text));
}

}  // namespace

std::string junit_suite(std::string_view name, const std::vector<JunitCase>& cases, std::string_view seconds) {
  const auto count = [&](Outcome o) {
    return std::count_if(cases.begin(), cases.end(), [o](const JunitCase& c) { return c.outcome == o; });
  };
  std::string out = fmt::format("<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\" errors=\"{}\"{}>\n",
                                escape_xml(name), cases.size(), count(Outcome::kFailed), count(Outcome::kSkipped),
                                count(Outcome::kError), seconds.empty() ? "" : fmt::format(" time=\"{}\"", seconds));
  for (const JunitCase& c : cases)
    out += fmt::format("  <testcase classname=\"{}\" name=\"{}\">{}</testcase>\n", escape_xml(c.classname),
                       escape_xml(c.name), inside(c));
  return out + "</testsuite>\n";
}

}  // namespace custody::checker::report
