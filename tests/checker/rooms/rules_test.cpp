// SPDX-License-Identifier: BSD-2-Clause
// Each rule alone: what breaks it, and the nearest thing that does not.
#include "checker/replay/rules.hpp"

#include <gtest/gtest.h>

namespace custody::checker::test {
namespace {

using model::Operation;
using spec::RuleId;

replay::AccessFacts reader(bool snoops) {
  replay::AccessFacts f;
  f.reads = true;
  f.snoops = snoops;
  f.memory_old = f.dirty = f.stale = true;
  return f;
}

replay::AccessFacts writer(bool snoops) {
  replay::AccessFacts f = reader(snoops);
  f.reads = false;
  f.writes = true;
  return f;
}

TEST(Rules, M1IsAboutReadersOfMemoryOnly) {
  EXPECT_TRUE(replay::m1(reader(false)));
  EXPECT_FALSE(replay::m1(reader(true)));
  EXPECT_FALSE(replay::m1(writer(false)));
  replay::AccessFacts f = reader(false);
  f.memory_old = false;
  EXPECT_FALSE(replay::m1(f));
}

TEST(Rules, M2IsAboutWritersThatADirtyLineOrTheirOwnLineReaches) {
  EXPECT_TRUE(replay::m2(writer(false)));
  EXPECT_FALSE(replay::m2(writer(true)));
  EXPECT_FALSE(replay::m2(reader(false)));
  replay::AccessFacts f = writer(true);
  f.spills = true;
  EXPECT_TRUE(replay::m2(f));
}

TEST(Rules, M3IsAboutReadersThroughTheCache) {
  EXPECT_TRUE(replay::m3(reader(true)));
  EXPECT_FALSE(replay::m3(reader(false)));
  EXPECT_FALSE(replay::m3(writer(true)));
}

TEST(Rules, M4TakesThePlaceOfM3WhereTheInvalidateCameTooEarly) {
  replay::AccessFacts f = reader(true);
  EXPECT_FALSE(replay::m4(f));
  f.synced_early = true;
  EXPECT_TRUE(replay::m4(f));
  EXPECT_FALSE(replay::m3(f));
}

TEST(Rules, M4IsSaidBesideM3WhereADeviceStillWrites) {
  replay::AccessFacts f = reader(true);
  f.write_pending = true;
  EXPECT_TRUE(replay::m4(f));
  EXPECT_TRUE(replay::m3(f));
  f.stale = false;
  EXPECT_FALSE(replay::m4(f));
}

TEST(Rules, M5NeedsAPartialOperationOfTheKindThatIsMissing) {
  replay::HandOverFacts f;
  f.dirty = true;
  EXPECT_FALSE(replay::m5(f));
  f.done.partly_invalidated = true;
  EXPECT_FALSE(replay::m5(f));
  f.done.partly_cleaned = true;
  EXPECT_TRUE(replay::m5(f));
}

TEST(Rules, M8NeedsACallThatLedToAnotherOperation) {
  replay::HandOverFacts f;
  f.stale = true;
  EXPECT_FALSE(replay::m8(f));
  f.done.issued = true;
  EXPECT_TRUE(replay::m8(f));
  f.done.cleaned = true;
  EXPECT_TRUE(replay::m8(f));
  f.done.invalidated = true;
  EXPECT_FALSE(replay::m8(f));
}

TEST(Rules, M6AsksTheSideThatIsTakenFrom) {
  EXPECT_TRUE(replay::m6({true, true, true, false}));
  EXPECT_FALSE(replay::m6({true, true, false, true}));
  EXPECT_TRUE(replay::m6({true, false, false, true}));
  EXPECT_FALSE(replay::m6({true, false, true, false}));
  EXPECT_FALSE(replay::m6({false, true, true, true}));
}

TEST(Rules, M7NeedsALiveKernelMapping) {
  EXPECT_TRUE(replay::m7(false));
  EXPECT_FALSE(replay::m7(true));
}

TEST(Rules, M9IsAboutWritesOfAPart) {
  replay::AccessFacts f = writer(true);
  EXPECT_FALSE(replay::m9(f));
  f.part_over_stale = true;
  EXPECT_TRUE(replay::m9(f));
}

TEST(Rules, M10IsSaidOnceOfAnInvalidateBeforeADeviceWrites) {
  replay::OperationFacts f{Operation::kInvalidate, true, true, false, true, false};
  EXPECT_TRUE(replay::m10(f));
  f.warned = true;
  EXPECT_FALSE(replay::m10(f));
  EXPECT_TRUE(replay::loses_data(f));
  f.hands_to_device = false;
  EXPECT_TRUE(replay::m10(f));
  f.touched = false;
  EXPECT_FALSE(replay::m10(f));
}

TEST(Rules, M10IsSaidEachTimeOfWhatSomebodyWrote) {
  replay::OperationFacts f{Operation::kInvalidate, true, true, false, true, true};
  EXPECT_TRUE(replay::loses_zeroes(f));
  f.written = true;
  EXPECT_FALSE(replay::loses_zeroes(f));
  EXPECT_TRUE(replay::m10(f));
}

TEST(Rules, M10CountsALossByWritingBackOnlyWhereLinesAreToldApart) {
  replay::OperationFacts f{Operation::kClean, true, true, false, true, false};
  EXPECT_FALSE(replay::m10(f));
  f.line_by_line = true;
  EXPECT_TRUE(replay::m10(f));
}

TEST(Rules, L1AndR2NeedAHistoryThatIsKnown) {
  replay::MappingFacts f;
  f.syncs = true;
  EXPECT_TRUE(replay::broken_by(f).empty());
  f.is_known = true;
  EXPECT_TRUE(replay::l1(f));
  EXPECT_TRUE(replay::r2(f));
  f.is_live = true;
  EXPECT_FALSE(replay::l1(f));
}

TEST(Rules, L2AndL4AndL14CompareTheTwoEndsOfAMapping) {
  replay::MappingFacts f;
  f.is_known = f.is_live = f.unmaps = true;
  EXPECT_TRUE(replay::broken_by(f).empty());
  f.other_device = f.other_skip = f.other_entries = true;
  EXPECT_TRUE(replay::l2(f));
  EXPECT_TRUE(replay::l4(f));
  EXPECT_TRUE(replay::l14(f));
  f.unmaps = false;
  EXPECT_FALSE(replay::l4(f));
}

TEST(Rules, L3LetsASyncHaveTheDirectionOfItsWindow) {
  replay::DirectionFacts f;
  f.is_within = f.is_same = false;
  EXPECT_TRUE(replay::l3(f));
  f.is_callers = true;
  EXPECT_FALSE(replay::l3(f));
  f.undoes = true;
  EXPECT_TRUE(replay::l3(f));
  f.told_of_caller = true;
  EXPECT_FALSE(replay::l3(f));
}

TEST(Rules, L5IsAnUnmapOfNothingOrAMappingThatOutlivesItsBuffer) {
  replay::MappingFacts f;
  f.is_known = f.unmaps = true;
  EXPECT_TRUE(replay::l5(f));
  f.is_live = true;
  EXPECT_FALSE(replay::l5(f));
  f.outlives = true;
  EXPECT_TRUE(replay::l5(f));
}

TEST(Rules, L8NeedsAWindowUnlessMappingsAreTrusted) {
  EXPECT_TRUE(replay::l8(false, false));
  EXPECT_FALSE(replay::l8(true, false));
  EXPECT_FALSE(replay::l8(false, true));
}

TEST(Rules, A1IsAboutKernelMappingsOfWhichTheTraceHasCallsOnly) {
  EXPECT_TRUE(replay::a1(true, false));
  EXPECT_FALSE(replay::a1(false, false));
  EXPECT_FALSE(replay::a1(true, true));
}

TEST(Rules, A2IsAboutWritersThatTheCpuCacheDoesNotShow) {
  EXPECT_TRUE(replay::a2({true, false, false}));
  EXPECT_FALSE(replay::a2({false, false, false}));
  EXPECT_FALSE(replay::a2({true, true, false})) << "the trace has all accesses";
  EXPECT_FALSE(replay::a2({true, false, true})) << "they are judged as accesses";
}

TEST(Rules, L9IsASecondMapOfOneTable) {
  replay::MappingFacts f;
  f.is_known = f.is_live = f.maps = true;
  EXPECT_FALSE(replay::l9(f));
  f.again = true;
  EXPECT_TRUE(replay::l9(f));
}

TEST(Rules, L10AndL13SayWhatTheyAreTold) {
  replay::Release release;
  EXPECT_FALSE(replay::l10(release));
  release.done = true;
  EXPECT_TRUE(replay::l10(release));
  EXPECT_TRUE(replay::l13(true));
  EXPECT_FALSE(replay::l13(false));
}

TEST(Rules, R1IsToldOnceOfACoherentDevice) {
  replay::FreeSyncFacts f;
  f.syncs = f.coherent = true;
  EXPECT_TRUE(replay::r1(f));
  f.told = true;
  EXPECT_FALSE(replay::r1(f));
  f.told = false;
  f.illegal = true;
  EXPECT_FALSE(replay::r1(f));
}

TEST(Rules, R3AndR4FollowTheOperation) {
  replay::RedundancyFacts f;
  f.operation = Operation::kClean;
  EXPECT_TRUE(replay::r3(f));
  EXPECT_FALSE(replay::r4(f));
  f.operation = Operation::kCleanInvalidate;
  EXPECT_TRUE(replay::r3(f));
  EXPECT_TRUE(replay::r4(f));
}

TEST(Rules, R5AndR6AndR7SayWhy) {
  replay::RedundancyFacts f;
  EXPECT_TRUE(replay::broken_by(f).empty());
  f.passes_on = true;
  EXPECT_TRUE(replay::r5(f));
  f = {};
  f.repeats_in_window = true;
  EXPECT_TRUE(replay::r5(f));
  f = {};
  f.back_to_back = true;
  EXPECT_TRUE(replay::r6(f));
  EXPECT_FALSE(replay::r5(f));
  f = {};
  f.uncached = true;
  EXPECT_TRUE(replay::r7(f));
}

TEST(Rules, R8NeedsWidthOfDirectionOrRange) {
  replay::WidthFacts f;
  f.operated = f.syncs = true;
  f.bytes = 4096;
  EXPECT_FALSE(replay::r8(f));
  f.caller_bytes = 256;
  EXPECT_TRUE(replay::r8(f));
  f.caller_bytes = 257;
  EXPECT_FALSE(replay::r8(f));
  f.within_caller = false;
  EXPECT_FALSE(replay::r8(f));
  f.had_effect = false;
  EXPECT_TRUE(replay::r8(f));
}

TEST(Rules, SettlesWhatTheMissingSyncWouldHaveDone) {
  RuleSet rules;
  rules.add(RuleId::kM2);
  EXPECT_TRUE(replay::settlement_of(rules).cleaned);
  EXPECT_FALSE(replay::settlement_of(rules).invalidated);
  rules.add(RuleId::kM4);
  EXPECT_TRUE(replay::settlement_of(rules).invalidated);
}

}  // namespace
}  // namespace custody::checker::test
