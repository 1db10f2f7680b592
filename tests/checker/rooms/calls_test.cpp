// SPDX-License-Identifier: BSD-2-Clause
// Calls are paired with their returns.
#include "checker/replay/calls.hpp"

#include <gtest/gtest.h>

#include "tests/checker/rooms/events.hpp"

namespace custody::checker::test {
namespace {

using model::Direction;
using test::entry;
using test::event;
using test::return_of;
using traces::Event;
using traces::EventKind;
using traces::kNoId;

struct OpenedCall {
  Event entry;
  std::uint32_t other = kNoId;
  void overlap(std::uint32_t task) { other = task; }
};

TEST(OpenCalls, EndsTheCallWithTheIdOfTheReturn) {
  replay::OpenCalls<OpenedCall> calls;
  const Event first = entry(EventKind::kMap, 7), second = entry(EventKind::kMap, 8);
  calls.open({first});
  calls.open({second});
  const auto closed = calls.close(return_of(second));
  ASSERT_TRUE(closed.has_value());
  EXPECT_EQ(closed->entry.call, 8U);
  EXPECT_TRUE(calls.has(EventKind::kMap));
  ASSERT_TRUE(calls.close(return_of(first)).has_value());
  EXPECT_TRUE(calls.empty());
}

TEST(OpenCalls, EndsTheOldestOfTheTaskWhereTheTraceGivesNoId) {
  replay::OpenCalls<OpenedCall> calls;
  Event first = entry(EventKind::kMap, kNoId, 1), second = first;
  first.at.line = 10;
  second.at.line = 20;
  calls.open({entry(EventKind::kMap, kNoId, 2)});
  calls.open({first});
  calls.open({second});
  EXPECT_EQ(calls.close(return_of(second))->entry.at.line, 10U);
  EXPECT_EQ(calls.close(return_of(second))->entry.at.line, 20U);
  EXPECT_FALSE(calls.close(return_of(second)).has_value());
}

TEST(OpenCalls, DoesNotEndACallOfAnotherKind) {
  replay::OpenCalls<OpenedCall> calls;
  calls.open({entry(EventKind::kMap, 7)});
  EXPECT_FALSE(calls.close(return_of(entry(EventKind::kUnmap, 7))).has_value());
  EXPECT_FALSE(calls.empty());
}

TEST(OpenCalls, FindsTheInnermostCallOfTheTask) {
  replay::OpenCalls<OpenedCall> calls;
  calls.open({entry(EventKind::kAttach, 1)});
  calls.open({entry(EventKind::kMap, 2)});
  calls.open({entry(EventKind::kBeginCpuAccess, 3, 9)});
  const OpenedCall* around = calls.around(event(EventKind::kDmaMap));
  ASSERT_NE(around, nullptr);
  EXPECT_EQ(around->entry.call, 2U);
  EXPECT_EQ(calls.around(event(EventKind::kDmaMap, 4)), nullptr);
}

TEST(OpenCalls, FindsTheCallThatANestedEventNamesWhateverItsTask) {
  replay::OpenCalls<OpenedCall> calls;
  calls.open({entry(EventKind::kAttach, 1)});
  calls.open({entry(EventKind::kMap, 2)});
  Event e = event(EventKind::kDmaMap, 4);
  e.in = 1;
  ASSERT_NE(calls.around(e), nullptr);
  EXPECT_EQ(calls.around(e)->entry.kind, EventKind::kAttach);
}

TEST(OpenCalls, TellsCallsOfOtherTasksApart) {
  replay::OpenCalls<OpenedCall> calls;
  calls.open({entry(EventKind::kMap, 1, 1)});
  EXPECT_EQ(calls.other_task(1), kNoId);
  calls.open({entry(EventKind::kMap, 2, 5)});
  calls.open({entry(EventKind::kMap, 3, 6)});
  EXPECT_EQ(calls.other_task(1), 5U);
  EXPECT_EQ(calls.enter(6), 5U) << "the latest of another task";
  EXPECT_EQ(calls.close(return_of(entry(EventKind::kMap, 1, 1)))->other, 6U);
  EXPECT_EQ(calls.close(return_of(entry(EventKind::kMap, 3, 6)))->other, kNoId) << "it was its own task";
}

}  // namespace
}  // namespace custody::checker::test
