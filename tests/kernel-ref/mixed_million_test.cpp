// SPDX-License-Identifier: BSD-2-Clause
// A million legal steps a driver with devices of every reach: one M11 for each mixed pair of a buffer, and nothing else
// but what kernel-ref/findings.md explains, each of which happens.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "tests/kernel-ref/mixed_usage.hpp"

namespace custody::kernel_ref::test {
namespace {

constexpr std::uint64_t kSteps = 1000000;

const std::vector<machine::Device> kMixed = {
    {"cam"}, {"disp", false, false, true}, {"gpu", true, false, false}, {"dsp", false, true, false}};
const std::vector<machine::Device> kBounced = {{"dsp", false, true, false}, {"npu", false, true, false}};

class Million : public ::testing::TestWithParam<Subject> {};

void print(const Subject& subject, const Tally& tally) {
  std::cout << subject.name << ": " << tally.steps << " steps, " << tally.events << " events, " << tally.buffers
            << " buffers, " << tally.pairs << " mixed pairs, " << tally.m11 << " M11\n";
  for (const auto& [what, times] : tally.accusations)
    std::cout << "  " << times << " x " << what.first.rule << " in " << what.first.call << ", " << text(what.second)
              << '\n';
}

/// Every rule and every call of a row.
void expect_to_happen(const Subject& subject, const Explanation& row, const std::vector<Tally>& tallies) {
  std::set<std::string> rules, calls;
  for (const Tally& tally : tallies)
    for (const auto& [what, times] : tally.accusations) {
      if (!explains(row, subject.name, what.first, what.second)) continue;
      rules.insert(what.first.rule);
      calls.insert(what.first.call);
    }
  EXPECT_EQ(rules, row.rules) << subject.name;
  EXPECT_EQ(calls, row.calls) << subject.name;
}

TEST_P(Million, SayOneM11ForEachMixedPairAndNothingUnexplained) {
  const Subject& subject = GetParam();
  const std::vector<Explanation> rows = read_explanations();
  std::vector<Tally> tallies;
  for (const auto* devices : {&kMixed, &kBounced}) {
    const Tally& tally = tallies.emplace_back(use_mixed(subject, *devices, kSteps, 7));
    print(subject, tally);
    EXPECT_GE(tally.steps, kSteps);
    EXPECT_GT(tally.buffers, kSteps / 50);
    EXPECT_EQ(tally.m11, tally.pairs);
    EXPECT_EQ(tally.miscounted, 0U);
    EXPECT_EQ(unexplained(subject, tally, rows), "");
    EXPECT_EQ(shim_live_allocations(), 0U);
    EXPECT_EQ(shim_live_pages(), 0U);
    EXPECT_EQ(shim_warnings(), 0U);
  }
  EXPECT_GT(tallies[0].pairs, kSteps / 100);
  EXPECT_EQ(tallies[1].pairs, 0U);
  for (const Explanation& row : rows)
    if (row.drivers.contains(subject.name)) expect_to_happen(subject, row, tallies);
}

TEST(Explanations, NameDriversThatThereAre) {
  const std::vector<Explanation> rows = read_explanations();
  EXPECT_EQ(rows.size(), 16U);
  for (const Explanation& row : rows)
    for (const std::string& driver : row.drivers)
      EXPECT_TRUE(std::any_of(std::begin(kSubjects), std::end(kSubjects), [&](const Subject& s) {
        return s.name == driver;
      })) << driver;
}

INSTANTIATE_TEST_SUITE_P(EveryDriver, Million, ::testing::ValuesIn(kSubjects));

}  // namespace
}  // namespace custody::kernel_ref::test
