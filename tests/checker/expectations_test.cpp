// SPDX-License-Identifier: BSD-2-Clause
// Each form of an `expect` line, where it holds and where it does not.
#include "checker/replay/expectations.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

using Kind = traces::Expectation::Kind;

/// An invalidate is missing in line 9; the client ends what it did not begin in line 13.
std::string judged_text(const std::string& expectation) {
  return "custody litmus: x\ndevice D\n" + expectation +
         "\n\nexport b 64K\nattach b D\nmap b D FROM\n  dma_map D FROM\nbegin b FROM\nend b FROM\n"
         "unmap b D FROM\n  dma_unmap D FROM\nend b TO\ndetach b D\nrelease b\n";
}

/// At the invalidate of line 10 nobody looks.
std::string unobserved_text(const std::string& expectation) {
  return "custody litmus: x\ndevice D\n" + expectation +
         "\n\nexport b 64K\nattach b D\nmap b D FROM\n  dma_map D FROM\nunmap b D FROM\n  dma_unmap D FROM\n"
         "detach b D\nrelease b\n";
}

/// What the judge says of the first expectation of the text: empty where it holds.
std::string judged(const std::string& expectation, std::string (*text)(const std::string&) = judged_text) {
  const Seen seen = replay_text(text(expectation));
  EXPECT_EQ(seen.error, "");
  if (seen.expectations.empty()) return "nothing was judged";
  return seen.expectations[0].held ? "" : seen.expectations[0].found;
}

TEST(Expectations, MatchARuleAndAPlace) {
  EXPECT_EQ(judged("expect M3 at \"begin b\""), "");
  EXPECT_EQ(judged("expect M3 at \"map b\""), "no such finding, but M3 at line 9: error, owes exporter");
  EXPECT_EQ(judged("expect M1"), "no such finding");
}

TEST(Expectations, CompareTheSeverity) {
  EXPECT_EQ(judged("expect error M3"), "");
  EXPECT_EQ(judged("expect warning L7"), "");
  EXPECT_EQ(judged("expect warning M3"), "no such finding, but M3 at line 9: error, owes exporter");
  EXPECT_EQ(judged("expect note L7"), "no such finding, but L7 at line 13: warning, owes client");
}

TEST(Expectations, CompareWhoOwes) {
  EXPECT_EQ(judged("expect M3 owes exporter"), "");
  EXPECT_EQ(judged("expect L7 at \"end b TO\" owes client"), "");
  EXPECT_EQ(judged("expect M3 at \"begin b\" owes client"), "no such finding, but M3 at line 9: error, owes exporter");
}

TEST(Expectations, DoNotExpectAnErrorThatAnotherOwes) {
  const Seen seen = replay_text(judged_text("expect M3 owes client"));
  ASSERT_EQ(seen.expectations.size(), 2U);
  EXPECT_EQ(seen.expectations[1].expectation.text, "no error that is not expected");
  EXPECT_FALSE(seen.expectations[1].held);
}

TEST(Expectations, MatchWhatNobodyLookedAt) {
  const std::string found = "R4 at line 10: note, owes exporter, unobserved";
  EXPECT_EQ(judged("expect unobserved at \"dma_unmap\"", unobserved_text), "");
  EXPECT_EQ(judged("expect unobserved at \"dma_map\"", unobserved_text), "no such finding, but " + found);
  EXPECT_EQ(judged("expect no unobserved", unobserved_text), found);
  EXPECT_EQ(judged("expect no unobserved at \"dma_map\"", unobserved_text), "");
  EXPECT_EQ(judged("expect unobserved"), "no such finding");
}

TEST(Expectations, ForgiveInHindsightWhereARuleOrAClassIsForbidden) {
  for (const char* const what : {"R4", "redundant"}) {
    EXPECT_EQ(judged(std::string("expect ") + what, unobserved_text), "");
    EXPECT_EQ(judged(std::string("expect no ") + what, unobserved_text), "");
  }
}

