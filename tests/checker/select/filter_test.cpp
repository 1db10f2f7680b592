// SPDX-License-Identifier: BSD-2-Clause
// A filter lets through what is asked for; what it holds back is counted and decides nothing.
#include "checker/select/filter.hpp"

#include <gtest/gtest.h>

#include "checker/select/selected_report.hpp"

namespace custody::checker::test {
namespace {

using select::Filter;
using spec::RuleId;

class Filtering : public ::testing::Test {
 protected:
  Filtering() {
    for (const char* name : {"b1", "b2"}) directory.buffers.emplace_back().name = name;
    for (const char* name : {"gpu.0", "cam.0"}) directory.devices.emplace_back().name = name;
    directory.tasks.push_back({"app", 417});
    finding.rule = RuleId::kM3;
    finding.also.add(RuleId::kL8);
    finding.buffer = finding.device = finding.place.trigger.task = 0;
    finding.place.trigger.at.ts = 1'500'000'000;
  }

  bool passes(const Filter& filter) { return filter.asks_for(finding, directory); }

  traces::Directory directory;
  Finding finding;
};

TEST_F(Filtering, TakesOneOfEachListAndAllLists) {
  EXPECT_TRUE(passes({}));
  EXPECT_TRUE(Filter().is_open());
  Filter filter;
  filter.rules = {"R1", "M3"};
  EXPECT_TRUE(passes(filter));
  filter.rules = {"L8"};
  EXPECT_TRUE(passes(filter)) << "a rule that also matches";
  filter.rules = {"M1"};
  EXPECT_FALSE(passes(filter));
  filter = {};
  filter.buffers = {"b2"};
  EXPECT_FALSE(passes(filter));
  filter.buffers = {"b2", "b1"};
  EXPECT_TRUE(passes(filter));
  filter.devices = {"cam.0"};
  EXPECT_FALSE(passes(filter));
  finding.beside = 1;
  EXPECT_TRUE(passes(filter)) << "the other of a pair";
  filter.tasks = {"417"};
  EXPECT_TRUE(passes(filter)) << "by thread id";
  filter.tasks = {"app2"};
  EXPECT_FALSE(passes(filter));
  EXPECT_FALSE(filter.is_open());
}

TEST_F(Filtering, TakesAPeriodWithItsEnds) {
  Filter filter;
  filter.since = filter.until = 1'500'000'000;
  EXPECT_TRUE(passes(filter));
  filter.since = 1'500'000'001;
  EXPECT_FALSE(passes(filter));
  filter.since = std::nullopt;
  filter.until = 1'499'999'999;
  EXPECT_FALSE(passes(filter));
  finding.place.trigger.at.ts = -1;
  EXPECT_TRUE(passes(filter)) << "nobody knows when it was";
}

TEST_F(Filtering, ReadsTimesAsTracesPrintThem) {
  EXPECT_EQ(select::time_of("1.094619"), 1'094'619'000);
  EXPECT_EQ(select::time_of("0"), 0);
  EXPECT_EQ(select::time_of("12.000000001"), 12'000'000'001);
  for (const char* wrong :
       {"", ".", "1.", ".5", "-1", "+1", "1.-5", "1e3", "1.0000000001", "99999999999999999999", "1 "})
    EXPECT_EQ(select::time_of(wrong), std::nullopt) << wrong;
}

/// What passed, and what did not.
class Passed final : public ReportSink {
 public:
  std::vector<std::uint64_t> lines;
  Withheld last;
  void begin_trace(const std::string&) override {}
  void finding(const Finding& f, const traces::Directory&) override { lines.push_back(f.line); }
  void withheld(const Withheld& counts) override { last = counts; }
  void end_trace(const traces::Header&, const traces::ReadStatistics&, const Summary&,
                 std::span<const JudgedExpectation>, const std::string&) override {}
  void end(const Summary&) override {}
};

TEST_F(Filtering, CountsWhatItHoldsBackOnceAndByItsReason) {
  select::Selection selection;
  selection.filter.buffers = {"b1"};
  selection.suppressions.read("device=cam.0: why\n", "file");
  Passed passed;
  select::SelectedReport report(selection, passed);
  report.begin_trace("one");
  finding.severity = spec::Severity::kError;
  finding.line = 1;
  report.finding(finding, directory);
  finding.buffer = 1;
  finding.device = 1;
  report.finding(finding, directory);
  finding.buffer = 0;
  report.finding(finding, directory);
  report.end_trace({}, {}, {}, {}, "");
  EXPECT_EQ(passed.lines, std::vector<std::uint64_t>{1});
  EXPECT_EQ(report.shown()[static_cast<std::size_t>(spec::Severity::kError)], 1U);
  EXPECT_EQ(passed.last.not_asked_for, 1U);
  EXPECT_EQ(passed.last.suppressed, 1U);
  report.begin_trace("two");
  EXPECT_EQ(report.shown()[static_cast<std::size_t>(spec::Severity::kError)], 0U);
  report.finding(finding, directory);
  report.end_trace({}, {}, {}, {}, "");
  EXPECT_EQ(passed.last.suppressed, 1U);
  report.end({});
  EXPECT_EQ(passed.last.suppressed, 2U);
  EXPECT_EQ(passed.last.all(), 3U);
}

}  // namespace
}  // namespace custody::checker::test
