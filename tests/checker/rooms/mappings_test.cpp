// SPDX-License-Identifier: BSD-2-Clause
// Which mapping a DMA call concerns, and what the slots of bounced ones hold.
#include "checker/replay/mappings.hpp"

#include <gtest/gtest.h>

#include "tests/checker/rooms/events.hpp"

namespace custody::checker::test {
namespace {

using traces::Event;
using traces::EventKind;
using traces::kNoId;

Event dma(EventKind kind, std::uint32_t device, std::uint32_t attachment = kNoId, std::uint32_t mapping = kNoId) {
  Event e = test::event(kind);
  e.device = device;
  e.attachment = attachment;
  e.dma.mapping = mapping;
  return e;
}

class MappingsTest : public ::testing::Test {
 protected:
  MappingsTest() {
    directory.devices.resize(2);
    directory.devices[0].bounced = true;
    static_cast<void>(devices.of(1));
  }
  replay::Mapping& of_attachment(std::uint32_t attachment) {
    return *mappings.find(dma(EventKind::kDmaUnmap, 0, attachment), kNoId);
  }

  traces::Directory directory;
  replay::Options options;
  replay::DeviceTable devices{options, directory};
  replay::Mappings mappings;
};

TEST_F(MappingsTest, AreFoundByTheirIdBeforeTheirDevice) {
  mappings.add(dma(EventKind::kDmaMap, 0, 5, 50), kNoId);
  mappings.add(dma(EventKind::kDmaMap, 1, 6, 60), kNoId);
  const replay::Mapping* m = mappings.find(dma(EventKind::kDmaUnmap, 0, kNoId, 60), kNoId);
  ASSERT_NE(m, nullptr);
  EXPECT_EQ(m->attachment, 6U);
}

TEST_F(MappingsTest, OfAnotherAttachmentAreNotMeantByOneThatIsNamed) {
  mappings.add(dma(EventKind::kDmaMap, 0, 5), kNoId);
  EXPECT_EQ(mappings.find(dma(EventKind::kSyncForCpu, 0, 9), kNoId), nullptr);
  EXPECT_NE(mappings.find(dma(EventKind::kSyncForCpu, 0), kNoId), nullptr);
}

TEST_F(MappingsTest, OfTheAttachmentThatTheCoreUnmapsAreFoundByAnotherDevice) {
  mappings.add(dma(EventKind::kDmaMap, 0, 5), kNoId);
  EXPECT_EQ(mappings.find(dma(EventKind::kDmaUnmap, 1), kNoId), nullptr);
  EXPECT_NE(mappings.find(dma(EventKind::kDmaUnmap, 1), 5), nullptr);
}

TEST_F(MappingsTest, MadeInACallThatFailedAreGoneUnlessTheySucceeded) {
  Event entry = dma(EventKind::kDmaMap, 0, 5);
  entry.dma.mapping = 9;
  mappings.add(entry, 70);
  mappings.add(dma(EventKind::kDmaMap, 1, 6), 70);
  std::vector<std::uint32_t> forgotten;
  mappings.forget(70, [&](std::uint32_t device) { forgotten.push_back(device); });
  EXPECT_EQ(forgotten, std::vector<std::uint32_t>{0});
  ASSERT_EQ(mappings.all().size(), 1U);
  EXPECT_EQ(mappings.all()[0].device, 1U);
}

TEST_F(MappingsTest, OfOneTableAreMadeAgainOnlyWhileItIsMapped) {
  const Event map = dma(EventKind::kDmaMap, 0, 5, 50);
  EXPECT_FALSE(maps_again(mappings, map));
  mappings.add(map, kNoId);
  EXPECT_TRUE(maps_again(mappings, map));
  EXPECT_FALSE(maps_again(mappings, dma(EventKind::kDmaMap, 0, 5, 51)));
  mappings.distrust();
  EXPECT_FALSE(maps_again(mappings, map));
}

TEST_F(MappingsTest, OfTheWriterAreNewerAndTheOthersOld) {
  mappings.add(dma(EventKind::kDmaMap, 0, 5), kNoId);
  mappings.add(dma(EventKind::kDmaMap, 0, 6), kNoId);
  mappings.add(dma(EventKind::kDmaMap, 1, 7), kNoId);
  mappings.give(5);
  mappings.written_by(5, devices);
  EXPECT_TRUE(mappings.all()[0].slot_newer);
  EXPECT_FALSE(mappings.all()[0].slot_old);
  EXPECT_TRUE(mappings.all()[1].slot_old);
  EXPECT_FALSE(mappings.all()[2].slot_old);  // not bounced: it has no slot
  mappings.written_by(std::nullopt, devices);
  EXPECT_TRUE(mappings.all()[0].slot_old);
  mappings.copied_out(of_attachment(5), devices);
  EXPECT_FALSE(mappings.all()[0].slot_newer);
  EXPECT_FALSE(mappings.all()[0].slot_old);
}

TEST_F(MappingsTest, OfADeviceThatWroteAllOfItsSlotAreNotOld) {
  mappings.add(dma(EventKind::kDmaMap, 0, 5), kNoId);
  mappings.written_by(std::nullopt, devices);
  mappings.written_by_device(0, false, devices);
  EXPECT_TRUE(mappings.all()[0].slot_newer);
  EXPECT_TRUE(mappings.all()[0].slot_old) << "the rest of it still is";
  mappings.written_by_device(0, true, devices);
  EXPECT_TRUE(mappings.all()[0].slot_newer);
  EXPECT_FALSE(mappings.all()[0].slot_old);
}

TEST_F(MappingsTest, AreOfTheWriterOnlyFromTheReturnOfAMapOn) {
  mappings.add(dma(EventKind::kDmaMap, 0, 5), kNoId);
  EXPECT_FALSE(has_given(mappings, 5));
  mappings.written_by(5, devices);
  EXPECT_FALSE(mappings.all()[0].slot_newer);
  mappings.give(5);
  EXPECT_TRUE(has_given(mappings, 5));
  EXPECT_FALSE(has_given(mappings, 6));
  mappings.outlive(5);
  EXPECT_FALSE(has_given(mappings, 5));
}

TEST_F(MappingsTest, GiveTheSameAnswersWhereTheyAreMany) {
  for (std::uint32_t i = 0; i < 40; ++i) mappings.add(dma(EventKind::kDmaMap, i % 2, 100 + i, 1000 + i), kNoId);
  EXPECT_TRUE(mappings.all().are_many());
  EXPECT_EQ(mappings.find(dma(EventKind::kDmaUnmap, 0, kNoId, 1039), kNoId)->attachment, 139U) << "by its id";
  EXPECT_EQ(mappings.find(dma(EventKind::kDmaUnmap, 1, 121), kNoId)->id, 1021U) << "by its attachment";
  EXPECT_EQ(mappings.find(dma(EventKind::kDmaUnmap, 1), kNoId)->id, 1001U) << "the oldest of its device";
  EXPECT_EQ(mappings.find(dma(EventKind::kDmaUnmap, 7), 130)->id, 1030U) << "that of the core's unmap";
  EXPECT_EQ(mappings.find(dma(EventKind::kDmaUnmap, 7), kNoId), nullptr);
  EXPECT_TRUE(maps_again(mappings, dma(EventKind::kDmaMap, 0, 100, 1000)));
  mappings.distrust(100);
  EXPECT_FALSE(maps_again(mappings, dma(EventKind::kDmaMap, 0, 100, 1000)));
  mappings.give(120);
  EXPECT_TRUE(has_given(mappings, 120));
  EXPECT_FALSE(has_given(mappings, 122));
  mappings.outlive(120);
  EXPECT_FALSE(has_given(mappings, 120));
  EXPECT_EQ(mappings.find(dma(EventKind::kDmaUnmap, 0, 9), kNoId)->id, 1020U) << "that which outlived its attachment";
}

TEST_F(MappingsTest, AreOldAfterACopyOfSomethingNewOnly) {
  mappings.add(dma(EventKind::kDmaMap, 0, 5), kNoId);
  mappings.add(dma(EventKind::kDmaMap, 0, 6), kNoId);
  mappings.copied_out(of_attachment(5), devices);
  EXPECT_FALSE(mappings.all()[1].slot_old);
  of_attachment(5).slot_newer = true;
  mappings.copied_out(of_attachment(5), devices);
  EXPECT_TRUE(mappings.all()[1].slot_old);
}

}  // namespace
}  // namespace custody::checker::test
