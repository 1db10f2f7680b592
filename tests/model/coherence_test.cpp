// SPDX-License-Identifier: BSD-2-Clause
// Every cell of the automaton's table, its hazards and losses, and the cases that people ask about, by hand.
#include "model/coherence.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace custody::model::test {
namespace {

/// Memory, then the line: `c` current and `o` old; `--` absent, `cc` and `co` clean, `dc` and `do` dirty.
constexpr std::string_view kNames[kLineStates] = {"c--", "o--", "ccc", "occ", "cco", "oco", "cdc", "odc", "cdo", "odo"};

Belief state(std::string_view name) {
  for (unsigned s = 0; s < kLineStates; ++s)
    if (kNames[s] == name) return only(memory_of(s), line_of(s));
  ADD_FAILURE() << "no state " << name;
  return {};
}

std::string words(Belief b) {
  std::string text;
  for (unsigned s = 0; s < kLineStates; ++s)
    if (((b.bits >> s) & 1U) != 0) text += (text.empty() ? "" : " ") + std::string(kNames[s]);
  return text;
}

// clang-format off
/// What one event makes of each state.
struct Cell { std::string_view from, stores_line, stores_part, device_writes, snooping_write, snooping_write_dirty, clean, invalidate, both, hardware; };
constexpr Cell kCells[] = {
  // from   line   part   device snoops dirty  clean  inval  both   hardware
  {"c--", "odc", "odc", "c--", "c--", "odc", "c--", "c--", "c--", "ccc"},
  {"o--", "odc", "odo", "c--", "c--", "odc", "o--", "o--", "o--", "oco"},
  {"ccc", "odc", "odc", "cco", "c--", "odc", "ccc", "c--", "c--", "c--"},
  {"occ", "odc", "odc", "cco", "c--", "odc", "occ", "o--", "o--", "o--"},
  {"cco", "odc", "cdo", "cco", "c--", "odc", "cco", "c--", "c--", "c--"},
  {"oco", "odc", "odo", "cco", "c--", "odc", "oco", "o--", "o--", "o--"},
  {"cdc", "odc", "odc", "cdo", "c--", "odc", "ccc", "c--", "c--", "ccc"},
  {"odc", "odc", "odc", "cdo", "c--", "odc", "ccc", "o--", "c--", "ccc"},
  {"cdo", "odc", "cdo", "cdo", "c--", "odc", "oco", "c--", "o--", "oco"},
  {"odo", "odc", "odo", "cdo", "c--", "odc", "oco", "o--", "o--", "oco"},
};
static_assert(std::size(kCells) == kLineStates);
/// Who goes wrong in each state, and which operation destroys a write.
struct Danger { std::string_view in; bool reader_through_cache, reader_of_memory, writer_of_memory, clean_loses, invalidate_loses, both_loses; };
constexpr Danger kDangers[] = {
  // in    through memory writer  clean  inval  both
  {"c--", false, false, false, false, false, false},
  {"o--", true,  true,  false, false, false, false},
  {"ccc", false, false, false, false, false, false},
  {"occ", false, true,  false, false, false, false},
  {"cco", true,  false, false, false, false, false},
  {"oco", true,  true,  false, false, false, false},
  {"cdc", false, false, true,  false, false, false},
  {"odc", false, true,  true,  false, true,  false},
  {"cdo", true,  false, true,  true,  false, true},
  {"odo", true,  true,  true,  false, false, false},
};
static_assert(std::size(kDangers) == kLineStates);
// clang-format on

constexpr std::array kRun = {Operation::kClean, Operation::kInvalidate, Operation::kCleanInvalidate};

AccessSet may(std::initializer_list<Access> accesses) {
  AccessSet set;
  for (const Access a : accesses) set.add(a);
  return set;
}

TEST(Coherence, AStateIsItsMemoryAndItsLine) {
  for (unsigned s = 0; s < kLineStates; ++s) {
    EXPECT_EQ(state_index(memory_of(s), line_of(s)), s);
    EXPECT_EQ(memory_of(s) == Memory::kCurrent ? 'c' : 'o', kNames[s].front());
  }
}

TEST(Coherence, ACpuWriteMakesTheLineTheOnlyCopy) {
  for (const Cell& c : kCells) EXPECT_EQ(words(perform(Access::kCpuWrite, state(c.from))), c.stores_line) << c.from;
}

TEST(Coherence, AStoreIntoAPartOfAStaleLineLeavesTheRestOld) {
  for (const Cell& c : kCells) EXPECT_EQ(words(perform(Access::kCpuWritePart, state(c.from))), c.stores_part) << c.from;
}

TEST(Coherence, ADeviceWriteMakesWhatIsCachedOld) {
  for (const Cell& c : kCells)
    EXPECT_EQ(words(perform(Access::kDeviceWrite, state(c.from))), c.device_writes) << c.from;
}

TEST(Coherence, ACoherentWriteLeavesTheLineAbsentOrDirtyCurrent) {
  for (const Cell& c : kCells) {
    EXPECT_EQ(words(perform(Access::kCoherentWrite, state(c.from))), c.snooping_write) << c.from;
    EXPECT_EQ(words(perform(Access::kCoherentWriteDirty, state(c.from))), c.snooping_write_dirty) << c.from;
  }
}

TEST(Coherence, AReadChangesNothing) {
  for (const Cell& c : kCells)
    for (const Access a : {Access::kCpuRead, Access::kDeviceRead, Access::kCoherentRead})
      EXPECT_EQ(words(perform(a, state(c.from))), c.from);
}

TEST(Coherence, ACleanWritesADirtyLineBackAndTouchesNoOther) {
  for (const Cell& c : kCells) EXPECT_EQ(words(apply(Operation::kClean, state(c.from))), c.clean) << c.from;
}

TEST(Coherence, AnInvalidateDropsTheLineAndLeavesMemory) {
  for (const Cell& c : kCells) EXPECT_EQ(words(apply(Operation::kInvalidate, state(c.from))), c.invalidate) << c.from;
}

TEST(Coherence, ACleanInvalidateWritesBackAndDrops) {
  for (const Cell& c : kCells) EXPECT_EQ(words(apply(Operation::kCleanInvalidate, state(c.from))), c.both) << c.from;
}

TEST(Coherence, NoOperationChangesNothing) {
  for (const Cell& c : kCells) EXPECT_EQ(words(apply(Operation::kNone, state(c.from))), c.from);
}

TEST(Coherence, TheHardwareFillsDropsAndWritesBackByItself) {
  for (const Cell& c : kCells) {
    const Belief closed = hardware_closure(state(c.from));
    EXPECT_TRUE(closed.intersects(state(c.from))) << c.from;
    EXPECT_TRUE(closed.intersects(state(c.hardware))) << c.from;
    EXPECT_EQ(closed, state(c.from) | hardware_closure(state(c.hardware))) << c.from;
  }
}

TEST(Coherence, AHazardIsAReaderOfOldDataOrAWriterUnderADirtyLine) {
  for (const Danger& d : kDangers) {
    const Belief b = state(d.in);
    EXPECT_EQ(is_hazard(Access::kCpuRead, b), d.reader_through_cache) << d.in;
    EXPECT_EQ(is_hazard(Access::kCoherentRead, b), d.reader_through_cache) << d.in;
    EXPECT_EQ(is_hazard(Access::kCpuWritePart, b), d.reader_through_cache) << d.in;
    EXPECT_EQ(is_hazard(Access::kDeviceRead, b), d.reader_of_memory) << d.in;
    EXPECT_EQ(is_hazard(Access::kDeviceWrite, b), d.writer_of_memory) << d.in;
    EXPECT_FALSE(is_hazard(Access::kCpuWrite, b)) << d.in;
    EXPECT_FALSE(is_hazard(Access::kCoherentWrite, b)) << d.in;
    EXPECT_FALSE(is_hazard(Access::kCoherentWriteDirty, b)) << d.in;
  }
}

TEST(Coherence, AnOperationLosesTheOnlyCopyOrWhatIsNewerInMemory) {
  for (const Danger& d : kDangers) {
    const Belief b = state(d.in);
    EXPECT_EQ(can_lose(Operation::kClean, b), d.clean_loses) << d.in;
    EXPECT_EQ(can_lose(Operation::kInvalidate, b), d.invalidate_loses) << d.in;
    EXPECT_EQ(can_lose(Operation::kCleanInvalidate, b), d.both_loses) << d.in;
    EXPECT_FALSE(can_lose(Operation::kNone, b)) << d.in;
  }
}

TEST(Coherence, ASetOfStatesMovesAsItsMembersDo) {
  for (unsigned bits = 0; bits < (1U << kLineStates); ++bits) {
    const Belief b{static_cast<std::uint16_t>(bits)};
    const Belief first{static_cast<std::uint16_t>(bits & (~bits + 1U))};
    const Belief rest{static_cast<std::uint16_t>(bits & (bits - 1U))};
    for (unsigned op = 0; op < kOperations; ++op) {
      const auto o = static_cast<Operation>(op);
      ASSERT_EQ(apply(o, b), apply(o, first) | apply(o, rest));
    }
    for (unsigned a = 0; a < kAccesses; ++a) {
      const auto access = static_cast<Access>(a);
      ASSERT_EQ(perform(access, b), perform(access, first) | perform(access, rest));
    }
    for (unsigned agents = 0; agents < 256; ++agents) {
      const AccessSet set{static_cast<std::uint8_t>(agents)};
      ASSERT_EQ(advance(b, set), advance(first, set) | advance(rest, set));
    }
  }
}

TEST(Coherence, AnAdvancedBeliefIsClosedAndHoldsWhatItWas) {
  for (unsigned bits = 0; bits < (1U << kLineStates); ++bits)
    for (unsigned agents = 0; agents < 256; ++agents) {
      const Belief b{static_cast<std::uint16_t>(bits)};
      const AccessSet set{static_cast<std::uint8_t>(agents)};
      const Belief closed = advance(b, set);
      ASSERT_EQ(b | closed, closed);
      ASSERT_EQ(advance(closed, set), closed);
      ASSERT_EQ(hardware_closure(closed), closed);
      for (unsigned a = 0; a < kAccesses; ++a) {
        const auto access = static_cast<Access>(a);
        ASSERT_TRUE(!set.has(access) || (perform(access, closed) | closed) == closed);
      }
    }
}

TEST(Coherence, MoreAgentsNeverMakeFewerStates) {
  for (unsigned bits = 0; bits < (1U << kLineStates); ++bits)
    for (unsigned agents = 0; agents < 256; ++agents)
      for (unsigned more = 0; more < kAccesses; ++more) {
        const Belief b{static_cast<std::uint16_t>(bits)};
        AccessSet set{static_cast<std::uint8_t>(agents)};
        const Belief fewer = advance(b, set);
        set.add(static_cast<Access>(more));
        ASSERT_EQ(fewer | advance(b, set), advance(b, set));
      }
}

TEST(Coherence, NothingIsLeftOfNoState) {
  EXPECT_TRUE(Belief{}.empty());
  for (const Operation op : kRun) EXPECT_TRUE(apply(op, Belief{}).empty());
  EXPECT_TRUE(advance(Belief{}, AccessSet{255}).empty());
  EXPECT_FALSE(is_hazard(Access::kCpuRead, Belief{}));
}

TEST(Coherence, DoingNothingNeverHasAnEffect) {
  for (const Belief b : {start::kDirty, start::kClean, start::kAnything})
    EXPECT_TRUE(has_no_effect(Operation::kNone, hardware_closure(b)));
}

TEST(Coherence, ACleanOfADirtyBufferIsNeededOnce) {
  const Belief dirty = hardware_closure(start::kDirty);
  EXPECT_FALSE(has_no_effect(Operation::kClean, dirty));

  const Belief cleaned = hardware_closure(apply(Operation::kClean, dirty));

  for (const Operation op : kRun) EXPECT_TRUE(has_no_effect(op, cleaned));
}

TEST(Coherence, AnInvalidateAfterADeviceWriteHasAnEffectAndACleanHasNone) {
  const Belief written = advance(start::kClean, may({Access::kDeviceWrite}));
  EXPECT_TRUE(is_hazard(Access::kCpuRead, written));
  EXPECT_FALSE(has_no_effect(Operation::kInvalidate, written));
  EXPECT_TRUE(has_no_effect(Operation::kClean, written));

  const Belief invalidated = hardware_closure(apply(Operation::kInvalidate, written));

  EXPECT_FALSE(is_hazard(Access::kCpuRead, invalidated));
  EXPECT_TRUE(has_no_effect(Operation::kInvalidate, invalidated));
}

TEST(Coherence, ALineFilledWhileTheDeviceWritesIsStaleAgainAfterAnEarlyInvalidate) {
  const Belief early = hardware_closure(apply(Operation::kInvalidate, advance(start::kClean, {})));
  EXPECT_TRUE(is_hazard(Access::kCpuRead, advance(early, may({Access::kDeviceWrite}))));
}

TEST(Coherence, ADirtyLineUnderAWritingDeviceMayDestroyWhatItWrites) {
  const Belief b = advance(start::kDirty, may({Access::kDeviceWrite}));
  EXPECT_TRUE(b.has(Memory::kCurrent, Line::kDirtyOld));
  EXPECT_TRUE(b.has(Memory::kOld, Line::kAbsent));
  for (const Operation op : {Operation::kClean, Operation::kCleanInvalidate}) EXPECT_TRUE(can_lose(op, b));
}

TEST(Coherence, ASnoopingReaderAfterANonSnoopingWriterNeedsTheInvalidate) {
  const Belief b = advance(start::kClean, may({Access::kDeviceWrite}));
  EXPECT_TRUE(is_hazard(Access::kCoherentRead, b));
  EXPECT_FALSE(is_hazard(Access::kCoherentRead, apply(Operation::kInvalidate, b)));
}

TEST(Coherence, SnoopingDevicesAndTheCpuNeedNothingBetweenThem) {
  const Belief b =
      advance(start::kDirty, may({Access::kCoherentWrite, Access::kCoherentWriteDirty, Access::kCpuWrite}));
  for (const Access a : {Access::kCpuRead, Access::kCoherentRead, Access::kCpuWritePart}) EXPECT_FALSE(is_hazard(a, b));
  EXPECT_TRUE(is_hazard(Access::kDeviceRead, b));
}

TEST(Coherence, NothingIsProvedWithoutEffectWhereNothingIsKnown) {
  for (const Operation op : kRun) EXPECT_FALSE(has_no_effect(op, start::kAnything));
}

/// Camera, GPU and display, each mapped and unmapped per frame: clean at map, invalidate at unmap of the writers.
TEST(Coherence, OfTwentyOperationsOfAFourFramePipelineElevenHaveNoEffect) {
  const AccessSet camera = may({Access::kDeviceWrite});
  const AccessSet gpu = may({Access::kDeviceWrite, Access::kDeviceRead});
  const AccessSet display = may({Access::kDeviceRead});
  Belief b = advance(start::kDirty, {});
  int ran = 0;
  int without_effect = 0;
  const auto run = [&](Operation op) {
    ++ran;
    without_effect += has_no_effect(op, b) ? 1 : 0;
    b = hardware_closure(apply(op, b));
  };

  for (int frame = 0; frame < 4; ++frame) {
    for (const AccessSet writer : {camera, gpu}) {
      run(Operation::kClean);
      b = advance(b, writer);
      run(Operation::kInvalidate);
    }
    run(Operation::kClean);
    b = advance(b, display);
  }

  EXPECT_EQ(ran, 20);
  EXPECT_EQ(without_effect, 11);
}

}  // namespace
}  // namespace custody::model::test
