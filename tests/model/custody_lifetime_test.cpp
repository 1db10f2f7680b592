// SPDX-License-Identifier: BSD-2-Clause
// Attachments and the end of a buffer in Custody: what is refused, and that it is applied all the same.
#include <gtest/gtest.h>

#include "tests/model/execution.hpp"

namespace custody::model::test {
namespace {

using test::Execution;
using test::rule_of;
using test::with;

TEST(Attachment, CountsItsMapsByDirection) {
  Execution execution;
  execution.map_device(kTo);
  execution.whole("map", with(kTo));
  execution.whole("map", with(kFrom));
  EXPECT_EQ(execution.custody.attachments[0].maps, (std::array<std::uint16_t, 3>{0, 2, 1}));
  execution.whole("unmap", with(kFrom));
  EXPECT_FALSE(execution.custody.attachments[0].may_write());
  execution.whole("unmap", with(kTo));
  EXPECT_EQ(execution.state(), "DeviceOwned");
  execution.whole("unmap", with(kTo));
  EXPECT_EQ(execution.state(), "NonOwnedBacked");
}

TEST(Attachment, AnUnmapOfAnotherDirectionTakesAMapAllTheSame) {
  Execution execution;
  execution.map_device(kTo);
  EXPECT_EQ(rule_of(execution.whole("unmap", with(kFrom))), "");
  EXPECT_FALSE(execution.custody.attachments[0].is_mapped());
}

TEST(Attachment, AnUnmapTooManyIsRefused) {
  Execution execution;
  execution.map_device();
  execution.whole("unmap", with(kBidi));
  EXPECT_EQ(rule_of(execution.whole("unmap", with(kBidi))), "L5");
  EXPECT_EQ(execution.state(), "NonOwnedBacked");
}

TEST(Attachment, ADetachWithLiveMapsIsRefusedAndDropsThem) {
  Execution execution;
  execution.map_device();
  EXPECT_EQ(rule_of(execution.whole("detach", with(kBidi))), "L6");
  EXPECT_TRUE(execution.custody.attachments.empty());
  EXPECT_EQ(execution.state(), "NonOwnedBacked");
  EXPECT_EQ(execution.may(), "nobody");
}

TEST(Attachment, ADetachWithLiveMapsLeavesTheBufferToTheOtherDevices) {
  Execution execution;
  execution.map_device();
  execution.whole("attach", {.attachment = 1});
  execution.whole("map", {.attachment = 1, .dir = kTo});
  EXPECT_EQ(rule_of(execution.whole("detach", with(kBidi))), "L6");
  EXPECT_EQ(execution.state(), "DeviceOwned");
  ASSERT_EQ(execution.custody.attachments.size(), 1U);
  EXPECT_EQ(execution.custody.attachments[0].id, 1U);
}

TEST(Attachment, ADetachWithPinsIsRefused) {
  Execution execution;
  execution.whole("export");
  execution.whole("attach", with(kBidi));
  execution.whole("pin", with(kBidi));
  EXPECT_EQ(rule_of(execution.whole("detach", with(kBidi))), "L11");
  EXPECT_TRUE(execution.custody.attachments.empty());
}

TEST(Attachment, ThatIsNotKnownIsRefusedAndStaysUnknown) {
  const std::pair<const char*, const char*> expected[] = {
      {"detach", "L10"}, {"map", "L10"}, {"unmap", "L5"}, {"pin", "L10"}, {"unpin", "L11"}};
  for (const auto& [event, rule] : expected) {
    Execution execution;
    execution.whole("export");
    EXPECT_EQ(rule_of(execution.whole(event, {.attachment = 9, .dir = kTo})), rule) << event;
    EXPECT_TRUE(execution.custody.attachments.empty()) << event;
  }
}

TEST(Attachment, ThatIsNotKnownMakesNoDeviceTheOwner) {
  Execution execution;
  execution.whole("export");
  EXPECT_EQ(rule_of(execution.whole("map", {.attachment = 9, .dir = kTo})), "L10");
  EXPECT_EQ(execution.state(), "NonOwnedBacked");
  EXPECT_EQ(rule_of(execution.whole("release")), "") << "one fault is one refusal";
}

TEST(Attachment, AMoveInvalidatesEveryMappingAndAMapMakesItValid) {
  Execution execution;
  execution.map_device();
  execution.whole("attach", {.attachment = 1});
  EXPECT_EQ(rule_of(execution.whole("move_notify")), "");
  for (const Attachment& attachment : execution.custody.attachments) EXPECT_TRUE(attachment.invalidated);
  EXPECT_EQ(execution.state(), "DeviceOwned");
  execution.whole("map", with(kBidi));
  EXPECT_FALSE(execution.custody.attachments[0].invalidated);
  EXPECT_TRUE(execution.custody.attachments[1].invalidated);
}

TEST(Attachment, AMoveOfPinnedStorageIsARevoke) {
  Execution execution;
  execution.map_device();
  execution.whole("pin", with(kBidi));
  EXPECT_EQ(rule_of(execution.whole("move_notify")), "");
  EXPECT_TRUE(execution.custody.attachments[0].invalidated);
}

TEST(Attachment, AMoveOfPinnedStorageIsRefusedUnderThePolicyAndInvalidatesAllTheSame) {
  Execution execution{{"pinned_moves", "refuse"}};
  execution.map_device();
  execution.whole("pin", with(kBidi));
  EXPECT_EQ(rule_of(execution.whole("move_notify")), "L11");
  EXPECT_TRUE(execution.custody.attachments[0].invalidated);
  execution.whole("unpin", with(kBidi));
  EXPECT_EQ(rule_of(execution.whole("move_notify")), "");
}

TEST(Attachment, SnoopsAsItsAttachSaid) {
  Execution execution;
  execution.whole("export");
  Call attach = Execution::call("attach", CallEnd::kWhole, with(kBidi));
  attach.snoops = true;
  static_cast<void>(step(execution.custody, execution.lifetime, attach));
  const Step map = execution.whole("map", with(kBidi));
  EXPECT_EQ(map.facts.get(at(kFacts, "own_snoops")), 1);
  EXPECT_EQ(execution.whole("begin", with(kTo)).facts.get(at(kFacts, "snooping_readers")), 1);
}

TEST(Release, IsLegalWhereNobodyHoldsTheBuffer) {
  Execution backed, empty{{"backing", "at_first_use"}};
  for (Execution* execution : {&backed, &empty}) {
    execution->whole("export");
    EXPECT_EQ(rule_of(execution->whole("release")), "");
    EXPECT_EQ(execution->state(), "Freed");
  }
}

TEST(Release, WhileAttachedOrMappedIsRefusedAndFrees) {
  Execution attached, mapped, for_kernel;
  attached.whole("export");
  attached.whole("attach", with(kBidi));
  mapped.map_device();
  for_kernel.whole("export");
  for_kernel.whole("vmap");
  for (Execution* execution : {&attached, &mapped, &for_kernel}) {
    EXPECT_EQ(rule_of(execution->whole("release")), "L6");
    EXPECT_EQ(execution->state(), "Freed");
    EXPECT_EQ(execution->may(), "nobody");
  }
}

TEST(Release, WithAWindowOpenIsRefusedAndFrees) {
  Execution execution;
  execution.whole("export");
  execution.whole("begin", with(kTo));
  EXPECT_EQ(rule_of(execution.whole("release")), "L7");
  EXPECT_EQ(execution.state(), "Freed");
  EXPECT_EQ(execution.may(), "nobody");
}

TEST(Release, WithAWindowOpenThatHadNoEffectIsRefusedToo) {
  Execution execution{{"cpu_unattached", "no_effect"}};
  execution.whole("export");
  execution.whole("begin", with(kTo));
  EXPECT_EQ(rule_of(execution.whole("release")), "L7");
  EXPECT_EQ(execution.may(), "nobody") << "what is freed, nobody may access";
}

TEST(Release, BeforeTheExportIsRefusedAndFreesNothing) {
  Execution execution;
  EXPECT_EQ(rule_of(execution.whole("release")), "L10");
  EXPECT_EQ(execution.state(), "Unborn");
}

TEST(Release, AfterItEveryCallIsRefusedAlsoWhereItFails) {
  Execution execution;
  execution.whole("export");
  execution.whole("release");
  const Custody freed = execution.custody;
  for (const EventWord& event : kEvents)
    for (const bool failed : {false, true}) {
      EXPECT_EQ(rule_of(execution.whole(event.brief, {.attachment = 0, .dir = kBidi, .failed = failed})), "L10")
          << event.name;
      EXPECT_EQ(execution.custody, freed) << event.name;
    }
}

TEST(Export, HappensOnceAndBeforeAnythingElse) {
  Execution execution;
  for (const EventWord& event : kEvents) {
    if (event.name == "export") continue;
    Execution unborn;
    EXPECT_EQ(rule_of(unborn.whole(event.brief, with(kTo))), "L10") << event.name;
    EXPECT_EQ(unborn.state(), "Unborn");
  }
  EXPECT_EQ(rule_of(execution.whole("export")), "");
  EXPECT_EQ(rule_of(execution.whole("export")), "L10");
}

TEST(Counters, SaturateInsteadOfWrapping) {
  Execution execution;
  execution.map_device();
  for (int i = 0; i < 70000; ++i)
    for (const char* event : {"mmap", "vmap", "map", "pin"}) execution.whole(event, with(kTo));
  EXPECT_EQ(execution.custody.user_mappings, 0xffff);
  EXPECT_EQ(execution.custody.kernel.users, 0xffff);
  EXPECT_EQ(execution.custody.attachments[0].maps[1], 0xffff);
  EXPECT_EQ(execution.custody.attachments[0].pins, 0xffff);
  const Facts facts = facts_of(execution.custody, {}, Execution::call("unmap", CallEnd::kWhole, with(kTo)));
  for (Id f = 0; f < kFactCount; ++f) EXPECT_LE(facts.v[f], fact_most(f)) << fact_name(f);
}

TEST(Counters, DoNotFallBelowNothing) {
  Execution execution;
  execution.whole("export");
  execution.whole("attach", with(kTo));
  const Custody before = execution.custody;
  for (const char* event : {"munmap", "vunmap", "unmap", "unpin"})
    EXPECT_NE(rule_of(execution.whole(event, with(kTo))), "");
  EXPECT_EQ(execution.custody, before);
}

}  // namespace
}  // namespace custody::model::test
