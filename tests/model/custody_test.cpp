// SPDX-License-Identifier: BSD-2-Clause
// Custody as a plain value, and what the two ends of each call do to it.
#include <gtest/gtest.h>

#include "tests/model/execution.hpp"

namespace custody::model::test {
namespace {

using test::By;
using test::Execution;
using test::rule_of;
using test::with;

TEST(Custody, IsAValue) {
  Execution execution;
  execution.map_device();
  const Custody before = execution.custody;
  Custody copy = before;
  EXPECT_EQ(copy, execution.custody);
  execution.whole("begin", with(kFrom));
  EXPECT_FALSE(execution.custody == before);
  EXPECT_EQ(copy, before) << "a copy goes its own way";
  execution.custody = before;
  execution.whole("begin", with(kFrom));
  Execution again;
  again.custody = before;
  again.whole("begin", with(kFrom));
  EXPECT_EQ(again.custody, execution.custody);
}

TEST(Custody, ForeseesWhatAStepAnswersAndChangesNothing) {
  Execution execution;
  execution.map_device();
  const Custody before = execution.custody;
  const Call call = Execution::call("begin", CallEnd::kWhole, with(kFrom));
  const Step foreseen = foresee(execution.custody, execution.lifetime, call);
  EXPECT_EQ(execution.custody, before);
  const Step done = step(execution.custody, execution.lifetime, call);
  EXPECT_EQ(foreseen.owner, done.owner);
  EXPECT_EQ(foreseen.part, done.part);
  EXPECT_EQ(foreseen.facts, done.facts);
  EXPECT_EQ(foreseen.is, done.is);
}

TEST(Custody, FactsTellWhoOwnsBeforeAndAfterTheCall) {
  Execution execution;
  execution.map_device();
  const Step begin = execution.whole("begin", with(kFrom));
  EXPECT_EQ(begin.facts.get(at(kFacts, "owner")), 2);
  EXPECT_EQ(begin.facts.get(at(kFacts, "next_owner")), 1);
  const Step end = execution.whole("end", with(kFrom));
  EXPECT_EQ(end.facts.get(at(kFacts, "owner")), 1);
  EXPECT_EQ(end.facts.get(at(kFacts, "next_owner")), 2);
}

TEST(Handover, BetweenTheEndsOfABeginNobodyHasTheBuffer) {
  Execution execution;
  execution.map_device();
  EXPECT_EQ(execution.may(), "devices");
  const Step entry = execution.entry("begin", with(kFrom));
  EXPECT_EQ(entry.owner, nullptr) << "a begin acts at its return";
  EXPECT_EQ(execution.may(), "nobody");
  EXPECT_TRUE(is_handed_to_cpu(execution.custody));
  EXPECT_EQ(execution.state(), "DeviceOwned");
  execution.returns("begin", with(kFrom));
  EXPECT_EQ(execution.may(), "reads");
  EXPECT_EQ(execution.state(), "CpuOwned");
}

TEST(Handover, BetweenTheEndsOfAnEndNobodyHasTheBuffer) {
  Execution execution;
  execution.map_device();
  execution.whole("begin", with(kBidi));
  EXPECT_EQ(execution.may(), "reads+writes");
  execution.entry("end", with(kBidi));
  EXPECT_EQ(execution.may(), "nobody");
  EXPECT_TRUE(is_handed_to_cpu(execution.custody));
  execution.returns("end", with(kBidi));
  EXPECT_EQ(execution.may(), "devices");
  EXPECT_TRUE(execution.custody.calls.empty());
}

TEST(Handover, ADeviceIsActiveFromTheReturnOfItsMapToTheEntryOfItsUnmap) {
  Execution execution;
  execution.whole("export");
  execution.whole("attach", with(kBidi));
  execution.entry("map", with(kBidi));
  EXPECT_EQ(execution.may(), "nobody");
  execution.returns("map", with(kBidi));
  EXPECT_EQ(execution.may(), "devices");
  execution.entry("unmap", with(kBidi));
  EXPECT_EQ(execution.may(), "nobody");
  const Step step = execution.returns("unmap", with(kBidi));
  EXPECT_EQ(step.owner, nullptr) << "an unmap acts at its entry";
  EXPECT_EQ(execution.state(), "NonOwnedBacked");
}

TEST(Handover, ABeginThatFailsGivesTheBufferBack) {
  Execution execution;
  execution.map_device();
  execution.entry("begin", with(kFrom));
  EXPECT_EQ(execution.may(), "nobody");
  const Step step = execution.returns("begin", {.dir = kFrom, .failed = true});
  EXPECT_EQ(rule_of(step), "");
  EXPECT_EQ(step.was, step.is);
  EXPECT_EQ(execution.may(), "devices");
  EXPECT_TRUE(execution.custody.windows.empty());
}

TEST(Handover, AMapThatFailsMapsNothing) {
  Execution execution;
  execution.whole("export");
  execution.whole("attach", with(kBidi));
  const Custody before = execution.custody;
  execution.entry("map", with(kBidi));
  execution.returns("map", {.attachment = 0, .dir = kBidi, .failed = true});
  EXPECT_EQ(execution.custody, before);
}

TEST(Handover, AnEndThatFailsLeavesTheWindowOpen) {
  Execution execution;
  execution.map_device();
  execution.whole("begin", with(kFrom));
  const Custody before = execution.custody;
  execution.entry("end", with(kFrom));
  EXPECT_EQ(execution.may(), "nobody");
  const Step step = execution.returns("end", {.attachment = 0, .dir = kFrom, .failed = true});
  EXPECT_EQ(rule_of(step), "");
  EXPECT_EQ(execution.custody, before);
  EXPECT_EQ(execution.may(), "reads");
}

TEST(Handover, EveryOtherCallThatFailsChangesNothing) {
  Execution execution;
  execution.map_device();
  const Custody before = execution.custody;
  for (const char* event : {"attach", "vmap", "mmap", "pin", "map"}) {
    EXPECT_EQ(rule_of(execution.whole(event, {.attachment = 0, .dir = kTo, .failed = true})), "") << event;
    EXPECT_EQ(execution.custody, before) << event;
  }
}

TEST(Handover, ABeginThatFailsLeavesThatOfAnotherTaskUnderWay) {
  Execution execution;
  execution.map_device();
  execution.entry("begin", {.task = 1, .call = 11, .dir = kFrom});
  execution.entry("begin", {.task = 2, .call = 12, .dir = kTo});
  execution.returns("begin", {.task = 1, .call = 11, .dir = kFrom, .failed = true});
  EXPECT_EQ(execution.may(), "nobody") << "the other begin is still under way";
  execution.returns("begin", {.task = 2, .call = 12, .dir = kTo});
  EXPECT_EQ(execution.may(), "writes");
}

TEST(Handover, CallsOfOneTaskThatOverlapArePairedByTheirNumber) {
  Execution execution;
  execution.map_device();
  execution.entry("begin", {.task = 1, .call = 11, .dir = kFrom});
  execution.entry("begin", {.task = 1, .call = 12, .dir = kTo});
  execution.returns("begin", {.task = 1, .call = 12, .dir = kTo});
  ASSERT_EQ(execution.custody.calls.size(), 1U);
  EXPECT_EQ(execution.custody.calls[0].call, 11U);
}

TEST(WhoMayAccess, FollowsTheStateAndTheDirectionOfTheWindows) {
  Execution execution;
  EXPECT_EQ(execution.may(), "nobody");
  execution.whole("export");
  EXPECT_EQ(execution.may(), "nobody");
  execution.whole("begin", with(kTo));
  EXPECT_EQ(execution.may(), "writes");
  execution.whole("begin", with(kFrom));
  EXPECT_EQ(execution.may(), "reads+writes");
  execution.whole("end", with(kTo));
  EXPECT_EQ(execution.may(), "reads");
  execution.whole("end", with(kFrom));
  EXPECT_EQ(execution.may(), "nobody");
  execution.whole("attach", with(kBidi));
  execution.whole("map", with(kBidi));
  EXPECT_EQ(execution.may(), "devices");
  execution.whole("unmap", with(kBidi));
  execution.whole("detach", with(kBidi));
  execution.whole("release");
  EXPECT_EQ(execution.state(), "Freed");
  EXPECT_EQ(execution.may(), "nobody");
}

TEST(WhoMayAccess, UnderLastDetachAttachedDevicesStayTheOwners) {
  Execution execution{{"device_ends", "last_detach"}};
  execution.map_device();
  execution.whole("unmap", with(kBidi));
  EXPECT_EQ(execution.state(), "DeviceOwned");
  execution.whole("begin", with(kTo));
  execution.whole("end", with(kTo));
  EXPECT_EQ(execution.state(), "DeviceOwned");
  execution.whole("detach", with(kBidi));
  EXPECT_EQ(execution.state(), "NonOwnedBacked");
}

TEST(WhoMayAccess, AMapInsideAWindowWaitsForItsEnd) {
  Execution execution;
  execution.whole("export");
  execution.whole("attach", with(kBidi));
  execution.whole("begin", with(kTo));
  execution.whole("map", with(kBidi));
  EXPECT_EQ(execution.may(), "writes");
  execution.whole("end", with(kTo));
  EXPECT_EQ(execution.may(), "devices");
}

TEST(WhoMayAccess, AMappingOwnsWhereThePolicySaysSo) {
  Execution execution{{"cpu_owns", "mapping"}};
  execution.whole("export");
  execution.whole("mmap");
  EXPECT_EQ(execution.state(), "CpuOwned");
  EXPECT_EQ(execution.may(), "reads+writes");
  execution.whole("munmap");
  EXPECT_EQ(execution.state(), "NonOwnedBacked");
  EXPECT_EQ(execution.may(), "nobody");
}

TEST(PoliciesOfCustody, CpuAccessWithoutAttachmentIsAllowedRefusedOrWithoutEffect) {
  Execution allows, refuses{{"cpu_unattached", "refuse"}}, idles{{"cpu_unattached", "no_effect"}};
  for (Execution* execution : {&allows, &refuses, &idles}) execution->whole("export");
  EXPECT_TRUE(allows.whole("begin", with(kTo)).takes_effect());
  EXPECT_EQ(rule_of(refuses.whole("begin", with(kTo))), "L8");
  EXPECT_FALSE(idles.whole("begin", with(kTo)).takes_effect());
  EXPECT_EQ(allows.state(), "CpuOwned");
  EXPECT_EQ(refuses.state(), "CpuOwned") << "a begin that succeeds all the same is applied";
  EXPECT_EQ(idles.state(), "NonOwnedBacked");
  EXPECT_TRUE(idles.custody.windows[0].idle);
}

TEST(PoliciesOfCustody, AMapInAWindowCanBeRefused) {
  Execution execution{{"map_in_window", "refuse"}};
  execution.whole("export");
  execution.whole("attach", with(kTo));
  execution.whole("begin", with(kTo));
  EXPECT_EQ(rule_of(execution.whole("map", with(kTo))), "L7");
  execution.whole("end", with(kTo));
  EXPECT_EQ(rule_of(execution.whole("map", with(kTo))), "");
}

TEST(PoliciesOfCustody, WhatNobodyOwnsIsKeptOrReleased) {
  Execution keeps, releases{{"backing", "at_first_use"}, {"leaves", "release"}};
  for (Execution* execution : {&keeps, &releases}) {
    execution->map_device();
    EXPECT_EQ(execution->state(), "DeviceOwned");
    execution->whole("unmap", with(kBidi));
  }
  EXPECT_EQ(keeps.state(), "NonOwnedBacked");
  EXPECT_EQ(releases.state(), "NonOwnedNonBacked");
}

}  // namespace
}  // namespace custody::model::test
