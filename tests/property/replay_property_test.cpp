// SPDX-License-Identifier: BSD-2-Clause
// Random legal usage: no accusation, no lie about what could go, and an optimum that is one.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "checker/optimum/schedule.hpp"
#include "tests/checker/replay_support.hpp"
#include "tests/property/usage.hpp"

namespace custody::property {
namespace {

bool accuses(const checker::test::Seen& seen) {
  return seen.count(spec::RuleClass::kMissing) + seen.count(spec::RuleClass::kLostWrite) +
             seen.count(spec::RuleClass::kIllegal) >
         0;
}

bool is_sync(UsageStep step) { return step == UsageStep::kSyncForCpu || step == UsageStep::kSyncForDevice; }

RC_GTEST_PROP(LegalUsage, IsNotAccused, ()) {
  for (int i = 0; i < 50; ++i) {
    const Usage usage = Usage::random(12);
    const checker::test::Seen seen = checker::test::replay_text(usage.text());
    RC_ASSERT(seen.error.empty());
    RC_ASSERT(!accuses(seen));
    RC_ASSERT(seen.result.summary.maintenance.unschedulable_buffers == 0U);
    RC_ASSERT(seen.result.summary.maintenance.optimum.operations <= seen.result.summary.maintenance.operations);
  }
}

RC_GTEST_PROP(LegalUsage, WithoutAnOperationThatHasNoEffectKeepsItsOtherVerdicts, ()) {
  const Usage usage = Usage::random(10);
  const checker::test::Seen all = checker::test::replay_text(usage.text());
  for (std::size_t i = 0; i < usage.lines().size(); ++i) {
    if (!is_sync(usage.lines()[i].step)) continue;
    const auto at = std::find_if(all.findings.begin(), all.findings.end(),
                                 [&](const checker::test::SeenFinding& f) { return f.line == Usage::file_line(i); });
    if (at == all.findings.end() || at->effect != checker::Effect::kNone) continue;
    const checker::test::Seen rest = checker::test::replay_text(usage.text(i));
    std::vector<std::pair<std::uint64_t, spec::RuleClass>> expected, found;
    // Of two operations that make up for each other, hindsight calls either unobserved, as long as the other is there.
    for (const checker::test::SeenFinding& f : all.findings)
      if (f.line != Usage::file_line(i) && f.effect != checker::Effect::kUnobserved)
        expected.emplace_back(f.line - (f.line > Usage::file_line(i) ? 1 : 0), f.cls);
    for (const checker::test::SeenFinding& f : rest.findings)
      if (f.effect != checker::Effect::kUnobserved) found.emplace_back(f.line, f.cls);
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    RC_ASSERT(found == expected);
  }
}

constexpr UsageDriver kReplayedDrivers[] = {{false, false}, {true, false}, {false, true}, {true, true}};

/// Whatever was missing before: an operation of which a finding says that it could go changes nothing that goes wrong.
RC_GTEST_PROP(Usage, WithoutARedundantOperationGoesWrongInTheSamePlaces, ()) {
  for (int round = 0; round < 40; ++round) {
    const Usage usage = Usage::random(8, kReplayedDrivers[round % 4]);
    const checker::test::Seen seen = checker::test::replay_text(usage.text());
    const Hazards all = hazards_of(usage);
    for (const checker::test::SeenFinding& f : seen.findings) {
      if (f.effect == checker::Effect::kNotApplicable) continue;
      const auto line = static_cast<std::size_t>(f.line - Usage::file_line(0));
      if (!runs_operation(usage.lines()[line])) continue;
      RC_LOG() << usage.text() << "line " << f.line;
      RC_ASSERT(hazards_of(usage, line) == all);
    }
  }
}

RC_GTEST_PROP(Usage, IsMixedExactlyWhereDevicesOfBothKindsMayWriteTogether, ()) {
  for (int round = 0; round < 40; ++round) {
    const Usage usage = Usage::random(8, kReplayedDrivers[2 + round % 2]);
    const checker::test::Seen seen = checker::test::replay_text(usage.text());
    RC_LOG() << usage.text();
    RC_ASSERT(seen.count("M11") == (mixes(usage) ? 1U : 0U));
    RC_ASSERT((seen.result.summary.maintenance.unschedulable_buffers != 0U) == mixes(usage));
  }
}

/// Cache faults alone: what a skipped operation breaks beside them is another question.
bool misses_a_sync(const checker::test::Seen& seen) {
  return seen.count(spec::RuleClass::kMissing) + seen.count(spec::RuleClass::kLostWrite) > 0;
}

RC_GTEST_PROP(Usage, OfACarelessDriverIsAccusedExactlyWhereAnAccessCanGoWrong, ()) {
  for (int round = 0; round < 40; ++round) {
    const Usage usage = Usage::random(8, kReplayedDrivers[1 + 2 * (round % 2)]);
    const checker::test::Seen seen = checker::test::replay_text(usage.text());
    RC_LOG() << usage.text();
    if (!mixes(usage)) RC_ASSERT(misses_a_sync(seen) == can_go_wrong(usage));
  }
}

TEST(LegalUsage, WithoutOneOperationIsAccusedExactlyWhereAnAccessCanGoWrong) {
  std::size_t seen[2] = {};
  const bool holds = rc::check([&] {
    for (int round = 0; round < 10; ++round) {
      const Usage usage = Usage::random(10);
      RC_ASSERT(!can_go_wrong(usage));
      for (std::size_t i = 0; i < usage.lines().size(); ++i) {
        if (!has_operation(usage.lines()[i].step)) continue;
        const bool wrong = can_go_wrong(usage, i);
        ++seen[wrong ? 1 : 0];
        RC_LOG() << usage.text(i);
        RC_ASSERT(misses_a_sync(checker::test::replay_text(usage.text(i))) == wrong);
      }
    }
  });
  EXPECT_TRUE(holds);
  EXPECT_GT(seen[0], 0U);
  EXPECT_GT(seen[1], 0U);
}

RC_GTEST_PROP(LegalUsage, HasTheOptimumOfAnExhaustiveSearch, ()) {
  for (int round = 0; round < 5; ++round) {
    const Usage usage = Usage::random(4);
    const checker::Summary summary = checker::test::replay_text(usage.text()).result.summary;
    RC_LOG() << usage.text();
    RC_ASSERT(summary.maintenance.optimum.operations == cheapest(usage));
  }
}

/// The cheapest schedule by trying them all: at each position nothing or one of the three operations.
unsigned exhaustive(const std::vector<std::pair<model::AccessSet, model::Belief>>& steps, std::size_t at,
                    model::Belief belief) {
  constexpr unsigned kNone = 1000;
  if (at == steps.size()) return 0;
  const model::Belief advanced = model::advance(belief, steps[at].first);
  unsigned best = kNone;
  for (unsigned op = 0; op < model::kOperations; ++op) {
    const auto operation = static_cast<model::Operation>(op);
    if (model::can_lose(operation, advanced)) continue;
    const model::Belief after = model::hardware_closure(model::apply(operation, advanced));
    if (after.intersects(steps[at].second)) continue;
    best = std::min(best, exhaustive(steps, at + 1, after) + (op == 0 ? 0U : 1U));
  }
  return best;
}

RC_GTEST_PROP(OptimumOfUsages, EqualsExhaustiveSearch, ()) {
  const std::size_t length = *rc::gen::inRange<std::size_t>(1, 7);
  std::vector<std::pair<model::AccessSet, model::Belief>> steps;
  for (std::size_t i = 0; i < length; ++i) {
    model::AccessSet may;
    for (const model::Access a : {model::Access::kCpuWrite, model::Access::kDeviceWrite, model::Access::kCoherentWrite})
      if (*rc::gen::inRange(0, 3) == 0) may.add(a);
    const model::Belief hazards[] = {
        {}, model::kMemoryOld, model::kDirtyLine, model::kStaleThroughCache, model::kMemoryOld | model::kDirtyLine};
    steps.emplace_back(may, hazards[*rc::gen::inRange(0, 5)]);
  }
  const model::Belief start =
      model::hardware_closure(*rc::gen::inRange(0, 2) == 0 ? model::start::kDirty : model::start::kClean);
  checker::optimum::ScheduleAutomaton automaton;
  checker::optimum::ScheduleState state = automaton.begin(start);
  for (const auto& [may, hazard] : steps) {
    automaton.pass(state, may);
    automaton.require(state, hazard);
  }
  const unsigned cheapest = exhaustive(steps, 0, start);
  RC_ASSERT(state.infeasible == (cheapest >= 1000));
  if (!state.infeasible) RC_ASSERT(state.operations == cheapest);
}

}  // namespace
}  // namespace custody::property
