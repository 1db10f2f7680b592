// SPDX-License-Identifier: BSD-2-Clause
// The custody room alone: who has the buffer after each call, and what is refused.
#include "checker/replay/custody.hpp"

#include <gtest/gtest.h>

#include "checker/replay/rules.hpp"
#include "tests/checker/rooms/events.hpp"

namespace custody::checker::test {
namespace {

using model::Direction;
using test::entry;
using test::event;
using test::return_of;
using traces::Event;
using traces::EventKind;

class Custody : public ::testing::Test {
 protected:
  Custody() { account.begin(true); }

  replay::CallStep enter(const Event& e) { return account.enter(e, lifetime, directory); }
  /// A call that is one record.
  replay::CallStep call(EventKind kind, Direction dir = Direction::kNone, std::int32_t ret = 0,
                        std::uint32_t device = 0) {
    Event e = event(kind);
    e.dir = dir;
    e.ret = ret;
    e.attachment = e.device = device;
    const replay::CallStep step = account.enter(e, lifetime, directory);
    if (step.refusal != nullptr || step.released || step.other_direction) return step;
    return account.end(e, lifetime, step.call);
  }
  void exported_and_mapped(Direction dir) {
    for (const EventKind kind : {EventKind::kExport, EventKind::kAttach, EventKind::kMap}) call(kind, dir);
  }

  [[nodiscard]] bool may_devices_access() const { return model::who_may_access(account.custody()).devices; }

