// SPDX-License-Identifier: BSD-2-Clause
// Custody as a plain value, and what the two ends of each call do to it.
#include <gtest/gtest.h>

#include "tests/model/life.hpp"

namespace custody::model {
namespace {

using tests::By;
using tests::Life;
using tests::rule_of;
using tests::with;
constexpr Direction kBidi = Direction::kBidirectional, kTo = Direction::kToDevice, kFrom = Direction::kFromDevice;

TEST(Custody, IsAValue) {
  Life life;
  life.map_device();
  const Custody before = life.custody;
  Custody copy = before;
  EXPECT_EQ(copy, life.custody);
  life.whole("begin", with(kFrom));
  EXPECT_FALSE(life.custody == before);
  EXPECT_EQ(copy, before) << "a copy goes its own way";
  life.custody = before;
  life.whole("begin", with(kFrom));
  Life again;
  again.custody = before;
  again.whole("begin", with(kFrom));
  EXPECT_EQ(again.custody, life.custody);
}

TEST(Custody, ForeseesWhatAStepAnswersAndChangesNothing) {
  Life life;
  life.map_device();
  const Custody before = life.custody;
  const Call call = Life::call("begin", CallEnd::kWhole, with(kFrom));
  const Step foreseen = foresee(life.custody, life.lifetime, call);
  EXPECT_EQ(life.custody, before);
  const Step done = step(life.custody, life.lifetime, call);
  EXPECT_EQ(foreseen.owner, done.owner);
  EXPECT_EQ(foreseen.part, done.part);
  EXPECT_EQ(foreseen.facts, done.facts);
  EXPECT_EQ(foreseen.is, done.is);
}

TEST(Custody, FactsTellWhoOwnsBeforeAndAfterTheCall) {
  Life life;
  life.map_device();
  const Step begin = life.whole("begin", with(kFrom));
  EXPECT_EQ(begin.facts.get(at(kFacts, "owner")), 2);
  EXPECT_EQ(begin.facts.get(at(kFacts, "next_owner")), 1);
  const Step end = life.whole("end", with(kFrom));
  EXPECT_EQ(end.facts.get(at(kFacts, "owner")), 1);
  EXPECT_EQ(end.facts.get(at(kFacts, "next_owner")), 2);
}

TEST(Handover, BetweenTheEndsOfABeginNobodyHasTheBuffer) {
  Life life;
  life.map_device();
  EXPECT_EQ(life.may(), "devices");
  const Step entry = life.entry("begin", with(kFrom));
  EXPECT_EQ(entry.owner, nullptr) << "a begin acts at its return";
  EXPECT_EQ(life.may(), "nobody");
  EXPECT_TRUE(is_handed_to_cpu(life.custody));
  EXPECT_EQ(life.state(), "DeviceOwned");
  life.returns("begin", with(kFrom));
  EXPECT_EQ(life.may(), "reads");
  EXPECT_EQ(life.state(), "CpuOwned");
}

TEST(Handover, BetweenTheEndsOfAnEndNobodyHasTheBuffer) {
  Life life;
  life.map_device();
  life.whole("begin", with(kBidi));
  EXPECT_EQ(life.may(), "reads+writes");
  life.entry("end", with(kBidi));
  EXPECT_EQ(life.may(), "nobody");
  EXPECT_TRUE(is_handed_to_cpu(life.custody));
  life.returns("end", with(kBidi));
  EXPECT_EQ(life.may(), "devices");
  EXPECT_TRUE(life.custody.calls.empty());
}

TEST(Handover, ADeviceIsActiveFromTheReturnOfItsMapToTheEntryOfItsUnmap) {
  Life life;
  life.whole("export");
  life.whole("attach", with(kBidi));
  life.entry("map", with(kBidi));
  EXPECT_EQ(life.may(), "nobody");
  life.returns("map", with(kBidi));
  EXPECT_EQ(life.may(), "devices");
  life.entry("unmap", with(kBidi));
  EXPECT_EQ(life.may(), "nobody");
  const Step step = life.returns("unmap", with(kBidi));
  EXPECT_EQ(step.owner, nullptr) << "an unmap acts at its entry";
  EXPECT_EQ(life.state(), "NonOwnedBacked");
}

TEST(Handover, ABeginThatFailsGivesTheBufferBack) {
  Life life;
  life.map_device();
  life.entry("begin", with(kFrom));
  EXPECT_EQ(life.may(), "nobody");
  const Step step = life.returns("begin", {.dir = kFrom, .failed = true});
  EXPECT_EQ(rule_of(step), "");
  EXPECT_EQ(step.was, step.is);
  EXPECT_EQ(life.may(), "devices");
  EXPECT_TRUE(life.custody.windows.empty());
}

TEST(Handover, AMapThatFailsMapsNothing) {
  Life life;
  life.whole("export");
  life.whole("attach", with(kBidi));
  const Custody before = life.custody;
  life.entry("map", with(kBidi));
  life.returns("map", {.attachment = 0, .dir = kBidi, .failed = true});
  EXPECT_EQ(life.custody, before);
}

TEST(Handover, AnEndThatFailsLeavesTheWindowOpen) {
  Life life;
  life.map_device();
  life.whole("begin", with(kFrom));
  const Custody before = life.custody;
  life.entry("end", with(kFrom));
  EXPECT_EQ(life.may(), "nobody");
  const Step step = life.returns("end", {.attachment = 0, .dir = kFrom, .failed = true});
  EXPECT_EQ(rule_of(step), "");
  EXPECT_EQ(life.custody, before);
  EXPECT_EQ(life.may(), "reads");
}

TEST(Handover, EveryOtherCallThatFailsChangesNothing) {
  Life life;
  life.map_device();
  const Custody before = life.custody;
  for (const char* event : {"attach", "vmap", "mmap", "pin", "map"}) {
    EXPECT_EQ(rule_of(life.whole(event, {.attachment = 0, .dir = kTo, .failed = true})), "") << event;
    EXPECT_EQ(life.custody, before) << event;
  }
}

TEST(Handover, ABeginThatFailsLeavesThatOfAnotherTaskUnderWay) {
  Life life;
  life.map_device();
  life.entry("begin", {.task = 1, .call = 11, .dir = kFrom});
  life.entry("begin", {.task = 2, .call = 12, .dir = kTo});
  life.returns("begin", {.task = 1, .call = 11, .dir = kFrom, .failed = true});
  EXPECT_EQ(life.may(), "nobody") << "the other begin is still under way";
  life.returns("begin", {.task = 2, .call = 12, .dir = kTo});
  EXPECT_EQ(life.may(), "writes");
}

TEST(Handover, CallsOfOneTaskThatOverlapArePairedByTheirNumber) {
  Life life;
  life.map_device();
  life.entry("begin", {.task = 1, .call = 11, .dir = kFrom});
  life.entry("begin", {.task = 1, .call = 12, .dir = kTo});
  life.returns("begin", {.task = 1, .call = 12, .dir = kTo});
  ASSERT_EQ(life.custody.calls.size(), 1U);
  EXPECT_EQ(life.custody.calls[0].call, 11U);
}

TEST(WhoMayAccess, FollowsTheStateAndTheDirectionOfTheWindows) {
  Life life;
  EXPECT_EQ(life.may(), "nobody");
  life.whole("export");
  EXPECT_EQ(life.may(), "nobody");
  life.whole("begin", with(kTo));
  EXPECT_EQ(life.may(), "writes");
  life.whole("begin", with(kFrom));
  EXPECT_EQ(life.may(), "reads+writes");
  life.whole("end", with(kTo));
  EXPECT_EQ(life.may(), "reads");
  life.whole("end", with(kFrom));
  EXPECT_EQ(life.may(), "nobody");
  life.whole("attach", with(kBidi));
  life.whole("map", with(kBidi));
  EXPECT_EQ(life.may(), "devices");
  life.whole("unmap", with(kBidi));
  life.whole("detach", with(kBidi));
  life.whole("release");
  EXPECT_EQ(life.state(), "Freed");
  EXPECT_EQ(life.may(), "nobody");
}

TEST(WhoMayAccess, UnderLastDetachAttachedDevicesStayTheOwners) {
  Life life{{"device_ends", "last_detach"}};
  life.map_device();
  life.whole("unmap", with(kBidi));
  EXPECT_EQ(life.state(), "DeviceOwned");
  life.whole("begin", with(kTo));
  life.whole("end", with(kTo));
  EXPECT_EQ(life.state(), "DeviceOwned");
  life.whole("detach", with(kBidi));
  EXPECT_EQ(life.state(), "NonOwnedBacked");
}

TEST(WhoMayAccess, AMapInsideAWindowWaitsForItsEnd) {
  Life life;
  life.whole("export");
  life.whole("attach", with(kBidi));
  life.whole("begin", with(kTo));
  life.whole("map", with(kBidi));
  EXPECT_EQ(life.may(), "writes");
  life.whole("end", with(kTo));
  EXPECT_EQ(life.may(), "devices");
}

TEST(WhoMayAccess, AMappingOwnsWhereThePolicySaysSo) {
  Life life{{"cpu_owns", "mapping"}};
  life.whole("export");
  life.whole("mmap");
  EXPECT_EQ(life.state(), "CpuOwned");
  EXPECT_EQ(life.may(), "reads+writes");
  life.whole("munmap");
  EXPECT_EQ(life.state(), "NonOwnedBacked");
  EXPECT_EQ(life.may(), "nobody");
}

TEST(Policies, CpuAccessWithoutAttachmentIsAllowedRefusedOrWithoutEffect) {
  Life allows, refuses{{"cpu_unattached", "refuse"}}, idles{{"cpu_unattached", "no_effect"}};
  for (Life* life : {&allows, &refuses, &idles}) life->whole("export");
  EXPECT_TRUE(allows.whole("begin", with(kTo)).takes_effect());
  EXPECT_EQ(rule_of(refuses.whole("begin", with(kTo))), "L8");
  EXPECT_FALSE(idles.whole("begin", with(kTo)).takes_effect());
  EXPECT_EQ(allows.state(), "CpuOwned");
  EXPECT_EQ(refuses.state(), "CpuOwned") << "a begin that succeeds all the same is applied";
  EXPECT_EQ(idles.state(), "NonOwnedBacked");
  EXPECT_TRUE(idles.custody.windows[0].idle);
}

TEST(Policies, AMapInAWindowCanBeRefused) {
  Life life{{"map_in_window", "refuse"}};
  life.whole("export");
  life.whole("attach", with(kTo));
  life.whole("begin", with(kTo));
  EXPECT_EQ(rule_of(life.whole("map", with(kTo))), "L7");
  life.whole("end", with(kTo));
  EXPECT_EQ(rule_of(life.whole("map", with(kTo))), "");
}

TEST(Policies, WhatNobodyOwnsIsKeptOrReleased) {
  Life keeps, releases{{"backing", "at_first_use"}, {"leaves", "release"}};
  for (Life* life : {&keeps, &releases}) {
    life->map_device();
    EXPECT_EQ(life->state(), "DeviceOwned");
    life->whole("unmap", with(kBidi));
  }
  EXPECT_EQ(keeps.state(), "NonOwnedBacked");
  EXPECT_EQ(releases.state(), "NonOwnedNonBacked");
}

}  // namespace
}  // namespace custody::model
