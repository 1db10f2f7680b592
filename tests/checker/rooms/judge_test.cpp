// SPDX-License-Identifier: BSD-2-Clause
// The judge room alone: one fault, one finding.
#include "checker/replay/judge.hpp"

#include <gtest/gtest.h>

#include "checker/replay/held.hpp"
#include "tests/checker/rooms/events.hpp"

namespace custody::checker::test {
namespace {

using spec::RuleId;
using spec::Severity;
using traces::EventKind;

class JudgeRoom : public ::testing::Test {
 protected:
  JudgeRoom() : judge([this](const Finding& f, const traces::Directory&) { said.push_back(f); }, summary) {
    judge.name_by(directory);
  }

  Finding finding(std::initializer_list<RuleId> rules, std::uint8_t assumes = 0) {
    replay::Suspicion s;
    for (const RuleId rule : rules) s.rules.add(rule);
    s.assumes = assumes;
    return replay::Judge::finding(s, at);
  }

  traces::Directory directory;
  Summary summary;
  std::vector<Finding> said;
  replay::Judge judge;
  replay::History history;
  traces::Event trigger = test::event(EventKind::kCpuRead);
  replay::Circumstances at{trigger, nullptr, traces::kNoId, false, {}, history};
};

TEST_F(JudgeRoom, NamesTheFirstRuleByPrecedenceAndKeepsTheOthers) {
  const Finding f = finding({RuleId::kM8, RuleId::kM3, RuleId::kL1});
  EXPECT_EQ(f.rule, RuleId::kL1);
  EXPECT_TRUE(f.also.has(RuleId::kM3));
  EXPECT_TRUE(f.also.has(RuleId::kM8));
  EXPECT_FALSE(f.also.has(RuleId::kL1));
}

TEST_F(JudgeRoom, MakesAnErrorThatAssumesSomethingAWarning) {
  EXPECT_EQ(finding({RuleId::kM3}).severity, Severity::kError);
  EXPECT_EQ(finding({RuleId::kM3}, 1).severity, Severity::kWarning);
  at.assumed_cached = true;
  EXPECT_EQ(finding({RuleId::kM3}).severity, Severity::kWarning);
  EXPECT_EQ(finding({RuleId::kL1}).severity, Severity::kError);
}

TEST_F(JudgeRoom, LetsTheClientOweWhatOverlaps) {
  EXPECT_EQ(finding({RuleId::kM3}).owes, spec::Owes::kExporter);
  at.concurrent_task = 7;
  const Finding f = finding({RuleId::kM3});
  EXPECT_EQ(f.owes, spec::Owes::kClient);
  EXPECT_EQ(f.severity, Severity::kWarning);
}

TEST_F(JudgeRoom, CountsWhatItSays) {
  judge.emit(finding({RuleId::kM3}));
  judge.emit(finding({RuleId::kM3}));
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(summary.by_rule[static_cast<std::size_t>(RuleId::kM3)], 2U);
  EXPECT_EQ(summary.by_severity[static_cast<std::size_t>(Severity::kError)], 2U);
}

TEST_F(JudgeRoom, ShowsTheLatestEventsOldestFirst) {
  for (std::uint64_t line = 1; line <= 10; ++line) {
    traces::Event e = trigger;
    e.at.line = line;
    history.remember(e);
  }
  const Finding f = finding({RuleId::kM3});
  ASSERT_EQ(f.place.history.size(), replay::History::kKept);
  EXPECT_EQ(f.place.history[0].at.line, 3U);
  EXPECT_EQ(f.place.history[7].at.line, 10U);
}

TEST_F(JudgeRoom, SaysHeldFindingsWhenTheDeviceIsKnown) {
  replay::HeldFindings held;
  Finding f = finding({RuleId::kM3});
  f.device = 1;
  held.hold(f, true);
  f.rule = RuleId::kM1;
  held.hold(f, false);
  held.settle(2, true, judge);
  EXPECT_TRUE(said.empty());
  held.settle(1, true, judge);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].rule, RuleId::kM3);
  held.settle_all(judge);
  EXPECT_EQ(said.size(), 1U);
}

}  // namespace
}  // namespace custody::checker::test
