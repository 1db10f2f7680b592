// SPDX-License-Identifier: BSD-2-Clause
// The belief room alone: what the caches may hold after accesses and operations, and where it is forked.
#include "checker/replay/belief.hpp"

#include <gtest/gtest.h>

#include "checker/replay/evidence.hpp"
#include "tests/checker/rooms/events.hpp"

namespace custody::checker {
namespace {

using model::Access;
using model::AccessSet;
using model::Operation;

constexpr std::uint64_t kSize = 4096;

BufferBelief clean() {
  BufferBelief belief;
  belief.begin(model::hardware_closure(model::start::kClean), true, kSize);
  return belief;
}

Agents only(Access access) {
  Agents agents;
  agents.contract = agents.whole_buffer = agents.worst = agents.if_not_coherent = AccessSet().add(access);
  return agents;
}

DriverOperation operation(Operation op) {
  DriverOperation driver;
  driver.operation = op;
  return driver;
}

TEST(BufferBelief, MeetsAStaleReadAfterADeviceMayHaveWritten) {
  BufferBelief belief = clean();
  EXPECT_FALSE(belief.meets(Access::kCpuRead));
  belief.advance(only(Access::kDeviceWrite), {}, true);
  EXPECT_TRUE(belief.meets(Access::kCpuRead));
  belief.operate(operation(Operation::kInvalidate), {});
  EXPECT_FALSE(belief.meets(Access::kCpuRead));
}

TEST(BufferBelief, IsSettledAfterAFindingButNotInTheWorstCase) {
  BufferBelief belief = clean();
  belief.advance(only(Access::kCpuWrite), {}, true);
  EXPECT_TRUE(belief.meets(Access::kDeviceRead));
  belief.settle({true, false}, {});
  EXPECT_FALSE(belief.meets(Access::kDeviceRead));
  EXPECT_TRUE(belief.has_no_effect(Operation::kClean, {}));
  EXPECT_FALSE(belief.proves_no_effect(Operation::kClean));
}

TEST(BufferBelief, ProvesNothingOfABufferWithUnknownHistory) {
  BufferBelief belief;
  belief.begin(model::hardware_closure(model::start::kClean), false, kSize);
  EXPECT_TRUE(belief.has_no_effect(Operation::kClean, {}));
  EXPECT_FALSE(belief.proves_no_effect(Operation::kClean));
}

TEST(BufferBelief, ClaimsNoEffectOnlyIfTheForkAgrees) {
  BufferBelief belief = clean();
  belief.fork();
  Agents agents = only(Access::kCoherentRead);
  agents.if_not_coherent = AccessSet().add(Access::kDeviceWrite);
  belief.advance(agents, {}, true);
  EXPECT_FALSE(belief.has_no_effect(Operation::kInvalidate, {}));
  belief.join(true);
  EXPECT_TRUE(belief.has_no_effect(Operation::kInvalidate, {}));
}

TEST(BufferBelief, BecomesTheForkWhereTheDeviceDoesNotSnoop) {
  BufferBelief belief = clean();
  belief.fork();
  Agents agents;
  agents.if_not_coherent = AccessSet().add(Access::kDeviceWrite);
  belief.advance(agents, {}, true);
  EXPECT_FALSE(belief.meets(Access::kCpuRead));
  belief.join(false);
  EXPECT_TRUE(belief.meets(Access::kCpuRead));
}

TEST(BufferBelief, AccusesNobodyAfterALoss) {
  BufferBelief belief = clean();
  belief.advance(only(Access::kCpuWrite), {}, true);
  belief.lose();
  EXPECT_FALSE(belief.meets(Access::kDeviceRead));
  EXPECT_FALSE(belief.proves_no_effect(Operation::kClean));
}

TEST(BufferBelief, TellsLinesApartByTheirRange) {
  BufferBelief belief = clean();
  belief.tell_lines_apart({});
  belief.perform(Access::kDeviceWrite, {0, 64});
  EXPECT_TRUE(belief.meets(Access::kCpuRead, {0, 64}));
  EXPECT_FALSE(belief.meets(Access::kCpuRead, {64, 64}));
}

model::AccessSet accesses_if_mapped(std::size_t direction, const DeviceState& device, bool likely_snoops = true) {
  model::Attachment attachment;
  attachment.maps[direction] = 1;
  return accesses_of(Importer{attachment, AttachmentEvidence{}}, device, likely_snoops);
}

TEST(Agents, OfABouncedDeviceNeverTouchTheBuffer) {
  DeviceState device;
  EXPECT_NE(accesses_if_mapped(0, device), AccessSet());
  device.bounced = true;
  EXPECT_EQ(accesses_if_mapped(0, device), AccessSet());
}

TEST(Agents, TakeALikelyDeviceForASnoopingOneOnlyIfAsked) {
  DeviceState device;
  device.coherence = Coherence::kLikely;
  EXPECT_EQ(accesses_if_mapped(1, device), AccessSet().add(Access::kCoherentRead));
  EXPECT_EQ(accesses_if_mapped(1, device, false), AccessSet().add(Access::kDeviceRead));
}

TEST(Place, OfAnOperationThatSaysNoOffsetIsUnknown) {
  traces::Event e = test::event(traces::EventKind::kSyncForCpu);
  e.maintenance.known = true;
  e.maintenance.bytes = 64;
  EXPECT_FALSE(place_of(kSize, e, 0).known);
  EXPECT_TRUE(is_partial(kSize, place_of(kSize, e, 0)));
  e.maintenance.offset = 128;
  EXPECT_TRUE(place_of(kSize, e, 0).known);
  EXPECT_EQ(place_of(kSize, e, 0).range, (ByteRange{128, 64}));
}

TEST(Place, OfADeviceWriteSpillsIntoAWindowThatSharesItsLine) {
  model::Custody windows;
  windows.state = model::at(model::kStates, "CpuOwned");
  windows.windows.push_back({1, model::Direction::kToDevice, {0, 64}, false, false, 2, 1, false});
  EXPECT_TRUE(spills_into_window(windows, 128, {64, 64}));
  EXPECT_FALSE(spills_into_window(windows, 64, {64, 64}));
  EXPECT_FALSE(spills_into_window(windows, 0, {64, 64}));
}

TEST(Evidence, HushesHazardsOfASilentBufferAndKeepsLifetimeRules) {
  Evidence evidence;
  evidence.silent = true;
  RuleSet rules;
  rules.add(spec::RuleId::kM3);
  rules.add(spec::RuleId::kM10);
  rules.add(spec::RuleId::kL1);
  evidence.hush(rules);
  RuleSet left;
  left.add(spec::RuleId::kL1);
  EXPECT_EQ(rules, left);
}

TEST(Evidence, KeepsAMissingCopyOfUncachedMemory) {
  Evidence evidence;
  evidence.cache = CacheKind::kUncached;
  RuleSet rules;
  rules.add(spec::RuleId::kM6);
  rules.add(spec::RuleId::kM3);
  evidence.hush(rules);
  EXPECT_TRUE(rules.has(spec::RuleId::kM6));
  EXPECT_FALSE(rules.has(spec::RuleId::kM3));
}

TEST(Evidence, NeedsNoAssumptionOnceADeviceOfKnownKindWrote) {
  Evidence evidence;
  evidence.note_writer(bit_of(Assumption::kDeviceNotCoherent));
  EXPECT_NE(evidence.assumed_of_stale(), 0U);
  evidence.note_writer(0);
  EXPECT_EQ(evidence.assumed_of_stale(), 0U);
}

}  // namespace
}  // namespace custody::checker