  model::Lifetime lifetime;
  traces::Directory directory;
  replay::CustodyAccount account;
};

TEST_F(Custody, HandsTheBufferToTheImporterThatMaps) {
  call(EventKind::kExport);
  call(EventKind::kAttach);
  const replay::CallStep step = call(EventKind::kMap, Direction::kFromDevice);
  EXPECT_EQ(step.to, replay::HandedTo::kImporter);
  ASSERT_LT(step.importer, account.importers());
  EXPECT_TRUE(account.importer(step.importer).may_write());
  EXPECT_FALSE(account.importer(step.importer).may_read());
}

TEST_F(Custody, HandsNothingOverByAMapThatFails) {
  call(EventKind::kExport);
  call(EventKind::kAttach);
  EXPECT_EQ(call(EventKind::kMap, Direction::kFromDevice, -12).to, replay::HandedTo::kNobody);
  EXPECT_FALSE(account.importer(0).is_mapped());
}

TEST_F(Custody, SuspendsDevicesFromTheEntryOfBeginToTheLastEnd) {
  exported_and_mapped(Direction::kFromDevice);
  const Event begin = entry(EventKind::kBeginCpuAccess, 5);
  enter(begin);
  EXPECT_FALSE(may_devices_access());
  EXPECT_TRUE(account.custody().windows.empty());
  EXPECT_EQ(account.leave(return_of(begin), lifetime).to, replay::HandedTo::kCpu);
  EXPECT_EQ(account.custody().windows.size(), 1U);
  EXPECT_EQ(call(EventKind::kEndCpuAccess).to, replay::HandedTo::kAllImporters);
  EXPECT_TRUE(may_devices_access());
}

TEST_F(Custody, GivesTheBufferBackWhereBeginFails) {
  exported_and_mapped(Direction::kFromDevice);
  EXPECT_EQ(call(EventKind::kBeginCpuAccess, Direction::kFromDevice, -4).to, replay::HandedTo::kAllImporters);
  EXPECT_TRUE(may_devices_access());
}

TEST_F(Custody, KeepsDevicesOutWhileAnotherWindowIsOpen) {
  exported_and_mapped(Direction::kFromDevice);
  call(EventKind::kBeginCpuAccess, Direction::kFromDevice);
  call(EventKind::kBeginCpuAccess, Direction::kFromDevice);
  EXPECT_EQ(call(EventKind::kEndCpuAccess, Direction::kFromDevice).to, replay::HandedTo::kNobody);
  EXPECT_FALSE(may_devices_access());
}

TEST_F(Custody, RefusesAnEndWithoutAWindow) {
  exported_and_mapped(Direction::kFromDevice);
  const replay::CallStep step = call(EventKind::kEndCpuAccess, Direction::kFromDevice);
  ASSERT_NE(step.refusal, nullptr);
  EXPECT_TRUE(replay::refused(*step.refusal).has(spec::RuleId::kL7));
  EXPECT_TRUE(step.judgeable);
}

TEST_F(Custody, RefusesDetachOfWhatIsMapped) {
  exported_and_mapped(Direction::kFromDevice);
  const replay::CallStep step = call(EventKind::kDetach);
  ASSERT_NE(step.refusal, nullptr);
  EXPECT_TRUE(replay::refused(*step.refusal).has(spec::RuleId::kL6));
  EXPECT_EQ(account.importers(), 0U);
}

TEST_F(Custody, CannotJudgeWhatIsOlderThanTheTrace) {
  account.begin(false);
  const replay::CallStep step = call(EventKind::kEndCpuAccess, Direction::kFromDevice);
  EXPECT_NE(step.refusal, nullptr);
  EXPECT_FALSE(step.judgeable);
}

TEST_F(Custody, TellsAnUnmapInAnotherDirectionAndTakesTheMapAway) {
  exported_and_mapped(Direction::kFromDevice);
  const replay::CallStep step = call(EventKind::kUnmap, Direction::kToDevice);
  EXPECT_TRUE(step.other_direction);
  EXPECT_TRUE(step.call.refused_direction);
  EXPECT_FALSE(account.importer(0).is_mapped());
}

TEST_F(Custody, ReleasesOnce) {
  call(EventKind::kExport);
  EXPECT_TRUE(call(EventKind::kRelease).released);
  EXPECT_TRUE(account.release().done);
  const replay::CallStep again = call(EventKind::kRelease);
  EXPECT_FALSE(again.released);
  ASSERT_NE(again.refusal, nullptr);
  EXPECT_TRUE(replay::refused(*again.refusal).has(spec::RuleId::kL10));
}

TEST_F(Custody, ForgetsMapsAndWindowsButNotImportersAfterALoss) {
  exported_and_mapped(Direction::kFromDevice);
  call(EventKind::kBeginCpuAccess, Direction::kFromDevice);
  account.lose();
  EXPECT_FALSE(account.is_complete());
  ASSERT_EQ(account.importers(), 1U);
  EXPECT_FALSE(account.importer(0).is_mapped());
  EXPECT_FALSE(account.importer(0).evidence.complete);
  EXPECT_TRUE(account.custody().windows.empty());
}

TEST_F(Custody, NamesTheTaskWhoseCallOverlaps) {
  exported_and_mapped(Direction::kFromDevice);
  const Event other = entry(EventKind::kMap, 5, 2);
  enter(other);
  EXPECT_EQ(replay::overlap_of(account, event(EventKind::kCpuRead), nullptr), 2U);
  enter(entry(EventKind::kBeginCpuAccess, 6, 1));
  EXPECT_EQ(account.leave(return_of(other), lifetime).call.overlapped_by, 1U);
}

TEST_F(Custody, WaitsForAWriteFenceOfADeviceThatMayWrite) {
  exported_and_mapped(Direction::kToDevice);
  add_fence(account, 0, true);
  EXPECT_FALSE(replay::has_pending_write(account));
  call(EventKind::kMap, Direction::kFromDevice);
  EXPECT_TRUE(replay::has_pending_write(account));
  signal_fence(account, 0);
  EXPECT_FALSE(replay::has_pending_write(account));
}

TEST(Fences, AreASetOfWhichTheOldestSignals) {
  replay::Fences fences;
  fences.add(true, 0);
  fences.add(false, 0);
  fences.add(true, 0);
  EXPECT_TRUE(fences.has_write());
  fences.signal(0);
  fences.signal(0);
  EXPECT_TRUE(fences.has_write());
  fences.signal(0);
  EXPECT_FALSE(fences.has_write());
  fences.signal(0);
  EXPECT_FALSE(fences.has_write()) << "one too many changes nothing";
}

TEST(Fences, OfBeforeAMoveOutlastItUntilTheySignal) {
  replay::Fences fences;
  fences.add(false, 0);
  EXPECT_FALSE(fences.outlasts_move(0));
  EXPECT_TRUE(fences.outlasts_move(1)) << "it hears of the move when it is asked";
  fences.add(true, 1);
  EXPECT_TRUE(fences.outlasts_move(1));
  fences.signal(1);
  EXPECT_FALSE(fences.outlasts_move(1));
  EXPECT_TRUE(fences.has_write());
}

TEST(Fences, AreKeptUpToALimit) {
  replay::Fences fences;
  fences.add(true, 0);
  for (int i = 0; i < 1000; ++i) fences.add(false, 0);
  EXPECT_FALSE(fences.has_write());
  fences.add(true, 0);
  for (int i = 0; i < 63; ++i) fences.signal(0);
  EXPECT_TRUE(fences.has_write());
  fences.signal(0);
  EXPECT_FALSE(fences.has_write());
}

TEST_F(Custody, LetsADeviceFinishWhatItBeganBeforeAMove) {
  exported_and_mapped(Direction::kBidirectional);
  add_fence(account, 0, true);
  call(EventKind::kMoveNotify);
  EXPECT_FALSE(is_invalidated(account, 0));
  signal_fence(account, 0);
  EXPECT_TRUE(is_invalidated(account, 0));
}

TEST_F(Custody, GivesTheBufferBackWhereATaskExitsInItsWindow) {
  exported_and_mapped(Direction::kFromDevice);
  call(EventKind::kBeginCpuAccess, Direction::kFromDevice);
  EXPECT_TRUE(replay::has_window_of(account, 1));
  EXPECT_FALSE(account.abandon(2, lifetime));
  EXPECT_FALSE(may_devices_access());
  EXPECT_TRUE(account.abandon(1, lifetime));
  EXPECT_TRUE(may_devices_access());
  EXPECT_TRUE(account.was_abandoned());
}

TEST_F(Custody, RemembersOfAnUnmapThatItWasRefused) {
  exported_and_mapped(Direction::kToDevice);
  call(EventKind::kUnmap, Direction::kToDevice);
  EXPECT_TRUE(call(EventKind::kUnmap, Direction::kToDevice).call.refused);
}

TEST_F(Custody, AsksTheMachinesAndNobodyElse) {
  // A machine that says that a map leaves the buffer unowned: no device becomes active.
  lifetime.machines = {[](const void* /*context*/, model::MachineId machine, model::Id state, model::Id event,
                          const model::Facts& facts, model::Subject* subject) {
    model::Fired fired = model::fire(machine, state, event, facts, subject);
    if (machine == model::MachineId::kOwner && event == model::at(model::kEvents, "map")) fired.to = state;
    return fired;
  }};
  call(EventKind::kExport);
  call(EventKind::kAttach);
  EXPECT_EQ(call(EventKind::kMap, Direction::kFromDevice).to, replay::HandedTo::kNobody);
  EXPECT_FALSE(may_devices_access());
}

}  // namespace
}  // namespace custody::checker::test
