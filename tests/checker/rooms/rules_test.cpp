// SPDX-License-Identifier: BSD-2-Clause
// Each rule alone: what breaks it, and the nearest thing that does not.
#include "checker/replay/rules.hpp"

#include <gtest/gtest.h>

namespace custody::checker {
namespace {

using model::Operation;
using spec::RuleId;

AccessFacts reader(bool snoops) {
  AccessFacts f;
  f.reads = true;
  f.snoops = snoops;
  f.memory_old = f.dirty = f.stale = true;
  return f;
}

AccessFacts writer(bool snoops) {
  AccessFacts f = reader(snoops);
  f.reads = false;
  f.writes = true;
  return f;
}

TEST(Rules, M1IsAboutReadersOfMemoryOnly) {
  EXPECT_TRUE(m1(reader(false)));
  EXPECT_FALSE(m1(reader(true)));
  EXPECT_FALSE(m1(writer(false)));
  AccessFacts f = reader(false);
  f.memory_old = false;
  EXPECT_FALSE(m1(f));
}

TEST(Rules, M2IsAboutWritersThatADirtyLineOrTheirOwnLineReaches) {
  EXPECT_TRUE(m2(writer(false)));
  EXPECT_FALSE(m2(writer(true)));
  EXPECT_FALSE(m2(reader(false)));
  AccessFacts f = writer(true);
  f.spills = true;
  EXPECT_TRUE(m2(f));
}

TEST(Rules, M3IsAboutReadersThroughTheCache) {
  EXPECT_TRUE(m3(reader(true)));
  EXPECT_FALSE(m3(reader(false)));
  EXPECT_FALSE(m3(writer(true)));
}

TEST(Rules, M4TakesThePlaceOfM3WhereTheInvalidateCameTooEarly) {
  AccessFacts f = reader(true);
  EXPECT_FALSE(m4(f));
  f.synced_early = true;
  EXPECT_TRUE(m4(f));
  EXPECT_FALSE(m3(f));
}

TEST(Rules, M4IsSaidBesideM3WhereADeviceStillWrites) {
  AccessFacts f = reader(true);
  f.write_pending = true;
  EXPECT_TRUE(m4(f));
  EXPECT_TRUE(m3(f));
  f.stale = false;
  EXPECT_FALSE(m4(f));
}

TEST(Rules, M5NeedsAPartialOperationOfTheKindThatIsMissing) {
  HandOverFacts f;
  f.dirty = true;
  EXPECT_FALSE(m5(f));
  f.done.partly_invalidated = true;
  EXPECT_FALSE(m5(f));
  f.done.partly_cleaned = true;
  EXPECT_TRUE(m5(f));
}

TEST(Rules, M8NeedsACallThatLedToAnotherOperation) {
  HandOverFacts f;
  f.stale = true;
  EXPECT_FALSE(m8(f));
  f.done.issued = true;
  EXPECT_TRUE(m8(f));
  f.done.cleaned = true;
  EXPECT_TRUE(m8(f));
  f.done.invalidated = true;
  EXPECT_FALSE(m8(f));
}

TEST(Rules, M6AsksTheSideThatIsTakenFrom) {
  EXPECT_TRUE(m6({true, true, true, false}));
  EXPECT_FALSE(m6({true, true, false, true}));
  EXPECT_TRUE(m6({true, false, false, true}));
  EXPECT_FALSE(m6({true, false, true, false}));
  EXPECT_FALSE(m6({false, true, true, true}));
}

TEST(Rules, M7NeedsALiveKernelMapping) {
  EXPECT_TRUE(m7(false));
  EXPECT_FALSE(m7(true));
}

TEST(Rules, M9IsAboutWritesOfAPart) {
  AccessFacts f = writer(true);
  EXPECT_FALSE(m9(f));
  f.part_over_stale = true;
  EXPECT_TRUE(m9(f));
}

TEST(Rules, M10IsSaidOnceOfAnInvalidateBeforeADeviceWrites) {
  OperationFacts f{Operation::kInvalidate, true, true, false, true, false};
  EXPECT_TRUE(m10(f));
  f.warned = true;
  EXPECT_FALSE(m10(f));
  EXPECT_TRUE(loses_data(f));
  f.hands_to_device = false;
  EXPECT_TRUE(m10(f));
  f.touched = false;
  EXPECT_FALSE(m10(f));
}

TEST(Rules, M10CountsALossByWritingBackOnlyWhereLinesAreToldApart) {
  OperationFacts f{Operation::kClean, true, true, false, true, false};
  EXPECT_FALSE(m10(f));
  f.line_by_line = true;
  EXPECT_TRUE(m10(f));
}

TEST(Rules, L1AndR2NeedAHistoryThatIsKnown) {
  MappingFacts f;
  f.syncs = true;
  EXPECT_TRUE(broken_by(f).empty());
  f.is_known = true;
  EXPECT_TRUE(l1(f));
  EXPECT_TRUE(r2(f));
  f.is_live = true;
  EXPECT_FALSE(l1(f));
}

TEST(Rules, L2AndL4AndL14CompareTheTwoEndsOfAMapping) {
  MappingFacts f;
  f.is_known = f.is_live = f.unmaps = true;
  EXPECT_TRUE(broken_by(f).empty());
  f.other_device = f.other_skip = f.other_entries = true;
  EXPECT_TRUE(l2(f));
  EXPECT_TRUE(l4(f));
  EXPECT_TRUE(l14(f));
  f.unmaps = false;
  EXPECT_FALSE(l4(f));
}

TEST(Rules, L3LetsASyncHaveTheDirectionOfItsWindow) {
  DirectionFacts f;
  f.is_within = f.is_same = false;
  EXPECT_TRUE(l3(f));
  f.is_callers = true;
  EXPECT_FALSE(l3(f));
  f.undoes = true;
  EXPECT_TRUE(l3(f));
  f.told_of_caller = true;
  EXPECT_FALSE(l3(f));
}

TEST(Rules, L5IsAnUnmapOfNothingOrAMappingThatOutlivesItsBuffer) {
  MappingFacts f;
  f.is_known = f.unmaps = true;
  EXPECT_TRUE(l5(f));
  f.is_live = true;
  EXPECT_FALSE(l5(f));
  f.outlives = true;
  EXPECT_TRUE(l5(f));
}

TEST(Rules, L8NeedsAWindowUnlessMappingsAreTrusted) {
  EXPECT_TRUE(l8(false, false));
  EXPECT_FALSE(l8(true, false));
  EXPECT_FALSE(l8(false, true));
}

TEST(Rules, L9IsASecondMapOfOneTable) {
  MappingFacts f;
  f.is_known = f.is_live = f.maps = true;
  EXPECT_FALSE(l9(f));
  f.again = true;
  EXPECT_TRUE(l9(f));
}

TEST(Rules, L10AndL13SayWhatTheyAreTold) {
  Release release;
  EXPECT_FALSE(l10(release));
  release.done = true;
  EXPECT_TRUE(l10(release));
  EXPECT_TRUE(l13(true));
  EXPECT_FALSE(l13(false));
}

TEST(Rules, R1IsToldOnceOfACoherentDevice) {
  FreeSyncFacts f;
  f.syncs = f.coherent = true;
  EXPECT_TRUE(r1(f));
  f.told = true;
  EXPECT_FALSE(r1(f));
  f.told = false;
  f.illegal = true;
  EXPECT_FALSE(r1(f));
}

TEST(Rules, R3AndR4FollowTheOperation) {
  RedundancyFacts f;
  f.operation = Operation::kClean;
  EXPECT_TRUE(r3(f));
  EXPECT_FALSE(r4(f));
  f.operation = Operation::kCleanInvalidate;
  EXPECT_TRUE(r3(f));
  EXPECT_TRUE(r4(f));
}

TEST(Rules, R5AndR6AndR7SayWhy) {
  RedundancyFacts f;
  EXPECT_TRUE(broken_by(f).empty());
  f.passes_on = true;
  EXPECT_TRUE(r5(f));
  f = {};
  f.repeats_in_window = true;
  EXPECT_TRUE(r5(f));
  f = {};
  f.back_to_back = true;
  EXPECT_TRUE(r6(f));
  EXPECT_FALSE(r5(f));
  f = {};
  f.uncached = true;
  EXPECT_TRUE(r7(f));
}

TEST(Rules, R8NeedsWidthOfDirectionOrRange) {
  WidthFacts f;
  f.operated = f.syncs = true;
  f.bytes = 4096;
  EXPECT_FALSE(r8(f));
  f.caller_bytes = 256;
  EXPECT_TRUE(r8(f));
  f.caller_bytes = 257;
  EXPECT_FALSE(r8(f));
  f.within_caller = false;
  EXPECT_FALSE(r8(f));
  f.had_effect = false;
  EXPECT_TRUE(r8(f));
}

TEST(Rules, SettlesWhatTheMissingSyncWouldHaveDone) {
  RuleSet rules;
  rules.add(RuleId::kM2);
  EXPECT_TRUE(settlement_of(rules).cleaned);
  EXPECT_FALSE(settlement_of(rules).invalidated);
  rules.add(RuleId::kM4);
  EXPECT_TRUE(settlement_of(rules).invalidated);
}

}  // namespace
}  // namespace custody::checker
