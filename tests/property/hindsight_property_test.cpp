// SPDX-License-Identifier: BSD-2-Clause
// What hindsight says of a driver's operations, against brute force over hardware states.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/checker/replay_support.hpp"
#include "tests/property/usage.hpp"

namespace custody::property {
namespace {

checker::Effect effect_at(const checker::test::Seen& seen, std::uint64_t line) {
  for (const checker::test::SeenFinding& f : seen.findings)
    if (f.line == line && f.effect != checker::Effect::kNotApplicable) return f.effect;
  return checker::Effect::kNotApplicable;
}

/// A history without hazard: what a careless driver does is tried until nothing can go wrong. Devices of both kinds do
/// not write together: for what they do then, there is no schedule.
Usage harmless(int steps, const UsageDriver& driver) {
  for (;;) {
    Usage usage = Usage::random(steps, driver);
    if (!can_go_wrong(usage) && !mixes(usage)) return usage;
  }
}

constexpr UsageDriver kDrivers[] = {{false, false}, {true, false}, {false, true}, {true, true}};

/// The effect of every operation of random histories, against what happens without it.
void reports_exactly_what_nothing_goes_wrong_without(const UsageDriver& driver) {
  std::size_t fates[3] = {};
  const bool holds = rc::check([&] {
    for (int round = 0; round < 25; ++round) {
      const Usage usage = harmless(6, driver);
      const checker::test::Seen seen = checker::test::replay_text(usage.text());
      RC_ASSERT(seen.result.summary.maintenance.undetermined.operations == 0U);
      for (std::size_t i = 0; i < usage.lines().size(); ++i) {
        if (!runs_operation(usage.lines()[i])) continue;
        const checker::Effect effect = effect_at(seen, Usage::file_line(i));
        ++fates[static_cast<std::size_t>(effect)];
        RC_LOG() << usage.text() << "line " << Usage::file_line(i);
        RC_ASSERT(can_go_wrong(usage, i) == (effect == checker::Effect::kNotApplicable));
      }
    }
  });
  EXPECT_TRUE(holds);
  for (const std::size_t n : fates) EXPECT_GT(n, 100U);
}

TEST(Hindsight, ReportsExactlyTheOperationsWithoutWhichNothingGoesWrong) {
  for (const UsageDriver& driver : kDrivers) {
    SCOPED_TRACE(testing::Message() << "careless " << driver.careless << ", a device snoops " << driver.snooping);
    reports_exactly_what_nothing_goes_wrong_without(driver);
  }
}

RC_GTEST_PROP(Hindsight, CountsEachOperationOnce, ()) {
  const checker::test::Seen seen = checker::test::replay_text(Usage::random(12).text());
  const checker::MaintenanceTotals& m = seen.result.summary.maintenance;
  checker::hindsight::CostSums sums[3];
  for (const checker::hindsight::CostEntry& e : seen.result.summary.costs)
    sums[static_cast<std::size_t>(e.payer)].add(e.sums);
  for (const checker::hindsight::CostSums& s : sums) {
    RC_ASSERT(s.total_operations() == m.operations);
    RC_ASSERT(s.total_bytes() == m.bytes);
    RC_ASSERT(s.operations[static_cast<std::size_t>(checker::hindsight::Fate::kNoEffect)] == m.no_effect.operations);
    RC_ASSERT(s.operations[static_cast<std::size_t>(checker::hindsight::Fate::kUnobserved)] == m.unobserved.operations);
  }
}

/// Ten thousand small traces.
RC_GTEST_PROP(Hindsight, FindsTheCheapestSubsetOfAnExhaustiveSearch, ()) {
  for (int round = 0; round < 100; ++round) {
    const Usage usage = harmless(4, kDrivers[round % 4]);
    const checker::MaintenanceTotals m = checker::test::replay_text(usage.text()).result.summary.maintenance;
    RC_LOG() << usage.text();
    RC_ASSERT(m.subset_operations == cheapest_subset(usage));
    RC_ASSERT(m.optimum.operations <= m.subset_operations);
  }
}

RC_GTEST_PROP(Hindsight, HasTheOptimumOfAnExhaustiveSearchAtThePriceOfTheDmaApi, ()) {
  checker::replay::Options options;
  options.price = checker::optimum::Price::kDmaApi;
  for (int round = 0; round < 5; ++round) {
    const Usage usage = harmless(4, kDrivers[round % 4]);
    RC_LOG() << usage.text();
    RC_ASSERT(checker::test::replay_text(usage.text(), options).result.summary.maintenance.optimum.operations ==
              cheapest(usage, 2));
  }
}

TEST(Hindsight, TellsWhatTheCaptureOfAPipelineCouldHaveSaved) {
  const checker::MaintenanceTotals m =
      checker::test::replay_file("traces/recorded/pipeline_remap.ftrace.txt").result.summary.maintenance;
  EXPECT_EQ(m.operations, 20U);
  EXPECT_EQ(m.no_effect.operations, 11U);
  EXPECT_EQ(m.unobserved.operations, 8U);
  EXPECT_EQ(m.undetermined.operations, 0U);
  EXPECT_EQ(m.subset_operations, 1U);
  EXPECT_EQ(m.optimum.operations, 1U);
}

TEST(Hindsight, IsUndeterminedWhereTheTraceEndsFirst) {
  const std::string text =
      "custody litmus: cut off\ndevice D\n\nexport b 64K system\nattach b D\nmap b D FROM\n  dma_map D FROM\n"
      "unmap b D FROM\n  dma_unmap D FROM\n";
  const auto totals = [](const std::string& t) { return checker::test::replay_text(t).result.summary.maintenance; };
  EXPECT_EQ(totals(text).undetermined.operations, 1U);
  EXPECT_EQ(totals(text).subset_operations, 2U);
  EXPECT_EQ(totals(text + "detach b D\nrelease b\n").undetermined.operations, 0U);
  EXPECT_EQ(totals(text + "detach b D\nrelease b\n").unobserved.operations, 1U);
  EXPECT_EQ(totals(text + "detach b D\nrelease b\n").subset_operations, 1U);
}

}  // namespace
}  // namespace custody::property
