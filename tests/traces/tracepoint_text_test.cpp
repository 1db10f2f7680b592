// SPDX-License-Identifier: BSD-2-Clause
// The text of the kernel's own tracepoints, in all variants that kernels and tools print.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/traces/ftrace_support.hpp"
#include "traces/dma_attrs.hpp"
#include "traces/event.hpp"
#include "traces/formats/ftrace/tracepoint_text.hpp"

namespace custody::traces::test {
namespace {

using formats::ftrace::find_tracepoint;
using formats::ftrace::parse_tracepoint;
using formats::ftrace::recognise_tracepoint;
using formats::ftrace::Tracepoint;
using formats::ftrace::TracepointKind;
using Fields = std::vector<std::uint64_t>;

/// Parsed, and read without complaint.
Tracepoint parsed(TracepointKind kind, std::string_view text) {
  Tracepoint t;
  EXPECT_EQ(parse_tracepoint(kind, text, t), "") << text;
  return t;
}

std::string complaint(TracepointKind kind, std::string_view text) {
  Tracepoint t;
  return std::string(parse_tracepoint(kind, text, t));
}

TEST(TracepointText, ReadsASingleMapWhoseNumbersHaveNoPrefix) {
  const Tracepoint t = parsed(TracepointKind::kMap,
                              "0000:00:02.0 dir=TO_DEVICE dma_addr=ffe00000 size=4096 phys_addr=1044400000 attrs=");
  EXPECT_EQ(t.device, "0000:00:02.0");
  EXPECT_EQ(t.dir, model::Direction::kToDevice);
  EXPECT_EQ(t.dma_addrs, Fields{0xffe00000U});
  EXPECT_EQ(t.sizes, Fields{4096U});
  EXPECT_EQ(t.phys_addrs, Fields{0x1044400000U});
  EXPECT_EQ(t.attrs, 0U);
}

TEST(TracepointText, ReadsTheTablesOfOlderAndNewerKernels) {
  const std::string arrays =
      "dma_addrs={0x10000,0x20000} sizes={0x1000,0x2000} phys_addrs={0x80000000,0x90000000} "
      "attrs=SKIP_CPU_SYNC|NO_WARN";
  for (const std::string& counts : {std::string(), std::string("nents=2/2 ents=2/2 ")}) {
    const Tracepoint t = parsed(TracepointKind::kMapSg, "gpu.0 dir=BIDIRECTIONAL " + counts + arrays);
    EXPECT_EQ(t.dma_addrs, (Fields{0x10000U, 0x20000U}));
    EXPECT_EQ(t.sizes, (Fields{0x1000U, 0x2000U}));
    EXPECT_EQ(t.phys_addrs, (Fields{0x80000000U, 0x90000000U}));
    EXPECT_EQ(t.attrs, dma_attribute_bit("SKIP_CPU_SYNC") | dma_attribute_bit("NO_WARN"));
    EXPECT_FALSE(t.truncated);
  }
}

TEST(TracepointText, SeesThatATableWasTruncated) {
  const std::string arrays = "dma_addrs={0x1} sizes={0x1000} phys_addrs={0x1} attrs=";
  const Tracepoint t =
      parsed(TracepointKind::kMapSg, "gpu.0 dir=FROM_DEVICE nents=1/512 ents=1/512 [TRUNCATED] " + arrays);
  EXPECT_TRUE(t.truncated);
  EXPECT_EQ(t.nents.all, 512U);
  EXPECT_EQ(t.ents.all, 512U);
  EXPECT_TRUE(parsed(TracepointKind::kMapSg, "gpu.0 dir=NONE nents=1/2 ents=1/1 " + arrays).truncated);
}

TEST(TracepointText, KnowsTheNewestAttributesAndKeepsUnknownBits) {
  const Tracepoint t = parsed(TracepointKind::kUnmap,
                              "d dir=TO_DEVICE dma_addr=1 size=1 attrs=MMIO|CACHELINES_OVERLAP|REQUIRE_COHERENT|"
                              "CC_SHARED|ALLOC_CC_SHARED|0x80000");
  EXPECT_EQ(t.attrs, 0x80000U | 1U << 10U | 1U << 11U | 1U << 12U | 1U << 13U);
}

TEST(TracepointText, ReadsTheErrorWhosePhysicalAddressesHaveTheOtherName) {
  const Tracepoint t = parsed(TracepointKind::kMapSgError, "gpu.0 dir=TO_DEVICE dma_addrs={0x80000000} err=-12 attrs=");
  EXPECT_EQ(t.err, -12);
  EXPECT_EQ(t.phys_addrs, Fields{0x80000000U});
  EXPECT_TRUE(t.dma_addrs.empty());
}

TEST(TracepointText, DecodesWhatLibtraceeventCouldNotPrint) {
  const Tracepoint t = parsed(
      TracepointKind::kUnmapSg,
      " [FAILED TO PARSE] device=cam.0 addrs=ARRAY[00, 00, 40, 44, 01, 00, 00, 00, ff, 00, 00, 00, 00, 00, 00, 80] "
      "dir=2 attrs=0x20");
  EXPECT_EQ(t.device, "cam.0");
  EXPECT_EQ(t.phys_addrs, (Fields{0x144400000U, 0x80000000000000ffU}));
  EXPECT_EQ(t.dir, model::Direction::kFromDevice);
  EXPECT_EQ(t.attrs, kAttrSkipCpuSync);
}

TEST(TracepointText, DecodesElementsOfFourBytesAndPaddedNumbers) {
  const Tracepoint t = parsed(TracepointKind::kMapSg,
                              "[FAILED TO PARSE] device=cam.0 full_nents=1 full_ents=1 truncated=0 "
                              "phys_addrs=ARRAY[00, 10, 00, 00, 00, 00, 00, 00] dma_addrs=ARRAY[00, 20, 00, 00, 00, "
                              "00, 00, 00] lengths=ARRAY[00, 10, 00, 00] dir=1 attrs=                   0");
  EXPECT_EQ(t.sizes, Fields{0x1000U});
  EXPECT_EQ(t.phys_addrs, Fields{0x1000U});
  EXPECT_EQ(t.dma_addrs, Fields{0x2000U});
  EXPECT_FALSE(t.truncated);
}

TEST(TracepointText, NamesWhatItCannotRead) {
  EXPECT_EQ(complaint(TracepointKind::kMap, "d dma_addr=1 size=1 phys_addr=1 attrs="), "dir");
  EXPECT_EQ(complaint(TracepointKind::kMap, "d dir=SIDEWAYS dma_addr=1 size=1 phys_addr=1"), "dir");
  EXPECT_EQ(complaint(TracepointKind::kMap, "d dir=TO_DEVICE dma_addr=xyz size=1 phys_addr=1"), "dma_addr");
  EXPECT_EQ(complaint(TracepointKind::kMap, "d dir=TO_DEVICE dma_addr=1 size=1"), "phys_addr");
  EXPECT_EQ(complaint(TracepointKind::kSyncSgForCpu, "d dir=TO_DEVICE dma_addrs={0x1,0x2} sizes={0x1}"), "size");
  EXPECT_EQ(complaint(TracepointKind::kSyncSgForCpu, "d dir=TO_DEVICE dma_addrs={0x1,0x2"), "dma_addrs");
  EXPECT_EQ(complaint(TracepointKind::kUnmapSg, "[FAILED TO PARSE] device=d addrs=ARRAY[00, 01] dir=1"), "addrs");
  EXPECT_EQ(complaint(TracepointKind::kUnmapSg, "[FAILED TO PARSE] dir=1 addrs=ARRAY[]"), "device");
  EXPECT_EQ(complaint(TracepointKind::kExport, "exp_name=a size=1"), "ino");
  for (const TracepointKind kind : {TracepointKind::kAttach, TracepointKind::kDetach})
    EXPECT_EQ(complaint(kind, "dev_name= exp_name=a size=1 ino=2 is_dynamic=0 attach=3"), "dev_name");
  const std::string map = "d dir=TO_DEVICE dma_addr=1 size=1 phys_addr=1 ";
  for (const char* cut : {"", "attrs", "attrs=SKIP_CPU_SY", "attrs=SKIP_CPU_SYNC|", "attrs=SKIP_CPU_SYNC|NO_W",
                          "attrs=|NO_WARN", "attrs=skip"})
    EXPECT_EQ(complaint(TracepointKind::kMap, map + cut), "attrs") << cut;
  for (const char* whole : {"attrs=", "attrs=SKIP_CPU_SYNC", "attrs=NO_WARN|DEBUGGING_IGNORE_CACHELINES"})
    EXPECT_EQ(complaint(TracepointKind::kMap, map + whole), "") << whole;
  EXPECT_EQ(complaint(TracepointKind::kFd, "exp_name=a size=1 ino=2"), "fd");
  EXPECT_EQ(complaint(TracepointKind::kIommuMap, "IOMMU: iova=0x1 size=1"), "paddr");
}

TEST(TracepointText, ReadsAnExporterWhoseNameHoldsACommaAndItsAttachment) {
  const Tracepoint t = parsed(TracepointKind::kAttach,
                              "exp_name=qcom,system size=8192 ino=17 attachment:00000000c0ffee00 is_dynamic=1 "
                              "dev_name=3d00000.gpu");
  EXPECT_EQ(t.exp_name, "qcom,system");
  EXPECT_EQ(t.size, 8192U);
  EXPECT_EQ(t.ino, 17U);
  EXPECT_EQ(t.attachment, 0xc0ffee00U);
  EXPECT_TRUE(t.is_dynamic);
  EXPECT_EQ(t.device, "3d00000.gpu");
  EXPECT_EQ(
      parsed(TracepointKind::kDetach, "exp_name=a size=1 ino=1 attachment:(____ptrval____) is_dynamic=0 dev_name=d")
          .attachment,
      0U);
}

TEST(TracepointText, ReadsAnExporterWhoseNameLooksLikeAField) {
  const Tracepoint t = parsed(TracepointKind::kFd, "exp_name=x size=3 ino=4 size=8192 ino=17 fd=5");
  EXPECT_EQ(t.exp_name, "x size=3 ino=4");
  EXPECT_EQ(t.ino, 17U);
  EXPECT_EQ(t.fd, 5);
}

TEST(TracepointText, ReadsFencesAndIommus) {
  const Tracepoint fence = parsed(TracepointKind::kFenceSignaled, "driver=msm timeline=gpu ring 0 context=12 seqno=34");
  EXPECT_EQ(fence.timeline, "gpu ring 0");
  EXPECT_EQ(fence.context, 12U);
  const Tracepoint map =
      parsed(TracepointKind::kIommuMap,
             "IOMMU: iova=0x00000000fff00000 - 0x00000000fff02000 paddr=0x0000000080000000 size=8192");
  EXPECT_EQ(map.iova_begin, 0xfff00000U);
  EXPECT_EQ(map.iova_end, 0xfff02000U);
  EXPECT_EQ(map.paddr, 0x80000000U);
  EXPECT_EQ(parsed(TracepointKind::kIommuUnmap, "IOMMU: iova=0x1000 size=4096 unmapped_size=4096").iova_end, 0x2000U);
}

TEST(TracepointText, TellsAProbeOfTheSameNameApart) {
  EXPECT_TRUE(recognise_tracepoint("", "dma_buf_export", " exp_name=a size=1 ino=1").found);
  EXPECT_FALSE(recognise_tracepoint("", "dma_buf_export", " (dma_buf_export+0x0/0x10) dmabuf=0xa0").found);
  EXPECT_EQ(recognise_tracepoint("", "map", "IOMMU: iova=0x0").kind, TracepointKind::kIommuMap);
  EXPECT_FALSE(recognise_tracepoint("", "map", "attach=0xb0").found);
  EXPECT_EQ(recognise_tracepoint("", "fence_signaled", "driver=a").kind, TracepointKind::kFenceSignaled);
  EXPECT_EQ(find_tracepoint("fence", "dma_fence_emit").kind, TracepointKind::kFenceEmit);
  EXPECT_FALSE(find_tracepoint("custody", "map").found);
}

TEST(TracepointText, NamesAnAttributeThatItDoesNotKnow) {
  const std::string map = "d dir=TO_DEVICE dma_addr=1 size=1 phys_addr=1 attrs=";
  EXPECT_EQ(parsed(TracepointKind::kMap, map + "NO_WARN|LATER_THAN_THIS|MMIO").unknown_attribute, "LATER_THAN_THIS");
  for (const char* known : {"", "SKIP_CPU_SYNC|NO_WARN", "ALLOC_CC_SHARED", "0x80000"})
    EXPECT_EQ(parsed(TracepointKind::kMap, map + known).unknown_attribute, "") << known;
  const std::string line = " a-7 [000] ..... 1.000001: dma_map_phys: " + map + "LATER_THAN_THIS\n";
  const FtraceRead trace(line + line);
  EXPECT_EQ(trace.statistics.passed_over.fields, 2U);
  ASSERT_EQ(trace.statistics.warnings, 1U);
  EXPECT_NE(trace.statistics.kept_warnings.at(0).message.find("'LATER_THAN_THIS'"), std::string::npos);
}

TEST(TracepointText, KeepsNothingOfTheRecordBefore) {
  Tracepoint t;
  EXPECT_EQ(parse_tracepoint(TracepointKind::kMap, "d dir=TO_DEVICE dma_addr=1 size=1 phys_addr=1 attrs=MMIO", t), "");
  EXPECT_EQ(parse_tracepoint(TracepointKind::kUnmapSg, "d dir=TO_DEVICE phys_addrs={0x2} attrs=", t), "");
  EXPECT_EQ(t.attrs, 0U);
  EXPECT_TRUE(t.dma_addrs.empty());
  EXPECT_EQ(t.phys_addrs, Fields{2U});
}

}  // namespace
}  // namespace custody::traces::test
