// SPDX-License-Identifier: BSD-2-Clause
// The forecast of a search's size, against searches that came to their end.
#include <gtest/gtest.h>

#include "checker/explore/forecast.hpp"
#include "checker/explore/search.hpp"

namespace custody::checker::test {
namespace {

TEST(Forecast, OfABellCurveIsItsSum) {
  explore::Forecast f;
  // Each factor is half the one before: 8, 4, 2, 1, 1/2, 1/4, 1/8.
  const std::uint64_t levels[] = {1, 8, 32, 64, 64, 32, 8, 1};
  std::uint64_t all = 0;
  for (const std::uint64_t level : levels) all += level;
  for (std::size_t i = 0; i < 8; ++i) {
    f.add_level(levels[i]);
    EXPECT_EQ(f.expected(), i >= 2 ? std::optional(all) : std::nullopt) << i;
  }
}

TEST(Forecast, SaysNothingWhileLevelsGrowFasterAndFaster) {
  explore::Forecast f;
  for (const std::uint64_t level : {1U, 2U, 8U, 64U}) f.add_level(level);
  EXPECT_FALSE(f.expected());
}

TEST(Forecast, OfRealSearchesIsNearFromHalfTheWayOn) {
  std::size_t asked = 0, told = 0;
  for (const char* const name : {"system-heap-6.1", "udmabuf-before", "udmabuf-between", "state-graph-2019"}) {
    explore::Configuration c;
    c.devices = 4;
    c.windows = 2;
    c.client = explore::Client::kOverlapping;
    std::vector<explore::SearchProgress> shown;
    explore::SearchOptions options;
    options.symmetry = false;
    options.progress = [&](const explore::SearchProgress& p) { shown.push_back(p); };
    const explore::SearchResult r = explore::search(explore::System(*spec::find_contract(name), c), options);
    for (const explore::SearchProgress& p : shown) {
      if (2 * p.states < r.states) continue;
      ++asked;
      if (!p.expected) continue;
      ++told;
      EXPECT_GE(*p.expected * 4, r.states * 3) << name << " at " << p.states;
      EXPECT_LE(*p.expected, r.states * 3 / 2) << name << " at " << p.states;
    }
  }
  EXPECT_GT(asked, 20U);
  EXPECT_GE(told * 4, asked * 3);
}

}  // namespace
}  // namespace custody::checker::test
