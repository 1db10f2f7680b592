// SPDX-License-Identifier: BSD-2-Clause
// Which window an end closes, and what a window brackets.
#include <gtest/gtest.h>

#include "tests/model/execution.hpp"

namespace custody::model::test {
namespace {

using test::Execution;
using test::rule_of;
using test::with;

/// The tasks of the windows that are open, oldest first.
std::vector<std::uint32_t> tasks(const Execution& execution) {
  std::vector<std::uint32_t> out;
  for (const Window& window : execution.custody.windows) out.push_back(window.task);
  return out;
}
using Tasks = std::vector<std::uint32_t>;

/// A mapped buffer in which windows of these tasks and directions open.
Execution with_windows(std::initializer_list<std::pair<std::uint32_t, Direction>> windows) {
  Execution execution;
  execution.map_device();
  for (const auto& [task, dir] : windows) execution.whole("begin", {.task = task, .dir = dir});
  return execution;
}

TEST(Windows, NestInOneTaskAndCloseOneByOne) {
  Execution execution = with_windows({});
  EXPECT_EQ(rule_of(execution.whole("begin", with(kBidi))), "");
  EXPECT_EQ(rule_of(execution.whole("begin", with(kBidi))), "");
  EXPECT_EQ(rule_of(execution.whole("end", with(kBidi))), "");
  EXPECT_EQ(execution.state(), "CpuOwned");
  EXPECT_EQ(rule_of(execution.whole("end", with(kBidi))), "");
  EXPECT_EQ(execution.state(), "DeviceOwned");
}

TEST(Windows, AnEndClosesThatOfItsTaskAndDirection) {
  Execution execution = with_windows({{1, kTo}, {2, kTo}, {2, kFrom}});
  EXPECT_EQ(rule_of(execution.whole("end", {.task = 2, .dir = kTo})), "");
  EXPECT_EQ(tasks(execution), (Tasks{1, 2}));
  EXPECT_EQ(execution.custody.windows[1].dir, kFrom);
}

TEST(Windows, OfSeveralOfItsTaskAnEndClosesThatOfItsRange) {
  Execution execution = with_windows({});
  const Extent first{0, 64}, second{64, 64};
  execution.whole("begin", {.dir = kTo, .extent = first});
  execution.whole("begin", {.dir = kTo, .extent = second});
  execution.whole("end", {.dir = kTo, .extent = second});
  ASSERT_EQ(execution.custody.windows.size(), 1U);
  EXPECT_EQ(execution.custody.windows[0].extent, first);
}

TEST(Windows, AnEndOfAnotherRangeStillClosesThatOfItsTask) {
  Execution execution = with_windows({{1, kTo}, {2, kTo}});
  EXPECT_EQ(rule_of(execution.whole("end", {.task = 2, .dir = kTo, .extent = {0, 64}})), "");
  EXPECT_EQ(tasks(execution), (Tasks{1}));
}

TEST(Windows, AnotherTaskMayCloseTheOldestOfItsDirection) {
  Execution execution = with_windows({{1, kFrom}, {2, kTo}, {3, kTo}});
  EXPECT_EQ(rule_of(execution.whole("end", {.task = 4, .dir = kTo})), "");
  EXPECT_EQ(tasks(execution), (Tasks{1, 3}));
}

TEST(Windows, AnotherDirectionClosesTheLatestOfItsTaskAndIsRefused) {
  Execution execution = with_windows({{1, kTo}, {1, kTo}, {2, kTo}});
  EXPECT_EQ(rule_of(execution.whole("end", {.task = 1, .dir = kFrom})), "L7");
  EXPECT_EQ(tasks(execution), (Tasks{1, 2}));
}

TEST(Windows, AnEndWithoutAnyWindowIsRefused) {
  Execution execution = with_windows({});
  EXPECT_EQ(rule_of(execution.whole("end", with(kTo))), "L7");
  EXPECT_EQ(execution.state(), "DeviceOwned");
}

TEST(Windows, AnEndThatFitsNoOpenWindowIsRefusedAndClosesNone) {
  Execution execution = with_windows({{1, kTo}});
  EXPECT_EQ(rule_of(execution.whole("end", {.task = 2, .dir = kFrom})), "L7");
  EXPECT_EQ(tasks(execution), (Tasks{1}));
  EXPECT_EQ(execution.state(), "CpuOwned");
  EXPECT_EQ(execution.may(), "writes");
}

TEST(Windows, AnEndWithoutWindowIsRefusedAlsoWhereItFails) {
  Execution none = with_windows({});
  const Custody before = none.custody;
  EXPECT_EQ(rule_of(none.whole("end", {.dir = kTo, .failed = true})), "L7");
  EXPECT_EQ(none.custody, before);
}

TEST(Windows, AnEndThatFitsNoOpenWindowIsRefusedAlsoWhereItFails) {
  Execution others = with_windows({{1, kTo}});
  EXPECT_EQ(rule_of(others.whole("end", {.task = 2, .dir = kFrom, .failed = true})), "L7");
  EXPECT_EQ(tasks(others), (Tasks{1}));
}

TEST(Windows, AnEndAtItsReturnClosesWhatItChoseAtItsEntry) {
  Execution execution = with_windows({{1, kTo}, {2, kTo}});
  execution.entry("end", {.task = 3, .call = 7, .dir = kTo});
  EXPECT_TRUE(execution.custody.windows[0].closing);
  EXPECT_EQ(rule_of(execution.whole("end", {.task = 4, .call = 8, .dir = kTo})), "") << "it takes the other window";
  EXPECT_EQ(tasks(execution), (Tasks{1}));
  execution.returns("end", {.task = 3, .call = 7, .dir = kTo});
  EXPECT_EQ(tasks(execution), Tasks{});
  EXPECT_EQ(execution.state(), "DeviceOwned");
}

TEST(Windows, EndsThatOverlapArePairedByTheirTaskWhereCallsHaveNoNumber) {
  Execution execution = with_windows({{1, kTo}, {2, kTo}});
  execution.entry("end", {.task = 1, .dir = kTo});
  execution.entry("end", {.task = 2, .dir = kTo});
  execution.returns("end", {.task = 2, .dir = kTo});
  EXPECT_EQ(tasks(execution), (Tasks{1}));
  execution.returns("end", {.task = 1, .dir = kTo});
  EXPECT_EQ(tasks(execution), Tasks{});
}

TEST(Windows, WithoutEffectKeepDevicesWaitingAndEndWithoutOne) {
  Execution execution{{"cpu_unattached", "no_effect"}};
  execution.whole("export");
  execution.whole("begin", with(kTo));
  EXPECT_EQ(execution.state(), "NonOwnedBacked");
  EXPECT_EQ(execution.may(), "writes");
  execution.whole("attach", with(kBidi));
  execution.whole("map", with(kBidi));
  EXPECT_EQ(execution.state(), "DeviceOwned");
  EXPECT_EQ(execution.may(), "writes") << "the device waits for the end of the window";
  const Step end = execution.whole("end", with(kTo));
  EXPECT_EQ(rule_of(end), "");
  EXPECT_FALSE(end.takes_effect());
  EXPECT_EQ(execution.may(), "devices");
}

TEST(Windows, ThatHadNoEffectCountWhileTheCpuOwns) {
  Execution execution{{"cpu_unattached", "no_effect"}};
  execution.whole("export");
  execution.whole("begin", {.task = 1, .dir = kTo});
  execution.whole("attach", with(kBidi));
  execution.whole("map", with(kBidi));
  EXPECT_TRUE(execution.whole("begin", {.task = 2, .dir = kFrom}).takes_effect());
  EXPECT_EQ(execution.state(), "CpuOwned");
  execution.whole("end", {.task = 2, .dir = kFrom});
  EXPECT_EQ(execution.state(), "CpuOwned") << "the other window is open still";
  EXPECT_TRUE(execution.whole("end", {.task = 1, .dir = kTo}).takes_effect());
  EXPECT_EQ(execution.state(), "DeviceOwned");
}

TEST(Windows, GoWithTheirTaskAndTheDevicesGoOn) {
  Execution execution = with_windows({{1, kTo}, {1, kFrom}, {2, kFrom}});
  EXPECT_TRUE(abandon(execution.custody, execution.lifetime, 1));
  EXPECT_EQ(tasks(execution), (Tasks{2}));
  EXPECT_EQ(execution.may(), "reads") << "the other task is in its window still";
  EXPECT_FALSE(abandon(execution.custody, execution.lifetime, 1)) << "it has none left";
  EXPECT_TRUE(abandon(execution.custody, execution.lifetime, 2));
  EXPECT_EQ(execution.state(), "DeviceOwned");
  EXPECT_EQ(execution.may(), "devices");
}

TEST(Windows, ThatAnotherTaskClosesAreNotThoseOfATaskThatLeaves) {
  Execution execution = with_windows({{1, kTo}});
  execution.entry("end", {.task = 2, .call = 7, .dir = kTo});
  EXPECT_FALSE(abandon(execution.custody, execution.lifetime, 1));
  EXPECT_EQ(rule_of(execution.returns("end", {.task = 2, .call = 7, .dir = kTo})), "");
  EXPECT_EQ(execution.state(), "DeviceOwned");
}

TEST(Windows, WithoutDevicesLeaveWhatTheEndOfOwnershipLeaves) {
  Execution execution{{"backing", "at_first_use"}, {"leaves", "release"}};
  execution.whole("export");
  execution.whole("begin", {.task = 1, .dir = kTo});
  EXPECT_TRUE(abandon(execution.custody, execution.lifetime, 1));
  EXPECT_EQ(execution.state(), "NonOwnedNonBacked");
}

TEST(KernelMapping, IsBracketedByAWindowInItsLife) {
  Execution inside, before, never;
  for (Execution* execution : {&inside, &before, &never}) execution->whole("export");
  inside.whole("vmap");
  inside.whole("begin", with(kTo));
  inside.whole("end", with(kTo));
  EXPECT_FALSE(inside.whole("vunmap").advises_windows());

  before.whole("begin", with(kTo));
  before.whole("vmap");
  before.whole("end", with(kTo));
  EXPECT_FALSE(before.whole("vunmap").advises_windows());

  never.whole("vmap");
  const Step vunmap = never.whole("vunmap");
  EXPECT_EQ(rule_of(vunmap), "") << "only an access is illegal";
  EXPECT_TRUE(vunmap.advises_windows());
  EXPECT_EQ(never.custody.kernel, KernelMapping{});
}

TEST(KernelMapping, IsNotBracketedByAWindowBeforeItNorByABeginThatFails) {
  Execution execution;
  execution.whole("export");
  execution.whole("begin", with(kTo));
  execution.whole("end", with(kTo));
  execution.whole("vmap");
  execution.whole("begin", {.dir = kTo, .failed = true});
  EXPECT_TRUE(execution.whole("vunmap").advises_windows());
}

TEST(KernelMapping, HasUsersAndOneLife) {
  Execution execution;
  execution.whole("export");
  execution.whole("vmap");
  execution.whole("vmap");
  EXPECT_EQ(execution.custody.kernel.users, 2);
  execution.whole("begin", with(kTo));
  execution.whole("end", with(kTo));
  EXPECT_EQ(rule_of(execution.whole("vunmap")), "");
  EXPECT_EQ(rule_of(execution.whole("vunmap")), "");
  EXPECT_EQ(rule_of(execution.whole("vunmap")), "L11");
  execution.whole("vmap");
  EXPECT_TRUE(execution.whole("vunmap").advises_windows()) << "a new mapping has seen no window";
}

}  // namespace
}  // namespace custody::model::test
