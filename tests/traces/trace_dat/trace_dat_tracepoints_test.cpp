// SPDX-License-Identifier: BSD-2-Clause
// The kernel's own tracepoints in a trace.dat tell what their text tells.
#include <gtest/gtest.h>

#include "tests/traces/ftrace_support.hpp"
#include "tests/traces/trace_compare.hpp"
#include "tests/traces/trace_dat/trace_dat_support.hpp"

namespace custody::traces::test {
namespace {

constexpr Keeps kAllOfIt{true, true, true, false};

/// Two entries, one DMA segment, through an IOMMU.
Ftrace of_one_buffer() {
  Ftrace trace;
  trace.add("dma_buf_export: exp_name=system size=12288 ino=7")
      .add("dma_buf_fd: exp_name=system size=12288 ino=7 fd=5");
  trace.add(
      "dma_buf_dynamic_attach: exp_name=system size=12288 ino=7 attachment:00000000abcd1234 is_dynamic=0 "
      "dev_name=cam.0");
  trace.add("map: IOMMU: iova=0x00000000fff00000 - 0x00000000fff03000 paddr=0x0000000044400000 size=12288");
  trace.add(
      "dma_map_sg: cam.0 dir=FROM_DEVICE nents=2/2 ents=1/1 dma_addrs={0xfff00000} sizes={0x3000} "
      "phys_addrs={0x44400000,0x55500000} attrs=SKIP_CPU_SYNC");
  trace.add("dma_sync_sg_for_cpu: cam.0 dir=FROM_DEVICE dma_addrs={0xfff00000} sizes={0x3000}");
  trace.add("dma_sync_single_for_device: cam.0 dir=BIDIRECTIONAL dma_addr=fff01000 size=4096");
  trace.add("dma_unmap_sg: cam.0 dir=FROM_DEVICE phys_addrs={0x44400000,0x55500000} attrs=");
  trace.add("dma_map_phys: disp.0 dir=TO_DEVICE dma_addr=fff10000 size=4096 phys_addr=44400000 attrs=");
  trace.add("dma_unmap_phys: disp.0 dir=TO_DEVICE dma_addr=fff10000 size=4096 attrs=");
  trace.add("unmap: IOMMU: iova=0x00000000fff00000 - 0x00000000fff03000 size=12288 unmapped_size=12288");
  trace.add("dma_buf_detach: exp_name=system size=12288 ino=7 attachment:00000000abcd1234 is_dynamic=0 dev_name=cam.0");
  return trace.add("dma_buf_put: exp_name=system size=12288 ino=7");
}

TEST(TraceDatTracepoints, TellWhatTheTextTells) {
  const FtraceRead expected(of_one_buffer());
  ASSERT_GT(expected.events().size(), 8U);
  ASSERT_EQ(expected.statistics.malformed, 0U);
  for (const DatShape& shape : shapes()) {
    const DatRead read(make_trace_dat(of_one_buffer().text(), shape));
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(first_difference(expected, read, kAllOfIt), "");
    EXPECT_EQ(read.statistics.known_events, expected.statistics.known_events);
    EXPECT_EQ(read.statistics.unknown_events, 0U);
    EXPECT_EQ(read.statistics.malformed, 0U);
  }
}

TEST(TraceDatTracepoints, NestInTheCallsOfProbes) {
  Ftrace trace;
  trace.add(kExport).add(kAttach).add(kMap);
  trace.add(
      "dma_map_sg: cam.0 dir=FROM_DEVICE nents=1/1 ents=1/1 dma_addrs={0x1000} sizes={0x2000} phys_addrs={0x1000} "
      "attrs=");
  trace.add(kMapRet).add("dma_sync_sg_for_cpu: cam.0 dir=FROM_DEVICE dma_addrs={0x1000} sizes={0x2000}").add(kRelease);
  const FtraceRead expected(trace);
  const DatRead read(make_trace_dat(trace.text(), {}));
  EXPECT_EQ(first_difference(expected, read, kAllOfIt), "");
  EXPECT_EQ(read.statistics.unattributed, expected.statistics.unattributed);
}

TEST(TraceDatTracepoints, AreUnreadWithoutAFieldThatTheyNeed) {
  std::string bytes = make_trace_dat(of_one_buffer().text(), {});
  const std::size_t at = bytes.find("lengths;");
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, 7, "strange");
  const DatRead read(bytes);
  EXPECT_EQ(read.statistics.malformed, 1U);
  EXPECT_EQ(read.gaps, 1U);
  ASSERT_EQ(read.statistics.kept_warnings.size(), 1U);
  EXPECT_EQ(read.statistics.kept_warnings[0].message, "event 'dma_map_sg' without a readable field 'size'");
}

TEST(TraceDatTracepoints, AreUnreadWhereAnArrayReachesBeyondTheRecord) {
  std::string bytes = make_trace_dat(of_one_buffer().text(), {});
  // The two physical addresses of the map and of the unmap, as 64 bits each, are 16 bytes long.
  const std::string length("\x10\x00", 2), longer("\xff\x00", 2);
  std::size_t changed = 0;
  for (std::size_t at = bytes.find(length, bytes.find("flyrecord") + 4096 - 512); at != std::string::npos;
       at = bytes.find(length, at + 1))
    if (at % 4 == 2) bytes.replace(at, 2, longer), ++changed;
  ASSERT_GT(changed, 0U);
  const DatRead read(bytes);
  EXPECT_GE(read.statistics.malformed, 1U);
  EXPECT_GE(read.gaps, 1U);
}

}  // namespace
}  // namespace custody::traces::test
