// SPDX-License-Identifier: BSD-2-Clause
// The belief room alone: what the caches may hold after accesses and operations, and where it is forked.
#include "checker/replay/belief.hpp"

#include <gtest/gtest.h>

#include "checker/replay/evidence.hpp"
#include "tests/checker/rooms/events.hpp"

namespace custody::checker::test {
namespace {

using model::Access;
using model::AccessSet;
using model::Operation;

constexpr std::uint64_t kSize = 4096;

replay::BufferBelief clean() {
  replay::BufferBelief belief;
  belief.begin(model::hardware_closure(model::start::kClean), true, kSize);
  return belief;
}

replay::Agents only(Access access) {
  replay::Agents agents;
  agents.contract = agents.whole_buffer = agents.worst = agents.if_not_coherent = AccessSet().add(access);
  return agents;
}

hindsight::DriverOperation operation(Operation op) {
  hindsight::DriverOperation driver;
  driver.operation = op;
  return driver;
}

TEST(BufferBelief, MeetsAStaleReadAfterADeviceMayHaveWritten) {
  replay::BufferBelief belief = clean();
  EXPECT_FALSE(belief.meets(Access::kCpuRead));
  belief.advance(only(Access::kDeviceWrite), {}, true);
  EXPECT_TRUE(belief.meets(Access::kCpuRead));
  belief.operate(operation(Operation::kInvalidate), {});
  EXPECT_FALSE(belief.meets(Access::kCpuRead));
}

TEST(BufferBelief, IsSettledAfterAFindingButNotInTheWorstCase) {
  replay::BufferBelief belief = clean();
  belief.advance(only(Access::kCpuWrite), {}, true);
  EXPECT_TRUE(belief.meets(Access::kDeviceRead));
  belief.settle({true, false}, {});
  EXPECT_FALSE(belief.meets(Access::kDeviceRead));
  EXPECT_FALSE(belief.has_no_effect(Operation::kClean, {})) << "it is the only clean, however late";
  EXPECT_FALSE(belief.proves_no_effect(Operation::kClean));
  EXPECT_TRUE(belief.is_mended());
  belief.operate(operation(Operation::kClean), {});
  belief.advance({}, {}, true);
  EXPECT_FALSE(belief.is_mended());
  EXPECT_TRUE(belief.has_no_effect(Operation::kClean, {}));
}

TEST(BufferBelief, ProvesNothingOfABufferWithUnknownHistory) {
  replay::BufferBelief belief;
  belief.begin(model::hardware_closure(model::start::kClean), false, kSize);
  EXPECT_TRUE(belief.has_no_effect(Operation::kClean, {}));
  EXPECT_FALSE(belief.proves_no_effect(Operation::kClean));
}

TEST(BufferBelief, ClaimsNoEffectOnlyIfTheForkAgrees) {
  replay::BufferBelief belief = clean();
  belief.fork();
  replay::Agents agents = only(Access::kCoherentRead);
  agents.if_not_coherent = AccessSet().add(Access::kDeviceWrite);
  belief.advance(agents, {}, true);
  EXPECT_FALSE(belief.has_no_effect(Operation::kInvalidate, {}));
  belief.join(true);
  EXPECT_TRUE(belief.has_no_effect(Operation::kInvalidate, {}));
}

TEST(BufferBelief, BecomesTheForkWhereTheDeviceDoesNotSnoop) {
  replay::BufferBelief belief = clean();
  belief.fork();
  replay::Agents agents;
  agents.if_not_coherent = AccessSet().add(Access::kDeviceWrite);
  belief.advance(agents, {}, true);
  EXPECT_FALSE(belief.meets(Access::kCpuRead));
  belief.join(false);
  EXPECT_TRUE(belief.meets(Access::kCpuRead));
}

TEST(BufferBelief, AccusesNobodyAfterALoss) {
  replay::BufferBelief belief = clean();
  belief.advance(only(Access::kCpuWrite), {}, true);
  belief.lose();
  EXPECT_FALSE(belief.meets(Access::kDeviceRead));
  EXPECT_FALSE(belief.proves_no_effect(Operation::kClean));
}

TEST(BufferBelief, TellsLinesApartByTheirRange) {
  replay::BufferBelief belief = clean();
  belief.tell_lines_apart({});
  belief.perform(AccessSet().add(Access::kDeviceWrite), {0, 64});
  EXPECT_TRUE(belief.meets(Access::kCpuRead, {0, 64}));
  EXPECT_FALSE(belief.meets(Access::kCpuRead, {64, 64}));
}

model::AccessSet accesses_if_mapped(std::size_t direction, const replay::DeviceState& device,
                                    bool likely_snoops = true) {
  model::Attachment attachment;
  attachment.maps[direction] = 1;
  return replay::accesses_of(replay::Importer{attachment, replay::AttachmentEvidence{}}, device, likely_snoops);
}

TEST(Agents, OfABouncedDeviceNeverTouchTheBuffer) {
  replay::DeviceState device;
  EXPECT_NE(accesses_if_mapped(0, device), AccessSet());
  device.bounced = true;
  EXPECT_EQ(accesses_if_mapped(0, device), AccessSet());
}

TEST(Agents, TakeALikelyDeviceForASnoopingOneOnlyIfAsked) {
  replay::DeviceState device;
  device.coherence = replay::Coherence::kLikely;
  EXPECT_EQ(accesses_if_mapped(1, device), AccessSet().add(Access::kCoherentRead));
  EXPECT_EQ(accesses_if_mapped(1, device, false), AccessSet().add(Access::kDeviceRead));
}

TEST(Place, OfAnOperationThatSaysNoOffsetIsUnknown) {
  traces::Event e = test::event(traces::EventKind::kSyncForCpu);
  e.maintenance.known = true;
  e.maintenance.bytes = 64;
  EXPECT_FALSE(replay::place_of(kSize, e, 0).known);
  EXPECT_TRUE(replay::is_partial(kSize, replay::place_of(kSize, e, 0)));
  e.maintenance.offset = 128;
  EXPECT_TRUE(replay::place_of(kSize, e, 0).known);
  EXPECT_EQ(replay::place_of(kSize, e, 0).range, (lines::ByteRange{128, 64}));
}

TEST(Place, OfADeviceWriteSpillsIntoAWindowThatSharesItsLine) {
  model::Custody windows;
  windows.state = model::at(model::kStates, "CpuOwned");
  windows.windows.push_back({1, model::Direction::kToDevice, {0, 64}, false, false, 2, 1});
  EXPECT_TRUE(replay::spills_into_window(windows, 128, {64, 64}));
  EXPECT_FALSE(replay::spills_into_window(windows, 64, {64, 64}));
  EXPECT_FALSE(replay::spills_into_window(windows, 0, {64, 64}));
}

TEST(Evidence, HushesHazardsOfASilentBufferAndKeepsLifetimeRules) {
  replay::Evidence evidence;
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
  replay::Evidence evidence;
  evidence.cache = replay::CacheKind::kUncached;
  RuleSet rules;
  rules.add(spec::RuleId::kM6);
  rules.add(spec::RuleId::kM3);
  evidence.hush(rules);
  EXPECT_TRUE(rules.has(spec::RuleId::kM6));
  EXPECT_FALSE(rules.has(spec::RuleId::kM3));
}

TEST(Evidence, NeedsNoAssumptionOnceADeviceOfKnownKindWrote) {
  replay::Evidence evidence;
  evidence.note_writer(replay::bit_of(Assumption::kDeviceNotCoherent));
  EXPECT_NE(evidence.assumed_of_stale(), 0U);
  evidence.note_writer(0);
  EXPECT_EQ(evidence.assumed_of_stale(), 0U);
}

}  // namespace
}  // namespace custody::checker::test