TEST(Expectations, ForbidAFindingAtItsPlaceOnly) {
  EXPECT_EQ(judged("expect no M3 at \"map b\""), "");
  EXPECT_EQ(judged("expect no M3 at \"begin b\""), "M3 at line 9: error, owes exporter");
}

Finding finding(spec::RuleId rule, std::uint64_t line) {
  Finding f;
  f.rule = rule;
  f.severity = spec::Severity::kWarning;
  f.owes = spec::Owes::kClient;
  f.line = line;
  return f;
}

/// What the judge says of one expectation with these findings: empty where it holds.
std::string judged(const traces::Expectation& expectation, const std::vector<Finding>& findings,
                   const Summary& summary = {}) {
  replay::Expectations expectations({expectation});
  for (const Finding& f : findings) expectations.add(f);
  const auto all = expectations.judge(summary);
  return all.at(0).held ? "" : all.at(0).found;
}

traces::Expectation expected(const std::string& what) {
  traces::Expectation e;
  e.what = what;
  return e;
}

TEST(Expectations, MatchTheClassOfEachRuleOfAFinding) {
  Finding both = finding(spec::RuleId::kL4, 7);
  both.also.add(spec::RuleId::kM10);
  for (const char* const what : {"L4", "M10", "illegal", "lost_write"}) EXPECT_EQ(judged(expected(what), {both}), "");
  for (const char* const what : {"M3", "missing", "mixed", "advice"})
    EXPECT_EQ(judged(expected(what), {both}), "no such finding") << what;
  EXPECT_EQ(judged(expected("mixed"), {finding(spec::RuleId::kM11, 7)}), "");
  EXPECT_EQ(judged(expected("advice"), {finding(spec::RuleId::kA2, 7)}), "");
}

TEST(Expectations, CountWhatIsExpectedOnce) {
  traces::Expectation once = expected("L7");
  once.once = true;
  const Finding one = finding(spec::RuleId::kL7, 7), other = finding(spec::RuleId::kL7, 9);
  EXPECT_EQ(judged(once, {one}), "");
  EXPECT_EQ(judged(once, {}), "no such finding");
  EXPECT_EQ(judged(once, {one, other}),
            "2 such findings: L7 at line 7: warning, owes client; L7 at line 9: warning, owes client");
  once.at = 9;
  EXPECT_EQ(judged(once, {one, other}), "");
  once.once = false;
  once.at = 0;
  EXPECT_EQ(judged(once, {one, other}), "");
}

TEST(Expectations, TellWhatIsProvedFromWhatIsNotAndFromWhatNeedsNoProof) {
  traces::Expectation proved = expected("R4"), unproved = expected("R4");
  proved.proved = true;
  unproved.proved = false;
  Finding f = finding(spec::RuleId::kR4, 7);
  f.effect = Effect::kNone;
  EXPECT_NE(judged(proved, {f}), "");
  EXPECT_EQ(judged(unproved, {f}), "");
  f.proved = true;
  EXPECT_EQ(judged(proved, {f}), "");
  EXPECT_NE(judged(unproved, {f}), "");
  f.proved = false;
  f.effect = Effect::kUnobserved;
  EXPECT_NE(judged(proved, {f}), "");
  EXPECT_NE(judged(unproved, {f}), "");
}

traces::Expectation expected(Kind kind, std::uint64_t count = 0) {
  traces::Expectation e;
  e.kind = kind;
  e.count = count;
  return e;
}

TEST(Expectations, CountTheOperationsOfTheLeastSubset) {
  Summary summary;
  summary.maintenance.subset_operations = 4;
  EXPECT_EQ(judged(expected(Kind::kSubset, 4), {}, summary), "");
  EXPECT_EQ(judged(expected(Kind::kSubset, 3), {}, summary), "4 operations");
}

TEST(Expectations, KnowABufferWithoutASchedule) {
  Summary summary;
  summary.buffers = 3;
  traces::Expectation e = expected(Kind::kUnschedulable);
  e.buffer = 1;
  EXPECT_EQ(judged(e, {}, summary), "every buffer has a schedule");
  summary.maintenance.unschedulable = {{0, "a"}, {2, "c"}};
  EXPECT_EQ(judged(e, {}, summary), "it has a schedule; without one: a, c");
  e.buffer = 2;
  EXPECT_EQ(judged(e, {}, summary), "");
}

