// SPDX-License-Identifier: BSD-2-Clause
// Which memory, and which mapping, the addresses of the kernel's DMA tracepoints mean where nothing else is traced.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/traces/ftrace_support.hpp"
#include "tests/traces/tracepoint_support.hpp"
#include "traces/formats/ftrace/address_space.hpp"

namespace custody::traces::test {
namespace {

constexpr Table kFirst{0xffe00000U, 0x80000000U, 8192};
constexpr Table kSecond{0xffd00000U, 0x90000000U, 8192};

AddressEvidence evidence(const FtraceRead& trace, std::size_t i) { return trace.at(i).dma.addresses; }

TEST(TracepointIdentity, EqualMemoryOfTwoDevicesIsOneBuffer) {
  const FtraceRead trace(Ftrace()
                             .add(traced_map("cam", "FROM_DEVICE", kFirst))
                             .add(traced_map("gpu", "TO_DEVICE", {0x10000U, kFirst.phys, 8192}))
                             .add(traced_map("gpu", "TO_DEVICE", kSecond)));
  EXPECT_EQ(trace.at(0).buffer, trace.at(1).buffer);
  EXPECT_NE(trace.at(0).buffer, trace.at(2).buffer);
  EXPECT_NE(trace.at(0).dma.mapping, trace.at(1).dma.mapping);
  EXPECT_TRUE(trace.directory().buffers[0].by_address);
  EXPECT_FALSE(trace.directory().buffers[0].export_seen);
  EXPECT_EQ(trace.directory().buffers[0].size, 8192U);
}

TEST(TracepointIdentity, FollowsAMappingFromItsMapToItsUnmap) {
  const FtraceRead trace(Ftrace()
                             .add(traced_map("cam", "FROM_DEVICE", kFirst))
                             .add(traced_sync("cpu", "cam", "FROM_DEVICE", kFirst))
                             .add(traced_unmap("cam", "FROM_DEVICE", kFirst))
                             .add(traced_sync("cpu", "cam", "FROM_DEVICE", kFirst))
                             .add(traced_unmap("cam", "FROM_DEVICE", kFirst)));
  EXPECT_EQ(trace.kinds(), "dma_map. sync_for_cpu. dma_unmap. sync_for_cpu. dma_unmap.");
  for (std::size_t i = 1; i < 5; ++i) EXPECT_EQ(trace.at(i).buffer, trace.at(0).buffer) << i;
  EXPECT_EQ(trace.at(2).dma.mapping, trace.at(0).dma.mapping);
  EXPECT_EQ(trace.at(3).dma.mapping, kNoId);
  EXPECT_EQ(evidence(trace, 1), AddressEvidence::kMappedUnlessOlder);
  EXPECT_EQ(evidence(trace, 3), AddressEvidence::kNotMappedUnlessOlder);
  EXPECT_EQ(evidence(trace, 4), AddressEvidence::kNotMappedUnlessOlder);
}

TEST(TracepointIdentity, SaysNothingOfWhatWasMappedBeforeTheTrace) {
  const FtraceRead trace(Ftrace()
                             .add(traced_sync("cpu", "cam", "FROM_DEVICE", kFirst))
                             .add(traced_unmap("cam", "FROM_DEVICE", kFirst))
                             .add(traced_page_unmap("eth0", "TO_DEVICE")));
  EXPECT_EQ(trace.kinds(), "");
  EXPECT_EQ(trace.statistics.unattributed, 3U);
}

TEST(TracepointIdentity, AnAddressThatIsMappedAgainMeansTheNewMapping) {
  const FtraceRead trace(Ftrace()
                             .add(traced_map("cam", "FROM_DEVICE", kFirst))
                             .add(traced_unmap("cam", "FROM_DEVICE", kFirst))
                             .add(traced_map("cam", "FROM_DEVICE", {kFirst.dma, kSecond.phys, 8192}))
                             .add(traced_sync("cpu", "cam", "FROM_DEVICE", kFirst)));
  EXPECT_NE(trace.at(2).buffer, trace.at(0).buffer);
  EXPECT_EQ(trace.at(3).buffer, trace.at(2).buffer);
  EXPECT_EQ(trace.at(3).dma.mapping, trace.at(2).dma.mapping);
}

TEST(TracepointIdentity, AnAddressOfAnotherDeviceIsAnother) {
  const FtraceRead trace(
      Ftrace().add(traced_map("cam", "FROM_DEVICE", kFirst)).add(traced_sync("cpu", "gpu", "FROM_DEVICE", kFirst)));
  EXPECT_EQ(trace.kinds(), "dma_map.");
}

TEST(TracepointIdentity, MemoryThatIsMappedTwiceForADeviceProvesNothing) {
  const FtraceRead trace(Ftrace()
                             .add(traced_map("cam", "FROM_DEVICE", kFirst))
                             .add(traced_map("cam", "TO_DEVICE", {0xff000000U, kFirst.phys, 8192}))
                             .add(traced_unmap("cam", "TO_DEVICE", kFirst))
                             .add(traced_sync("cpu", "cam", "FROM_DEVICE", kFirst))
                             .add(traced_sync("cpu", "cam", "TO_DEVICE", {0xff000000U, kFirst.phys, 8192}))
                             .add(traced_unmap("cam", "FROM_DEVICE", kFirst))
                             .add(traced_unmap("cam", "FROM_DEVICE", kFirst)));
  // The unmap takes the one of its direction first.
  EXPECT_EQ(trace.at(2).dma.mapping, trace.at(1).dma.mapping);
  EXPECT_EQ(trace.at(3).dma.mapping, trace.at(0).dma.mapping);
  for (std::size_t i = 2; i < 7; ++i) EXPECT_EQ(evidence(trace, i), AddressEvidence::kNone) << i;
}

TEST(TracepointIdentity, WhatAnIommuTranslatesIsNowhereElse) {
  const FtraceRead trace(Ftrace()
                             .add(traced_iommu_map(kFirst))
                             .add(traced_page_map("cam", "FROM_DEVICE", kFirst))
                             .add(traced_page_sync("cpu", "cam", "FROM_DEVICE", kFirst))
                             .add(traced_page_unmap("cam", "FROM_DEVICE", kFirst))
                             .add(traced_page_sync("cpu", "cam", "FROM_DEVICE", kFirst))
                             .add(traced_page_map("cam", "FROM_DEVICE", kSecond))
                             .add(traced_page_unmap("cam", "FROM_DEVICE", kSecond)));
  EXPECT_EQ(evidence(trace, 1), AddressEvidence::kMapped);
  EXPECT_EQ(evidence(trace, 2), AddressEvidence::kMapped);
  EXPECT_EQ(evidence(trace, 3), AddressEvidence::kNotMapped);
  // The IOMMU's record was of the first map.
  EXPECT_EQ(evidence(trace, 5), AddressEvidence::kMappedUnlessOlder);
}

TEST(TracepointIdentity, WhatAnIommuMapsAgainWasUnmappedUnseen) {
  const Table again{kFirst.dma, kSecond.phys, 8192};
  const FtraceRead trace(Ftrace()
                             .add(traced_iommu_map(kFirst))
                             .add(traced_page_map("cam", "FROM_DEVICE", kFirst))
                             .add(traced_iommu_map(again))
                             .add(traced_page_map("cam", "FROM_DEVICE", again))
                             .add(traced_page_sync("cpu", "cam", "FROM_DEVICE", again)));
  EXPECT_EQ(trace.at(2).dma.mapping, trace.at(1).dma.mapping);
}

TEST(TracepointIdentity, FindsAPartOfAMapping) {
  const FtraceRead trace(Ftrace()
                             .add(traced_map("cam", "FROM_DEVICE", kFirst))
                             .add(traced_page_sync("cpu", "cam", "FROM_DEVICE", {kFirst.dma + 4096, 0, 100}))
                             .add(traced_page_sync("cpu", "cam", "FROM_DEVICE", {kFirst.dma + 8192, 0, 100})));
  EXPECT_EQ(trace.kinds(), "dma_map. sync_for_cpu.");
  EXPECT_EQ(trace.at(1).range.offset, 4096U);
  EXPECT_EQ(trace.at(1).range.length, 100U);
}

TEST(TracepointIdentity, AddressesThatWrapAroundNameNothing) {
  const Table wrapped{~std::uint64_t{0} - 100, 0x80000000U, 8192};
  const FtraceRead trace(
      Ftrace().add(traced_map("cam", "FROM_DEVICE", wrapped)).add(traced_sync("cpu", "cam", "FROM_DEVICE", wrapped)));
  EXPECT_EQ(trace.kinds(), "");
  const Table last{~std::uint64_t{0} - 8191, 0x80000000U, 8192};
  EXPECT_EQ(
      FtraceRead(
          Ftrace().add(traced_map("cam", "FROM_DEVICE", last)).add(traced_sync("cpu", "cam", "FROM_DEVICE", last)))
          .kinds(),
      "dma_map. sync_for_cpu.");
}

TEST(TracepointIdentity, EmptyEntriesBehindTheSegmentsOfAnIommuCountNothing) {
  const FtraceRead trace(
      Ftrace()
          .add("dma_map_sg: cam dir=FROM_DEVICE nents=2/2 ents=1/1 dma_addrs={0xffe00000} sizes={0x2000} "
               "phys_addrs={0x80000000,0x90000000} attrs=")
          .add("dma_sync_sg_for_cpu: cam dir=FROM_DEVICE dma_addrs={0xffe00000,0xffffffffffffffff} sizes={0x2000,0x0}")
          .add("dma_unmap_sg: cam dir=FROM_DEVICE phys_addrs={0x80000000,0x90000000} attrs="));
  EXPECT_EQ(trace.kinds(), "dma_map. sync_for_cpu. dma_unmap.");
  EXPECT_EQ(trace.at(1).range.length, 0U);
  EXPECT_EQ(trace.at(2).dma.mapping, trace.at(0).dma.mapping);
  EXPECT_EQ(trace.at(0).dma.orig_nents, 2U);
}

TEST(TracepointIdentity, AnUnmapOfAnotherTableOfTheSameBeginningIsOfNothingKnown) {
  const FtraceRead trace(Ftrace()
                             .add(traced_map("cam", "FROM_DEVICE", kFirst))
                             .add("dma_unmap_sg: cam dir=FROM_DEVICE phys_addrs={0x80000000,0x90000000} attrs="));
  EXPECT_EQ(trace.kinds(), "dma_map.");
}

TEST(TracepointIdentity, FollowsATableOfWhichTheBeginningOnlyIsTraced) {
  std::string dma, sizes, phys;
  for (unsigned i = 0; i < 200; ++i) {
    dma += (i == 0 ? "0x" : ",0x") + hex(0x10000000U + i * 0x2000U);
    phys += (i == 0 ? "0x" : ",0x") + hex(0x80000000U + i * 0x2000U);
    sizes += i == 0 ? "0x1000" : ",0x1000";
  }
  const auto first = [](const std::string& list) {
    std::size_t at = 0;
    for (int i = 0; i < 128; ++i) at = list.find(',', at + 1);
    return list.substr(0, at);
  };
  const FtraceRead trace(
      Ftrace()
          .add("dma_map_sg: cam dir=FROM_DEVICE nents=128/200 ents=128/200 [TRUNCATED] dma_addrs={" + first(dma) +
               "} sizes={" + first(sizes) + "} phys_addrs={" + first(phys) + "} attrs=")
          .add("dma_sync_sg_for_cpu: cam dir=FROM_DEVICE dma_addrs={" + dma + "} sizes={" + sizes + "}")
          .add("dma_unmap_sg: cam dir=FROM_DEVICE phys_addrs={" + phys + "} attrs="));
  EXPECT_EQ(trace.kinds(), "dma_map. sync_for_cpu. dma_unmap.");
  EXPECT_EQ(trace.at(1).dma.mapping, trace.at(0).dma.mapping);
  EXPECT_EQ(trace.at(1).range.length, 0U);
  EXPECT_EQ(trace.at(2).dma.mapping, trace.at(0).dma.mapping);
}

TEST(TracepointIdentity, ForgetsEverythingWhereEventsWereLostOrNotRead) {
  for (const char* gap : {"CPU:0 [LOST 7 EVENTS]", "  t-25 [000] .....  1.000009: dma_unmap_sg: cam dir=FROM_DEV"}) {
    const FtraceRead trace(Ftrace()
                               .add(traced_map("cam", "FROM_DEVICE", kFirst))
                               .raw(gap)
                               .at(20, traced_sync("cpu", "cam", "FROM_DEVICE", kFirst)));
    EXPECT_EQ(trace.kinds().find("sync"), std::string::npos) << gap;
  }
}

TEST(TracepointIdentity, NeedsMemoryForLiveMappingsOnly) {
  Ftrace text;
  for (unsigned i = 0; i < 20000; ++i) {
    const Table t{0x10000000U + std::uint64_t{i} * 0x2000U, 0x80000000U + std::uint64_t{i} * 0x2000U, 8192};
    text.at(static_cast<int>(i % 900000), traced_page_map("eth0", "TO_DEVICE", t));
    text.at(static_cast<int>(i % 900000), traced_page_unmap("eth0", "TO_DEVICE", t));
  }
  struct Watch : EventSink {
    void on_header(const Header&, const Directory&) override {}
    void on_event(const Event&, const Directory& directory) override {
      most = std::max(most, directory.buffers.size());
      ++events;
    }
    std::size_t most = 0, events = 0;
  } watch;
  ReadStatistics statistics;
  input::Lines lines = input::Lines::of_text(text.text());
  formats::ftrace::read_ftrace(lines, "a.txt", watch, statistics);
  EXPECT_EQ(watch.events, 40000U);
  EXPECT_LE(watch.most, formats::ftrace::AddressSpace::kTombstones + 2);
}

}  // namespace
}  // namespace custody::traces::test
