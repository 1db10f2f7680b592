// SPDX-License-Identifier: BSD-2-Clause
// The optimum of random programs is the one of an exhaustive search, or it is not computed for the right reason.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "tests/checker/replay_support.hpp"
#include "tests/property/optimum_oracle.hpp"

namespace custody::property {
namespace {

using checker::NotComputed;

/// What the figures of a program are to be.
struct Figure {
  std::uint64_t passes = 0;
  std::uint8_t why_not = 0;  ///< bit per NotComputed; 0: `passes` it is
  bool judged = true;        ///< else what was before the trace is not known, and neither are all reasons
  std::vector<std::string> unschedulable;
};

Figure figure_of(const OptimumProgram& program, unsigned both, HardwareSets& sets) {
  Figure figure;
  for (const BufferStory& b : program.buffers) {
    if (b.older) {
      figure.judged = false;
      continue;
    }
    const Cheapest cheapest = cheapest_schedule(b, program.devices, both, sets);
    if (b.broken) figure.why_not |= bit_of(NotComputed::kClientBrokeRules);
    if (b.ranged) figure.why_not |= bit_of(NotComputed::kRange);
    const bool known = !b.broken && !b.ranged;
    if (cheapest.mixed || (known && !cheapest.passes)) {
      figure.why_not |= bit_of(NotComputed::kNoSchedule);
      figure.unschedulable.push_back(b.name);
    }
    figure.passes += cheapest.passes.value_or(0);
  }
  return figure;
}

std::string words(std::uint64_t passes, std::uint8_t why_not) {
  std::string text = why_not == 0 ? std::to_string(passes) : "not computed:";
  for (unsigned n = 0; n < checker::kNotComputedReasons; ++n)
    if (((why_not >> n) & 1U) != 0) text.append(" ").append(name(static_cast<NotComputed>(n)));
  return text;
}

/// Why what is told is not the truth; empty: it is.
std::string disagreement(const Figure& truth, const checker::Summary& told) {
  const checker::MaintenanceTotals& m = told.maintenance;
  const bool not_judged = (m.no_optimum & m.no_subset & bit_of(NotComputed::kNotJudged)) != 0;
  if (not_judged != (told.coverage.of(checker::Judged::kNot) != 0)) return "a figure of a buffer that is not judged";
  if (!truth.judged) return (truth.why_not & ~m.no_optimum) == 0 ? "" : "a reason is not told";
  const std::uint8_t why_not = m.no_optimum;
  if (why_not != truth.why_not || (truth.why_not == 0 && m.optimum.operations != truth.passes))
    return words(m.optimum.operations, m.no_optimum) + ", but it is " + words(truth.passes, truth.why_not);
  std::vector<std::string> names;
  for (const auto& u : told.maintenance.unschedulable) names.push_back(u.name);
  std::sort(names.begin(), names.end());
  return names == truth.unschedulable ? "" : "other buffers are without a schedule";
}

TEST(Optimum, IsThatOfAnExhaustiveSearchOrNotComputedForTheRightReason) {
  constexpr std::uint64_t kAsked = 16000;
  constexpr unsigned kMostCalls = 10, kEnough = 3, kOften = 100;
  HardwareSets sets;
  std::uint64_t figures = 0, dear = 0, reasons[checker::kNotComputedReasons] = {};
  unsigned lies = 0;
  for (std::uint64_t seed = 0; seed < kAsked && lies < kEnough; ++seed) {
    const bool combined = seed % 2 == 0;
    const OptimumProgram program = OptimumProgram::random(seed / 2, kMostCalls);
    const Figure truth = figure_of(program, combined ? 1 : 2, sets);
    checker::replay::Options options;
    options.price = combined ? checker::optimum::Price::kCombined : checker::optimum::Price::kDmaApi;
    const checker::test::Seen seen = checker::test::replay_text(program.text, options);
    const std::string why = seen.error.empty() ? disagreement(truth, seen.result.summary) : seen.error;
    const std::uint8_t why_not = seen.result.summary.maintenance.no_optimum;
    figures += why_not == 0 ? 1U : 0U;
    dear += why_not == 0 && truth.passes > 1 ? 1U : 0U;
    for (unsigned n = 0; n < checker::kNotComputedReasons; ++n) reasons[n] += (why_not >> n) & 1U;
    if (why.empty()) continue;
    ++lies;
    ADD_FAILURE() << "program " << seed << ": " << why << "\n" << program.text;
  }
  std::cout << kAsked << " programs: " << figures << " with a figure, " << dear << " of them above 1";
  for (unsigned n = 0; n < checker::kNotComputedReasons; ++n)
    std::cout << "; " << name(static_cast<NotComputed>(n)) << " " << reasons[n];
  std::cout << "\n";
  EXPECT_GT(figures, kAsked / 4);
  EXPECT_GT(dear, kOften);
  for (const NotComputed n :
       {NotComputed::kClientBrokeRules, NotComputed::kRange, NotComputed::kNoSchedule, NotComputed::kNotJudged})
    EXPECT_GT(reasons[static_cast<std::size_t>(n)], kOften) << name(n);
}

}  // namespace
}  // namespace custody::property
