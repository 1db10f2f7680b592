// SPDX-License-Identifier: BSD-2-Clause
// Calls nest, tasks interleave, returns go missing: which event of ftrace text is inside which.
#include <gtest/gtest.h>

#include "tests/traces/ftrace_support.hpp"

namespace custody::traces::test {
namespace {

TEST(FtraceCalls, NestADmaCallByTheStackOfItsTask) {
  const FtraceRead trace(Ftrace().add(kExport).add(kAttach).add(kMap).add(kDmaMap).add(kMapRet));
  EXPECT_EQ(trace.kinds(), "export. attach. map( dma_map. map)");
  EXPECT_EQ(trace.at(3).in, trace.at(2).call);
  EXPECT_EQ(trace.at(3).attachment, trace.at(1).attachment);
  EXPECT_EQ(trace.at(3).by, AttributedBy::kNesting);
}

TEST(FtraceCalls, KeepTheStacksOfTwoTasksApart) {
  const std::string other_export = with(kExport, "0xa0", "0xa1");
  const FtraceRead trace(Ftrace()
                             .add(kExport)
                             .add(other_export)
                             .add("begin_cpu_access: dmabuf=0xa0 dir=2", 25)
                             .add("begin_cpu_access: dmabuf=0xa1 dir=1", 26)
                             .add(R"(sync_for_cpu: dev="cam.0" sgl=0xd0 nents=1 dir=2)", 25)
                             .add(R"(sync_for_cpu: dev="cam.0" sgl=0xd1 nents=1 dir=1)", 26)
                             .add("begin_cpu_access_ret: ret=0", 25)
                             .add("begin_cpu_access_ret: ret=0", 26));
  for (const Event& e : trace.events()) {
    if (e.kind != EventKind::kSyncForCpu) continue;
    EXPECT_EQ(e.buffer, trace.at(e.dir == model::Direction::kFromDevice ? 0 : 1).buffer);
  }
  EXPECT_EQ(trace.statistics.unattributed, 0U);
}

TEST(FtraceCalls, MergeTheOperationsOfTheSegmentsOfOneDmaCall) {
  const FtraceRead trace(Ftrace()
                             .add(kExport)
                             .add(kAttach)
                             .add(kMap)
                             .add(kDmaMap)
                             .add("arch_clean: paddr=0x1000 size=4096 dir=2")
                             .add("arch_clean: paddr=0x2000 size=4096 dir=2")
                             .add("arch_clean: paddr=0x1000 size=2048 dir=2")
                             .add(kMapRet));
  EXPECT_EQ(trace.kinds(), "export. attach. map( dma_map. map)");
  EXPECT_EQ(trace.at(3).maintenance.kind, model::Operation::kClean);
  EXPECT_EQ(trace.at(3).maintenance.bytes, 8192U);
  EXPECT_EQ(trace.at(3).maintenance.line, 5U);
}

TEST(FtraceCalls, KnowAnInvalidateTowardsTheDeviceForNone) {
  const FtraceRead trace(Ftrace()
                             .add(kExport)
                             .add(kAttach)
                             .add("unmap: attach=0xb0 dmabuf=0xa0 sgt=0xc0 dir=1")
                             .add(R"(dma_unmap: dev="cam.0" sgl=0xd0 nents=1 dir=1 attrs=0x0)")
                             .add("arch_inval: paddr=0x1000 size=8192 dir=1")
                             .add(kUnmapRet));
  EXPECT_EQ(trace.at(3).kind, EventKind::kDmaUnmap);
  EXPECT_TRUE(trace.at(3).maintenance.known);
  EXPECT_TRUE(trace.at(3).maintenance.helper_ran);
  EXPECT_EQ(trace.at(3).maintenance.kind, model::Operation::kNone);
}

TEST(FtraceCalls, AnErrorPointerIsAFailedMap) {
  const FtraceRead trace(Ftrace().add(kExport).add(kAttach).add(kMap).add("map_ret: sgt=0xfffffffffffffff0"));
  EXPECT_EQ(trace.at(3).ret, -16);
}

TEST(FtraceCalls, AFailedAttachIsNoAttachment) {
  const FtraceRead trace(
      Ftrace().add(kExport).add(R"(attach: attach=0xffffffffffffffed dmabuf=0x0 dev=(fault))").add(kRelease));
  EXPECT_EQ(trace.kinds(), "export. release.");
  EXPECT_TRUE(trace.directory().attachments.empty());
}

TEST(FtraceCalls, AFailedExportIsNoBuffer) {
  const FtraceRead trace(
      Ftrace().add(R"(export: dmabuf=0xfffffffffffffff4 size=0 exp_name=(fault) ino=0)").add(kExport));
  EXPECT_EQ(trace.kinds(), "export.");
  EXPECT_EQ(trace.directory().buffers.size(), 1U);
}

TEST(FtraceCalls, AMapWhoseTableCouldNotBeReadIsTakenAsFailed) {
  const FtraceRead trace(Ftrace().add(kExport).add(kAttach).add(kMap).add("map_ret: sgt=0x0"));
  EXPECT_NE(trace.at(3).ret, 0);
}

TEST(FtraceCalls, ACallWithoutReturnEndsWhereItsTaskCallsAgain) {
  const FtraceRead trace(
      Ftrace().add(kExport).add(kAttach).add(kMap).add(kDmaMap).add(kUnmap).add(kDmaUnmap).add(kUnmapRet));
  EXPECT_EQ(trace.kinds(), "export. attach. map( dma_map. map) unmap( dma_unmap. unmap)");
  EXPECT_TRUE(trace.warning(0).find("map") != std::string::npos) << trace.warning(0);
  EXPECT_EQ(trace.statistics.warnings, 1U);
}

TEST(FtraceCalls, ACallWithoutReturnEndsWhereItsTaskDetaches) {
  const Ftrace mapped = Ftrace().add(kExport).add(kAttach).add(kMap).add(kMapRet);
  const FtraceRead trace(Ftrace(mapped).add(kMap).add(kDmaMap).add(kDetach));
  EXPECT_EQ(trace.kinds(), "export. attach. map( map) map( dma_map. map) detach.");
  EXPECT_NE(trace.warning(0).find("map"), std::string::npos) << trace.warning(0);
  EXPECT_EQ(FtraceRead(Ftrace(mapped).add(kMap).add(kDetach, 26)).kinds(), "export. attach. map( map) map( detach.");
  EXPECT_EQ(FtraceRead(Ftrace().add(kExport).add(kAttach).add(kMap).add(kDetach)).kinds(),
            "export. attach. map( detach.")
      << "the return may have no probe";
}

TEST(FtraceCalls, ACallWithoutReturnIsNoneOfTheNextBufferOfItsId) {
  const std::string end = "end_cpu_access: (x) dmabuf=0xa0 dir=2";
  Ftrace text;
  text.add(kExport).add(end).add(kRelease);
  // So many later the id is free.
  for (int i = 0; i < 5000; ++i) {
    const std::string other = std::to_string(0xb0000 + i);
    text.add("export: (x) dmabuf=" + other + " size=4096 exp_name=\"s\" ino=2").add("release: (x) dmabuf=" + other);
  }
  const FtraceRead trace(text.add("end_cpu_access_ret: (x) ret=0"));
  EXPECT_NE(trace.kinds().find("export. end_cpu_access( release. export."), std::string::npos);
  EXPECT_EQ(trace.kinds().find("end_cpu_access)"), std::string::npos);
  EXPECT_NE(trace.warning(0).find("released since"), std::string::npos) << trace.warning(0);
}

TEST(FtraceCalls, AReturnWithoutEntryIsOlderThanTheTrace) {
  const FtraceRead trace(Ftrace().add(kMapRet).add(kUnmapRet).add(kExport));
  EXPECT_EQ(trace.kinds(), "export.");
}

TEST(FtraceCalls, ATraceMayEndInsideACall) {
  const FtraceRead trace(Ftrace().add(kExport).add(kAttach).add(kMap).add(kDmaMap).add(kClean));
  EXPECT_EQ(trace.kinds(), "export. attach. map( dma_map.");
  EXPECT_EQ(trace.at(3).maintenance.kind, model::Operation::kClean);
}

TEST(FtraceCalls, ALossEndsWhatWasOpen) {
  const FtraceRead trace(Ftrace().add(kExport).add(kAttach).add(kMap).raw("CPU:0 [LOST 42 EVENTS]").add(kDmaMap));
  EXPECT_EQ(trace.kinds(), "export. attach. map( lost.");
  EXPECT_EQ(trace.at(3).range.length, 42U);
  EXPECT_EQ(trace.statistics.lost, 42U);
  EXPECT_EQ(trace.statistics.unattributed, 1U);
}

TEST(FtraceCalls, ADmaCallWhoseOperationMayBeLostIsCountedAndNotRead) {
  Ftrace text;
  text.add(kExport).add(kAttach).add(kMap).add(kDmaMap).add(kClean).add(kMapRet).add(kUnmap).add(kDmaUnmap);
  const FtraceRead cut(Ftrace(text).raw("CPU:0 [LOST 1 EVENTS]"));
  EXPECT_EQ(cut.kinds(), "export. attach. map( dma_map. map) unmap( lost.");
  EXPECT_EQ(cut.statistics.unattributed, 1U);
  EXPECT_EQ(cut.warning(0).substr(0, 3), "8: ");
  const FtraceRead shown(text.add("arch_inval: paddr=0x1000 size=4096 dir=2").raw("CPU:0 [LOST 1 EVENTS]"));
  EXPECT_EQ(shown.kinds(), "export. attach. map( dma_map. map) unmap( dma_unmap. lost.");
}

TEST(FtraceCalls, ADmaCallWhoseOperationMayComeAfterTheEndIsNotRead) {
  Ftrace text;
  text.add(kExport).add(kAttach).add(kMap).add(kDmaMap).add(kClean).add(kMapRet).add(kUnmap).add(kDmaUnmap);
  const FtraceRead cut{Ftrace(text)};
  EXPECT_EQ(cut.kinds(), "export. attach. map( dma_map. map) unmap(");
  EXPECT_EQ(cut.statistics.unattributed, 0U);
  EXPECT_NE(cut.warning(0).find("after the trace ends"), std::string::npos) << cut.warning(0);
  const FtraceRead silent(text.add(kUnmapRet));
  EXPECT_EQ(silent.kinds(), "export. attach. map( dma_map. map) unmap( dma_unmap. unmap)");
}

}  // namespace
}  // namespace custody::traces::test
