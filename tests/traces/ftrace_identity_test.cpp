// SPDX-License-Identifier: BSD-2-Clause
// Kernel pointers are reused, calls outlive their objects: what an event of ftrace text means.
#include <gtest/gtest.h>

#include "tests/traces/ftrace_support.hpp"

namespace custody::traces::test {
namespace {

TEST(FtraceIdentity, GivesAReusedPointerANewIdentity) {
  const FtraceRead trace(Ftrace().add(kExport).add(kRelease).add(kExport).add(kRelease));
  EXPECT_EQ(trace.kinds(), "export. release. export. release.");
  EXPECT_EQ(trace.at(0).buffer, trace.at(1).buffer);
  EXPECT_NE(trace.at(1).buffer, trace.at(2).buffer);
  EXPECT_EQ(trace.at(2).buffer, trace.at(3).buffer);
}

TEST(FtraceIdentity, GivesAnExportWithoutReleaseANewIdentityToo) {
  const FtraceRead trace(Ftrace().add(kExport).add(kExport));
  EXPECT_NE(trace.at(0).buffer, trace.at(1).buffer);
}

TEST(FtraceIdentity, TellsAReusedAttachmentPointerApart) {
  const std::string other = with(kAttach, "cam", "gpu");
  const FtraceRead trace(Ftrace().add(kExport).add(kAttach).add(kDetach).add(other).add(kDetach));
  EXPECT_NE(trace.at(1).attachment, trace.at(3).attachment);
  EXPECT_EQ(trace.at(3).attachment, trace.at(4).attachment);
  EXPECT_EQ(trace.directory().devices[trace.at(4).device].name, "gpu.0");
}

TEST(FtraceIdentity, TakesAnAttachmentPointerOnAnotherBufferForAnotherAttachment) {
  const std::string other_export = with(kExport, "0xa0", "0xa1");
  const FtraceRead trace(Ftrace()
                             .add(kExport)
                             .add(kAttach)
                             .add(other_export)
                             .add("map: attach=0xb0 dmabuf=0xa1 dir=1")
                             .add("map_ret: sgt=0xc0"));
  EXPECT_NE(trace.at(1).attachment, trace.at(3).attachment);
}

TEST(FtraceIdentity, TakesABufferWithoutExportForOlderThanTheTrace) {
  const FtraceRead trace(Ftrace().add(kMap).add(kMapRet));
  EXPECT_FALSE(trace.directory().buffers[trace.at(0).buffer].export_seen);
  EXPECT_FALSE(trace.directory().attachments[trace.at(0).attachment].attach_seen);
}

TEST(FtraceIdentity, FindsTheDeviceOfAnOlderAttachmentInItsDmaCall) {
  const FtraceRead trace(Ftrace().add(kExport).add(kMap).add(kDmaMap).add(kMapRet));
  EXPECT_EQ(trace.kinds(), "export. map( dma_map. map)");
  EXPECT_EQ(trace.directory().devices[trace.at(2).device].name, "cam.0");
  EXPECT_EQ(trace.at(2).attachment, trace.at(1).attachment);
  EXPECT_EQ(trace.at(3).device, trace.at(2).device);
}

TEST(FtraceIdentity, NamesADeviceAlikeHoweverManyCarriageReturnsEndTheLine) {
  std::string odd = kDmaMap;
  odd.insert(odd.find("cam"), 3, '\0');
  for (const std::string& end : {std::string(), std::string("\r"), std::string("\r\r"), std::string("\r\r\r")}) {
    const FtraceRead trace(Ftrace().add(kExport).add(kAttach).add(kMap).add(odd + end).add(kMapRet));
    ASSERT_EQ(trace.kinds(), "export. attach. map( dma_map. map)");
    ASSERT_EQ(trace.directory().devices.size(), 2U);
    EXPECT_EQ(trace.directory().devices[trace.at(3).device].name, std::string(3, '\0') + "cam.0");
  }
}

TEST(FtraceIdentity, GivesNoOtherAttachmentTheIdOfOneThatACallIsOn) {
  const std::string other = with(with(kAttach, "0xb0", "0xb1"), "0xa0", "0xa1");
  const std::string sync = R"(sync_for_cpu: (f+0x0/0x60) dev="cam.0" sgl=0xd7 nents=1 dir=2)";
  const std::string other_export = with(kExport, "0xa0", "0xa1");
  const FtraceRead trace(Ftrace()
                             .add(kExport)
                             .add(other_export)
                             .add(kAttach)
                             .add(kUnmap)
                             .add(kDetach, 26)
                             .add(other, 26)
                             .add(sync)
                             .add(kUnmapRet)
                             .add(other_export, 26)
                             .add(other, 26));
  ASSERT_EQ(trace.kinds(), "export. export. attach. unmap( detach. attach. sync_for_cpu. unmap) export. attach.");
  const auto& attachments = trace.directory().attachments;
  EXPECT_NE(trace.at(5).attachment, trace.at(2).attachment);
  EXPECT_EQ(trace.at(6).attachment, trace.at(2).attachment);
  EXPECT_EQ(attachments[trace.at(6).attachment].buffer, trace.at(6).buffer);
  EXPECT_EQ(trace.at(7).attachment, trace.at(2).attachment);
}

TEST(FtraceIdentity, GivesALateDmaUnmapToItsBufferByTheScatterlist) {
  for (const bool after_release : {false, true}) {
    Ftrace text;
    text.add(kExport).add(kAttach).add(kMap).add(kDmaMap).add(kMapRet).add(kDetach);
    if (after_release) text.add(kRelease);
    const FtraceRead trace(text.add(kDmaUnmap));
    const Event& late = trace.events().back();
    EXPECT_EQ(late.kind, EventKind::kDmaUnmap);
    EXPECT_EQ(late.buffer, trace.at(0).buffer);
    EXPECT_EQ(late.by, AttributedBy::kScatterlist);
    EXPECT_EQ(late.dma.mapping, trace.at(3).dma.mapping);
    EXPECT_EQ(trace.statistics.unattributed, 0U);
  }
}

TEST(FtraceIdentity, GivesALateDmaUnmapToTheDeadBufferWhenThePointerMeansANewOne) {
  const FtraceRead trace(
      Ftrace().add(kExport).add(kAttach).add(kMap).add(kDmaMap).add(kMapRet).add(kRelease).add(kExport).add(kDmaUnmap));
  EXPECT_EQ(trace.events().back().buffer, trace.at(0).buffer);
  EXPECT_NE(trace.events().back().buffer, trace.at(6).buffer);
}

TEST(FtraceIdentity, TellsAReusedScatterlistPointerApart) {
  const std::string sync = R"(sync_for_cpu: dev="cam.0" sgl=0xd0 nents=1 dir=2)";
  Ftrace text;
  text.add(kExport).add(kAttach).add(kMap).add(kDmaMap).add(kMapRet).add(kUnmap).add(kDmaUnmap).add(kUnmapRet);
  text.add(kDetach).add(kRelease).add(sync);
  text.add(kExport).add(kAttach).add(kMap).add(kDmaMap).add(kMapRet).add(sync);
  const FtraceRead trace(text);
  const Event& last = trace.events().back();
  EXPECT_EQ(last.kind, EventKind::kSyncForCpu);
  EXPECT_EQ(last.buffer, trace.at(10).buffer);
  EXPECT_NE(last.buffer, trace.at(0).buffer);
  EXPECT_EQ(last.dma.mapping, trace.at(13).dma.mapping);
  EXPECT_NE(last.dma.mapping, trace.at(3).dma.mapping);
  EXPECT_EQ(trace.statistics.unattributed, 1U) << "the sync while the pointer meant nothing";
}

TEST(FtraceIdentity, GivesAMapThatTheCoreMadeInsideAttachToThatAttachment) {
  std::string both_ways = kDmaMap;
  both_ways.replace(both_ways.find("dir=2"), 5, "dir=0");
  const FtraceRead trace(Ftrace().add(kExport).add(both_ways).add(kClean).add(kAttach));
  EXPECT_EQ(trace.kinds(), "export. attach. dma_map.");
  EXPECT_EQ(trace.at(2).attachment, trace.at(1).attachment);
  EXPECT_EQ(trace.at(2).maintenance.kind, model::Operation::kClean);
  EXPECT_EQ(trace.at(2).maintenance.bytes, 4096U);
  EXPECT_EQ(trace.statistics.unattributed, 0U);
}

TEST(FtraceIdentity, GivesNoMapToAnAttachOfAnotherDevice) {
  std::string other = kDmaMap;
  other.replace(other.find("cam"), 3, "gpu").replace(other.find("dir=2"), 5, "dir=0");
  const FtraceRead trace(Ftrace().add(kExport).add(other).add(kAttach));
  EXPECT_EQ(trace.kinds(), "export. attach.");
  EXPECT_EQ(trace.statistics.unattributed, 1U);
}

TEST(FtraceIdentity, CountsWhatBelongsToNoBuffer) {
  const FtraceRead trace(Ftrace().add(kExport).add(kDmaMap).add(kClean).add(kDmaUnmap));
  EXPECT_EQ(trace.kinds(), "export.");
  EXPECT_EQ(trace.statistics.unattributed, 2U);
}

TEST(FtraceIdentity, GivesADmaCallOfAnInterruptToNoCallOfTheTaskThatItInterrupts) {
  const FtraceRead trace(Ftrace()
                             .add(kExport)
                             .add(kAttach)
                             .add(kMap)
                             .raw("  task-25  [000] d.h..  1.000003: " + kDmaUnmap)
                             .raw("  task-25  [000] .....  1.000004: " + kMapRet));
  EXPECT_EQ(trace.kinds(), "export. attach. map( map)");
  EXPECT_EQ(trace.statistics.unattributed, 1U);
}

}  // namespace
}  // namespace custody::traces::test
