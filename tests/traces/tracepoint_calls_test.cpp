// SPDX-License-Identifier: BSD-2-Clause
// The kernel's DMA tracepoints beside the probes of the core and of the DMA API.
#include <gtest/gtest.h>

#include "tests/traces/ftrace_support.hpp"
#include "tests/traces/tracepoint_support.hpp"

namespace custody::traces::test {
namespace {

const std::string kTracedMap = traced_map("cam.0", "FROM_DEVICE");
const std::string kTracedUnmap = traced_unmap("cam.0", "FROM_DEVICE");
const std::string kBegin = "begin_cpu_access: (dma_buf_begin_cpu_access+0x0/0x60) dmabuf=0xa0 dir=2";
const std::string kBeginRet = "begin_cpu_access_ret: (x+0x1/0x2 <- dma_buf_begin_cpu_access) ret=0";
const std::string kInval = "arch_inval: (arch_sync_dma_for_cpu+0x0/0x40) paddr=0x80000000 size=8192 dir=2";
const std::string kCleanAll = "arch_clean: (arch_sync_dma_for_device+0x0/0x30) paddr=0x80000000 size=8192 dir=2";

Ftrace exported() { return Ftrace().add(kExport).add(kAttach); }

TEST(TracepointCalls, AreOfTheBufferOfTheCallAroundThem) {
  const FtraceRead trace(exported()
                             .add(kMap)
                             .add(kTracedMap)
                             .add(kMapRet)
                             .add(kBegin)
                             .add(traced_sync("cpu", "cam.0", "FROM_DEVICE"))
                             .add(kBeginRet)
                             .add(kUnmap)
                             .add(kTracedUnmap)
                             .add(kUnmapRet));
  EXPECT_EQ(trace.kinds(),
            "export. attach. map( dma_map. map) begin_cpu_access( sync_for_cpu. begin_cpu_access) unmap( dma_unmap. "
            "unmap)");
  for (const std::size_t i : {3U, 6U, 9U}) {
    EXPECT_EQ(trace.at(i).buffer, trace.at(0).buffer) << i;
    EXPECT_EQ(trace.at(i).by, AttributedBy::kNesting) << i;
    EXPECT_EQ(trace.at(i).attachment, i == 6U ? kNoId : trace.at(1).attachment) << i;
    EXPECT_EQ(trace.at(i).dma.mapping, trace.at(3).dma.mapping) << i;
    EXPECT_EQ(trace.at(i).dma.addresses, AddressEvidence::kNone) << i;
  }
  EXPECT_TRUE(trace.header().traced_dma && trace.header().observes_dma_api);
  EXPECT_EQ(trace.statistics.unattributed, 0U);
  EXPECT_EQ(trace.statistics.tracepoints[0], 3U);
}

TEST(TracepointCalls, CountOnceBesideTheProbeOfTheSameCall) {
  const FtraceRead trace(exported()
                             .add(kMap)
                             .add(kDmaMap)
                             .add(kCleanAll)
                             .add(traced_map("cam.0", "FROM_DEVICE", {}, "NO_WARN"))
                             .add(kMapRet)
                             .add(kUnmap)
                             .add(kDmaUnmap)
                             .add(kTracedUnmap)
                             .add(kInval)
                             .add(kUnmapRet));
  EXPECT_EQ(trace.kinds(), "export. attach. map( dma_map. map) unmap( dma_unmap. unmap)");
  EXPECT_EQ(trace.at(3).dma.attrs, 1U << 8U);
  EXPECT_EQ(trace.at(3).maintenance.kind, model::Operation::kClean);
  EXPECT_EQ(trace.at(6).maintenance.kind, model::Operation::kInvalidate);
  EXPECT_EQ(trace.at(6).dma.mapping, trace.at(3).dma.mapping);
}

TEST(TracepointCalls, InAnotherDirectionAreOthers) {
  const FtraceRead trace(exported().add(kMap).add(kDmaMap).add(traced_map("cam.0", "TO_DEVICE")).add(kMapRet));
  EXPECT_EQ(trace.kinds(), "export. attach. map( dma_map. dma_map. map)");
}

TEST(TracepointCalls, OfAnotherDeviceAreOthers) {
  const FtraceRead trace(exported().add(kMap).add(kDmaMap).add(traced_map("misc", "FROM_DEVICE")).add(kMapRet));
  EXPECT_EQ(trace.kinds(), "export. attach. map( dma_map. dma_map. map)");
}

TEST(TracepointCalls, GetTheOperationsThatRanBeforeAMapOrSyncAndAfterAnUnmap) {
  const FtraceRead trace(exported()
                             .add(kMap)
                             .add(kCleanAll)
                             .add(kTracedMap)
                             .add(kMapRet)
                             .add(kUnmap)
                             .add(kTracedUnmap)
                             .add(kInval)
                             .add(kUnmapRet)
                             .add(kMap)
                             .add(kCleanAll)
                             .add(kTracedMap)
                             .add(kMapRet)
                             .add(kBegin)
                             .add(kInval)
                             .add(traced_sync("cpu", "cam.0", "FROM_DEVICE"))
                             .add(kBeginRet));
  EXPECT_EQ(trace.kinds(),
            "export. attach. map( dma_map. map) unmap( dma_unmap. unmap) map( dma_map. map) "
            "begin_cpu_access( sync_for_cpu. begin_cpu_access)");
  EXPECT_EQ(trace.at(3).maintenance.kind, model::Operation::kClean);
  EXPECT_EQ(trace.at(6).maintenance.kind, model::Operation::kInvalidate);
  EXPECT_EQ(trace.at(9).maintenance.kind, model::Operation::kClean);
  EXPECT_EQ(trace.at(9).maintenance.bytes, 8192U);
  EXPECT_EQ(trace.at(12).maintenance.kind, model::Operation::kInvalidate);
}

TEST(TracepointCalls, TakeOneOperationForEachEntryOfTheirTable) {
  const FtraceRead trace(exported().add(kMap).add(kCleanAll).add(kCleanAll).add(kTracedMap).add(kMapRet));
  EXPECT_EQ(trace.kinds(), "export. attach. map( cache_operation. dma_map. map)");
  EXPECT_EQ(trace.at(4).maintenance.line, 5U);
}

TEST(TracepointCalls, LeaveAnOperationAloneThatNoTracepointFollows) {
  const FtraceRead trace(exported().add(kMap).add(kTracedMap).add(kMapRet).add(kBegin).add(kInval).add(kBeginRet));
  EXPECT_EQ(trace.kinds(), "export. attach. map( dma_map. map) begin_cpu_access( cache_operation. begin_cpu_access)");
  EXPECT_EQ(trace.at(6).buffer, trace.at(0).buffer);
}

TEST(TracepointCalls, OutsideAnyCallAreFoundByTheirAddresses) {
  const FtraceRead trace(exported()
                             .add(kMap)
                             .add(traced_map("cam.0", "FROM_DEVICE", {0xffe00000U}))
                             .add(kMapRet)
                             .add(traced_sync("cpu", "cam.0", "FROM_DEVICE", {0xffe00000U}))
                             .add(traced_map("misc", "FROM_DEVICE"))
                             .add(traced_page_sync("device", "cam.0", "FROM_DEVICE", {0xffe01000U, 0, 4096})));
  EXPECT_EQ(trace.kinds(), "export. attach. map( dma_map. map) sync_for_cpu. dma_map. sync_for_device.");
  for (const std::size_t i : {5U, 6U, 7U}) {
    EXPECT_EQ(trace.at(i).buffer, trace.at(0).buffer) << i;
    EXPECT_EQ(trace.at(i).by, AttributedBy::kAddress) << i;
    EXPECT_EQ(trace.at(i).dma.addresses, AddressEvidence::kNone) << i;
  }
  EXPECT_EQ(trace.at(5).attachment, trace.at(1).attachment);
  EXPECT_EQ(trace.at(7).range.offset, 4096U);
  EXPECT_EQ(trace.at(7).range.length, 4096U);
}

TEST(TracepointCalls, OfMemoryThatNoCallNamesAreCountedOnly) {
  const FtraceRead trace(exported().add(traced_map("eth0", "TO_DEVICE")).add(traced_unmap("eth0", "TO_DEVICE")));
  EXPECT_EQ(trace.kinds(), "export. attach.");
  EXPECT_EQ(trace.statistics.unattributed, 2U);
}

TEST(TracepointCalls, InsideAnAttachAreOfTheAttachmentThatItMakes) {
  std::string traced = traced_map("cam.0", "BIDIRECTIONAL");
  const FtraceRead trace(
      Ftrace().add(kExport).add(traced).add(kAttach).add(traced_sync("cpu", "cam.0", "BIDIRECTIONAL")));
  EXPECT_EQ(trace.kinds(), "export. attach. dma_map. sync_for_cpu.");
  EXPECT_EQ(trace.at(2).attachment, trace.at(1).attachment);
  EXPECT_EQ(trace.at(3).buffer, trace.at(0).buffer);
  EXPECT_EQ(trace.at(3).dma.mapping, trace.at(2).dma.mapping);
}

TEST(TracepointCalls, OfAddressesThatNoMapGaveShowThatItsRecordIsMissing) {
  const auto warned = [](const std::string& sync) {
    return FtraceRead(exported().add(kMap).add(kMapRet).add(kBegin).add(sync).add(kBeginRet)).statistics.warnings;
  };
  EXPECT_EQ(warned(traced_sync("cpu", "cam.0", "FROM_DEVICE")), 1U);
  EXPECT_EQ(warned("dma_sync_sg_for_cpu: cam.0 dir=FROM_DEVICE dma_addrs={0x0} sizes={0x0}"), 0U) << "never mapped";
  EXPECT_EQ(warned(traced_map("cam.0", "FROM_DEVICE")), 0U);
}

TEST(TracepointCalls, ThatFailedSaySo) {
  const FtraceRead trace(exported()
                             .add(kMap)
                             .add("dma_map_sg_err: cam.0 dir=FROM_DEVICE dma_addrs={0x80000000} err=-12 attrs=")
                             .add("map_ret: (x+0x1/0x2 <- dma_buf_map_attachment) sgt=0xfffffffffffffff4"));
  EXPECT_EQ(trace.kinds(), "export. attach. map( dma_map. map)");
  EXPECT_EQ(trace.at(3).ret, -12);
}

TEST(TracepointCalls, OfASinglePageOfABufferAreNoTableOfIt) {
  const FtraceRead trace(
      exported().add(kMap).add(traced_page_map("cam.0", "FROM_DEVICE", {0x80000000U, 0x80000000U, 4096})).add(kMapRet));
  EXPECT_EQ(trace.kinds(), "export. attach. map( map)");
  EXPECT_EQ(trace.statistics.unattributed, 1U);
}

TEST(TracepointCalls, TellsThatATableIsTooLongToBeSyncedInARecord) {
  std::string traced = kTracedMap;
  traced.replace(traced.find("1/1 ents=1/1"), 12, "1/512 ents=1/512 [TRUNCATED]");
  EXPECT_FALSE(FtraceRead(exported().add(kMap).add(kTracedMap).add(kMapRet)).directory().buffers[0].hides_syncs);
  EXPECT_TRUE(FtraceRead(exported().add(kMap).add(traced).add(kMapRet)).directory().buffers[0].hides_syncs);
}

TEST(TracepointCalls, BesideAnIommuAreNoCallsOfTheCore) {
  const FtraceRead trace(exported().add(kMap).add(traced_iommu_map({0xffe00000U})).add(kMapRet));
  EXPECT_EQ(trace.kinds(), "export. attach. map( map)");
  EXPECT_EQ(trace.statistics.warnings, 0U);
  EXPECT_EQ(trace.statistics.tracepoints[static_cast<std::size_t>(RecordSource::kIommuTracepoints)], 1U);
}

TEST(TracepointCalls, ThatCannotBeReadAreAGapAndNamed) {
  const FtraceRead trace(exported().add("dma_map_sg: cam.0 dir=FROM_DEVICE dma_addrs={0x1"));
  EXPECT_EQ(trace.statistics.malformed, 1U);
  EXPECT_EQ(trace.warning(0), "3: event 'dma_map_sg' without a readable field 'dma_addrs'");
}

}  // namespace
}  // namespace custody::traces::test