TEST(Expectations, TellAFigureFromOneThatIsNotComputed) {
  Summary summary;
  summary.maintenance.optimum.operations = 2;
  EXPECT_EQ(judged(expected(Kind::kOptimumNotComputed), {}, summary), "2 operations");
  EXPECT_EQ(judged(expected(Kind::kSubsetNotComputed), {}, summary), "0 operations");
  summary.maintenance.no_optimum = bit_of(NotComputed::kNoSchedule);
  EXPECT_EQ(judged(expected(Kind::kOptimumNotComputed), {}, summary), "");
  EXPECT_EQ(judged(expected(Kind::kOptimum, 2), {}, summary), "not computed: no_schedule");
  EXPECT_EQ(judged(expected(Kind::kSubset, 0), {}, summary), "");
  summary.maintenance.no_subset = bit_of(NotComputed::kRange);
  EXPECT_EQ(judged(expected(Kind::kSubsetNotComputed), {}, summary), "");
  EXPECT_EQ(judged(expected(Kind::kSubset, 0), {}, summary), "not computed: range");
}

TEST(Expectations, CompareTheVerdictOfTheirBuffer) {
  Summary summary;
  summary.verdicts = {{1, 0, Judged::kPartly, bit_of(JudgedReason::kAssumption)},
                      {2, 0, Judged::kNot, bit_of(JudgedReason::kMappedBeforeTrace)}};
  constexpr Kind kKinds[] = {Kind::kJudged, Kind::kPartlyJudged, Kind::kNotJudged};
  for (std::uint32_t buffer = 0; buffer < 3; ++buffer)
    for (std::uint32_t kind = 0; kind < 3; ++kind) {
      traces::Expectation e = expected(kKinds[kind]);
      e.buffer = buffer;
      EXPECT_EQ(judged(e, {}, summary).empty(), kind == buffer) << buffer << " " << kind;
    }
  traces::Expectation e = expected(Kind::kNotJudged);
  e.buffer = 2;
  e.reason = name(JudgedReason::kMappedBeforeTrace);
  EXPECT_EQ(judged(e, {}, summary), "");
  e.reason = name(JudgedReason::kLostEvents);
  EXPECT_EQ(judged(e, {}, summary), "not judged mapped_before_trace");
}

TEST(Expectations, AreRefusedWhereTheyNameAnUnknownReason) {
  const Seen seen = replay_text(judged_text("expect not judged b maped_before_trace"));
  EXPECT_NE(seen.error.find(":3: unknown reason 'maped_before_trace', expected one of: mapped_before_trace, "),
            std::string::npos)
      << seen.error;
}

TEST(Expectations, AreRefusedWhereTheyNameAnUnknownRule) {
  const Seen seen = replay_text(judged_text("expect no M12"));
  EXPECT_NE(seen.error.find(":3: unknown rule 'M12', expected one of: M1, "), std::string::npos) << seen.error;
  EXPECT_TRUE(seen.result.input_error);
  for (const spec::Rule& r : spec::kRules) EXPECT_EQ(replay::check_expectation(expected(std::string(r.id))), "");
}

TEST(Expectations, SpellClassesSeveritiesAndPartiesAsReportsDo) {
  std::set<std::string> what, severities, parties;
  for (const spec::Rule& r : spec::kRules) {
    what.emplace(spec::name(r.cls));
    severities.emplace(spec::name(r.severity));
    parties.emplace(spec::name(r.owes));
  }
  parties.emplace(spec::name(spec::Owes::kArchitecture));
  for (const std::string& w : what) EXPECT_EQ(replay_text(judged_text("expect no " + w)).error, "");
  for (const std::string& s : severities) EXPECT_EQ(replay_text(judged_text("expect " + s + " M3")).error, "");
  for (const std::string& p : parties) EXPECT_EQ(replay_text(judged_text("expect M3 owes " + p)).error, "");
}

}  // namespace
}  // namespace custody::checker::test
