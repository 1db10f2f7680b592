// SPDX-License-Identifier: BSD-2-Clause
// Which window an end closes, and what a window brackets.
#include <gtest/gtest.h>

#include "tests/model/life.hpp"

namespace custody::model {
namespace {

using tests::Life;
using tests::rule_of;
using tests::with;
constexpr Direction kBidi = Direction::kBidirectional, kTo = Direction::kToDevice, kFrom = Direction::kFromDevice;

/// The tasks of the windows that are open, oldest first.
std::vector<std::uint32_t> tasks(const Life& life) {
  std::vector<std::uint32_t> out;
  for (const Window& window : life.custody.windows) out.push_back(window.task);
  return out;
}
using Tasks = std::vector<std::uint32_t>;

/// A mapped buffer in which windows of these tasks and directions open.
Life with_windows(std::initializer_list<std::pair<std::uint32_t, Direction>> windows) {
  Life life;
  life.map_device();
  for (const auto& [task, dir] : windows) life.whole("begin", {.task = task, .dir = dir});
  return life;
}

TEST(Windows, NestInOneTaskAndCloseOneByOne) {
  Life life = with_windows({});
  EXPECT_EQ(rule_of(life.whole("begin", with(kBidi))), "");
  EXPECT_EQ(rule_of(life.whole("begin", with(kBidi))), "");
  EXPECT_EQ(rule_of(life.whole("end", with(kBidi))), "");
  EXPECT_EQ(life.state(), "CpuOwned");
  EXPECT_EQ(rule_of(life.whole("end", with(kBidi))), "");
  EXPECT_EQ(life.state(), "DeviceOwned");
}

TEST(Windows, AnEndClosesThatOfItsTaskAndDirection) {
  Life life = with_windows({{1, kTo}, {2, kTo}, {2, kFrom}});
  EXPECT_EQ(rule_of(life.whole("end", {.task = 2, .dir = kTo})), "");
  EXPECT_EQ(tasks(life), (Tasks{1, 2}));
  EXPECT_EQ(life.custody.windows[1].dir, kFrom);
}

TEST(Windows, OfSeveralOfItsTaskAnEndClosesThatOfItsRange) {
  Life life = with_windows({});
  const Extent first{0, 64}, second{64, 64};
  life.whole("begin", {.dir = kTo, .extent = first});
  life.whole("begin", {.dir = kTo, .extent = second});
  life.whole("end", {.dir = kTo, .extent = second});
  ASSERT_EQ(life.custody.windows.size(), 1U);
  EXPECT_EQ(life.custody.windows[0].extent, first);
}

TEST(Windows, AnEndOfAnotherRangeStillClosesThatOfItsTask) {
  Life life = with_windows({{1, kTo}, {2, kTo}});
  EXPECT_EQ(rule_of(life.whole("end", {.task = 2, .dir = kTo, .extent = {0, 64}})), "");
  EXPECT_EQ(tasks(life), (Tasks{1}));
}

TEST(Windows, AnotherTaskMayCloseTheOldestOfItsDirection) {
  Life life = with_windows({{1, kFrom}, {2, kTo}, {3, kTo}});
  EXPECT_EQ(rule_of(life.whole("end", {.task = 4, .dir = kTo})), "");
  EXPECT_EQ(tasks(life), (Tasks{1, 3}));
}

TEST(Windows, AnotherDirectionClosesTheLatestOfItsTaskAndIsRefused) {
  Life life = with_windows({{1, kTo}, {1, kTo}, {2, kTo}});
  EXPECT_EQ(rule_of(life.whole("end", {.task = 1, .dir = kFrom})), "L7");
  EXPECT_EQ(tasks(life), (Tasks{1, 2}));
}

TEST(Windows, AnEndWithoutAnyWindowIsRefused) {
  Life life = with_windows({});
  EXPECT_EQ(rule_of(life.whole("end", with(kTo))), "L7");
  EXPECT_EQ(life.state(), "DeviceOwned");
}

TEST(Windows, AnEndThatFitsNoOpenWindowIsRefusedAndClosesNone) {
  Life life = with_windows({{1, kTo}});
  EXPECT_EQ(rule_of(life.whole("end", {.task = 2, .dir = kFrom})), "L7");
  EXPECT_EQ(tasks(life), (Tasks{1}));
  EXPECT_EQ(life.state(), "CpuOwned");
  EXPECT_EQ(life.may(), "writes");
}

TEST(Windows, AnEndWithoutWindowIsRefusedAlsoWhereItFails) {
  Life none = with_windows({});
  const Custody before = none.custody;
  EXPECT_EQ(rule_of(none.whole("end", {.dir = kTo, .failed = true})), "L7");
  EXPECT_EQ(none.custody, before);
}

TEST(Windows, AnEndThatFitsNoOpenWindowIsRefusedAlsoWhereItFails) {
  Life others = with_windows({{1, kTo}});
  EXPECT_EQ(rule_of(others.whole("end", {.task = 2, .dir = kFrom, .failed = true})), "L7");
  EXPECT_EQ(tasks(others), (Tasks{1}));
}

TEST(Windows, AnEndAtItsReturnClosesWhatItChoseAtItsEntry) {
  Life life = with_windows({{1, kTo}, {2, kTo}});
  life.entry("end", {.task = 3, .call = 7, .dir = kTo});
  EXPECT_TRUE(life.custody.windows[0].closing);
  EXPECT_EQ(rule_of(life.whole("end", {.task = 4, .call = 8, .dir = kTo})), "") << "it takes the other window";
  EXPECT_EQ(tasks(life), (Tasks{1}));
  life.returns("end", {.task = 3, .call = 7, .dir = kTo});
  EXPECT_EQ(tasks(life), Tasks{});
  EXPECT_EQ(life.state(), "DeviceOwned");
}

TEST(Windows, EndsThatOverlapArePairedByTheirTaskWhereCallsHaveNoNumber) {
  Life life = with_windows({{1, kTo}, {2, kTo}});
  life.entry("end", {.task = 1, .dir = kTo});
  life.entry("end", {.task = 2, .dir = kTo});
  life.returns("end", {.task = 2, .dir = kTo});
  EXPECT_EQ(tasks(life), (Tasks{1}));
  life.returns("end", {.task = 1, .dir = kTo});
  EXPECT_EQ(tasks(life), Tasks{});
}

TEST(Windows, WithoutEffectKeepDevicesWaitingAndEndWithoutOne) {
  Life life{{"cpu_unattached", "no_effect"}};
  life.whole("export");
  life.whole("begin", with(kTo));
  EXPECT_EQ(life.state(), "NonOwnedBacked");
  EXPECT_EQ(life.may(), "writes");
  life.whole("attach", with(kBidi));
  life.whole("map", with(kBidi));
  EXPECT_EQ(life.state(), "DeviceOwned");
  EXPECT_EQ(life.may(), "writes") << "the device waits for the end of the window";
  const Step end = life.whole("end", with(kTo));
  EXPECT_EQ(rule_of(end), "");
  EXPECT_FALSE(end.takes_effect());
  EXPECT_EQ(life.may(), "devices");
}

TEST(Windows, ThatHadNoEffectCountWhileTheCpuOwns) {
  Life life{{"cpu_unattached", "no_effect"}};
  life.whole("export");
  life.whole("begin", {.task = 1, .dir = kTo});
  life.whole("attach", with(kBidi));
  life.whole("map", with(kBidi));
  EXPECT_TRUE(life.whole("begin", {.task = 2, .dir = kFrom}).takes_effect());
  EXPECT_EQ(life.state(), "CpuOwned");
  life.whole("end", {.task = 2, .dir = kFrom});
  EXPECT_EQ(life.state(), "CpuOwned") << "the other window is open still";
  EXPECT_TRUE(life.whole("end", {.task = 1, .dir = kTo}).takes_effect());
  EXPECT_EQ(life.state(), "DeviceOwned");
}

TEST(KernelMapping, IsBracketedByAWindowInItsLife) {
  Life inside, before, never;
  for (Life* life : {&inside, &before, &never}) life->whole("export");
  inside.whole("vmap");
  inside.whole("begin", with(kTo));
  inside.whole("end", with(kTo));
  EXPECT_EQ(rule_of(inside.whole("vunmap")), "");

  before.whole("begin", with(kTo));
  before.whole("vmap");
  before.whole("end", with(kTo));
  EXPECT_EQ(rule_of(before.whole("vunmap")), "");

  never.whole("vmap");
  EXPECT_EQ(rule_of(never.whole("vunmap")), "L8");
  EXPECT_EQ(never.custody.kernel, KernelMapping{}) << "it is applied as the kernel does";
}

TEST(KernelMapping, IsNotBracketedByAWindowBeforeItNorByABeginThatFails) {
  Life life;
  life.whole("export");
  life.whole("begin", with(kTo));
  life.whole("end", with(kTo));
  life.whole("vmap");
  life.whole("begin", {.dir = kTo, .failed = true});
  EXPECT_EQ(rule_of(life.whole("vunmap")), "L8");
}

TEST(KernelMapping, HasUsersAndOneLife) {
  Life life;
  life.whole("export");
  life.whole("vmap");
  life.whole("vmap");
  EXPECT_EQ(life.custody.kernel.users, 2);
  life.whole("begin", with(kTo));
  life.whole("end", with(kTo));
  EXPECT_EQ(rule_of(life.whole("vunmap")), "");
  EXPECT_EQ(rule_of(life.whole("vunmap")), "");
  EXPECT_EQ(rule_of(life.whole("vunmap")), "L11");
  life.whole("vmap");
  EXPECT_EQ(rule_of(life.whole("vunmap")), "L8") << "a new mapping has seen no window";
}

}  // namespace
}  // namespace custody::model
