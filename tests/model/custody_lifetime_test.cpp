// SPDX-License-Identifier: BSD-2-Clause
// Attachments and the end of a buffer in Custody: what is refused, and that it is applied all the same.
#include <gtest/gtest.h>

#include "tests/model/life.hpp"

namespace custody::model {
namespace {

using tests::Life;
using tests::rule_of;
using tests::with;
constexpr Direction kBidi = Direction::kBidirectional, kTo = Direction::kToDevice, kFrom = Direction::kFromDevice;

TEST(Attachment, CountsItsMapsByDirection) {
  Life life;
  life.map_device(kTo);
  life.whole("map", with(kTo));
  life.whole("map", with(kFrom));
  EXPECT_EQ(life.custody.attachments[0].maps, (std::array<std::uint16_t, 3>{0, 2, 1}));
  life.whole("unmap", with(kFrom));
  EXPECT_FALSE(life.custody.attachments[0].may_write());
  life.whole("unmap", with(kTo));
  EXPECT_EQ(life.state(), "DeviceOwned");
  life.whole("unmap", with(kTo));
  EXPECT_EQ(life.state(), "NonOwnedBacked");
}

TEST(Attachment, AnUnmapOfAnotherDirectionTakesAMapAllTheSame) {
  Life life;
  life.map_device(kTo);
  EXPECT_EQ(rule_of(life.whole("unmap", with(kFrom))), "");
  EXPECT_FALSE(life.custody.attachments[0].is_mapped());
}

TEST(Attachment, AnUnmapTooManyIsRefused) {
  Life life;
  life.map_device();
  life.whole("unmap", with(kBidi));
  EXPECT_EQ(rule_of(life.whole("unmap", with(kBidi))), "L5");
  EXPECT_EQ(life.state(), "NonOwnedBacked");
}

TEST(Attachment, ADetachWithLiveMapsIsRefusedAndDropsThem) {
  Life life;
  life.map_device();
  EXPECT_EQ(rule_of(life.whole("detach", with(kBidi))), "L6");
  EXPECT_TRUE(life.custody.attachments.empty());
  EXPECT_EQ(life.state(), "NonOwnedBacked");
  EXPECT_EQ(life.may(), "nobody");
}

TEST(Attachment, ADetachWithLiveMapsLeavesTheBufferToTheOtherDevices) {
  Life life;
  life.map_device();
  life.whole("attach", {.attachment = 1});
  life.whole("map", {.attachment = 1, .dir = kTo});
  EXPECT_EQ(rule_of(life.whole("detach", with(kBidi))), "L6");
  EXPECT_EQ(life.state(), "DeviceOwned");
  ASSERT_EQ(life.custody.attachments.size(), 1U);
  EXPECT_EQ(life.custody.attachments[0].id, 1U);
}

TEST(Attachment, ADetachWithPinsIsRefused) {
  Life life;
  life.whole("export");
  life.whole("attach", with(kBidi));
  life.whole("pin", with(kBidi));
  EXPECT_EQ(rule_of(life.whole("detach", with(kBidi))), "L11");
  EXPECT_TRUE(life.custody.attachments.empty());
}

TEST(Attachment, ThatIsNotKnownIsRefusedAndStaysUnknown) {
  const std::pair<const char*, const char*> expected[] = {
      {"detach", "L10"}, {"map", "L10"}, {"unmap", "L5"}, {"pin", "L10"}, {"unpin", "L11"}};
  for (const auto& [event, rule] : expected) {
    Life life;
    life.whole("export");
    EXPECT_EQ(rule_of(life.whole(event, {.attachment = 9, .dir = kTo})), rule) << event;
    EXPECT_TRUE(life.custody.attachments.empty()) << event;
  }
}

TEST(Attachment, ThatIsNotKnownMakesNoDeviceTheOwner) {
  Life life;
  life.whole("export");
  EXPECT_EQ(rule_of(life.whole("map", {.attachment = 9, .dir = kTo})), "L10");
  EXPECT_EQ(life.state(), "NonOwnedBacked");
  EXPECT_EQ(rule_of(life.whole("release")), "") << "one fault is one refusal";
}

TEST(Attachment, AMoveInvalidatesEveryMappingAndAMapMakesItValid) {
  Life life;
  life.map_device();
  life.whole("attach", {.attachment = 1});
  EXPECT_EQ(rule_of(life.whole("move_notify")), "");
  for (const Attachment& attachment : life.custody.attachments) EXPECT_TRUE(attachment.invalidated);
  EXPECT_EQ(life.state(), "DeviceOwned");
  life.whole("map", with(kBidi));
  EXPECT_FALSE(life.custody.attachments[0].invalidated);
  EXPECT_TRUE(life.custody.attachments[1].invalidated);
}

TEST(Attachment, AMoveOfPinnedStorageIsRefusedAndInvalidatesAllTheSame) {
  Life life;
  life.map_device();
  life.whole("pin", with(kBidi));
  EXPECT_EQ(rule_of(life.whole("move_notify")), "L11");
  EXPECT_TRUE(life.custody.attachments[0].invalidated);
  life.whole("unpin", with(kBidi));
  EXPECT_EQ(rule_of(life.whole("move_notify")), "");
}

TEST(Attachment, SnoopsAsItsAttachSaid) {
  Life life;
  life.whole("export");
  Call attach = Life::call("attach", CallEnd::kWhole, with(kBidi));
  attach.snoops = true;
  static_cast<void>(step(life.custody, life.lifetime, attach));
  const Step map = life.whole("map", with(kBidi));
  EXPECT_EQ(map.facts.get(at(kFacts, "own_snoops")), 1);
  EXPECT_EQ(life.whole("begin", with(kTo)).facts.get(at(kFacts, "snooping_readers")), 1);
}

TEST(Release, IsLegalWhereNobodyHoldsTheBuffer) {
  Life backed, empty{{"backing", "at_first_use"}};
  for (Life* life : {&backed, &empty}) {
    life->whole("export");
    EXPECT_EQ(rule_of(life->whole("release")), "");
    EXPECT_EQ(life->state(), "Freed");
  }
}

TEST(Release, WhileAttachedOrMappedIsRefusedAndFrees) {
  Life attached, mapped, for_kernel;
  attached.whole("export");
  attached.whole("attach", with(kBidi));
  mapped.map_device();
  for_kernel.whole("export");
  for_kernel.whole("vmap");
  for (Life* life : {&attached, &mapped, &for_kernel}) {
    EXPECT_EQ(rule_of(life->whole("release")), "L6");
    EXPECT_EQ(life->state(), "Freed");
    EXPECT_EQ(life->may(), "nobody");
  }
}

TEST(Release, WithAWindowOpenIsRefusedAndFrees) {
  Life life;
  life.whole("export");
  life.whole("begin", with(kTo));
  EXPECT_EQ(rule_of(life.whole("release")), "L7");
  EXPECT_EQ(life.state(), "Freed");
  EXPECT_EQ(life.may(), "nobody");
}

TEST(Release, WithAWindowOpenThatHadNoEffectIsRefusedToo) {
  Life life{{"cpu_unattached", "no_effect"}};
  life.whole("export");
  life.whole("begin", with(kTo));
  EXPECT_EQ(rule_of(life.whole("release")), "L7");
  EXPECT_EQ(life.may(), "nobody") << "what is freed, nobody may access";
}

TEST(Release, BeforeTheExportIsRefusedAndFreesNothing) {
  Life life;
  EXPECT_EQ(rule_of(life.whole("release")), "L10");
  EXPECT_EQ(life.state(), "Unborn");
}

TEST(Release, AfterItEveryCallIsRefusedAlsoWhereItFails) {
  Life life;
  life.whole("export");
  life.whole("release");
  const Custody freed = life.custody;
  for (const EventWord& event : kEvents)
    for (const bool failed : {false, true}) {
      EXPECT_EQ(rule_of(life.whole(event.brief, {.attachment = 0, .dir = kBidi, .failed = failed})), "L10")
          << event.name;
      EXPECT_EQ(life.custody, freed) << event.name;
    }
}

TEST(Export, HappensOnceAndBeforeAnythingElse) {
  Life life;
  for (const EventWord& event : kEvents) {
    if (event.name == "export") continue;
    Life unborn;
    EXPECT_EQ(rule_of(unborn.whole(event.brief, with(kTo))), "L10") << event.name;
    EXPECT_EQ(unborn.state(), "Unborn");
  }
  EXPECT_EQ(rule_of(life.whole("export")), "");
  EXPECT_EQ(rule_of(life.whole("export")), "L10");
}

TEST(Counters, SaturateInsteadOfWrapping) {
  Life life;
  life.map_device();
  for (int i = 0; i < 70000; ++i)
    for (const char* event : {"mmap", "vmap", "map", "pin"}) life.whole(event, with(kTo));
  EXPECT_EQ(life.custody.user_mappings, 0xffff);
  EXPECT_EQ(life.custody.kernel.users, 0xffff);
  EXPECT_EQ(life.custody.attachments[0].maps[1], 0xffff);
  EXPECT_EQ(life.custody.attachments[0].pins, 0xffff);
  const Facts facts = facts_of(life.custody, {}, Life::call("unmap", CallEnd::kWhole, with(kTo)));
  for (Id f = 0; f < kFactCount; ++f) EXPECT_LE(facts.v[f], fact_most(f)) << fact_name(f);
}

TEST(Counters, DoNotFallBelowNothing) {
  Life life;
  life.whole("export");
  life.whole("attach", with(kTo));
  const Custody before = life.custody;
  for (const char* event : {"munmap", "vunmap", "unmap", "unpin"}) EXPECT_NE(rule_of(life.whole(event, with(kTo))), "");
  EXPECT_EQ(life.custody, before);
}

}  // namespace
}  // namespace custody::model
