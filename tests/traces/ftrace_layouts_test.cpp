// SPDX-License-Identifier: BSD-2-Clause
// The layouts of a record that are not that of tracefs, and lines that are none of them.
#include <gtest/gtest.h>

#include "tests/traces/ftrace_support.hpp"
#include "traces/formats/ftrace/cleaning.hpp"
#include "traces/formats/ftrace/foreign_lines.hpp"
#include "traces/formats/ftrace/layouts.hpp"

namespace custody::traces::test {
namespace {

using formats::ftrace::Head;
using formats::ftrace::LineIs;

/// `comm|pid|cpu|ts|group|event|rest`, with `!` behind it from an interrupt; else which kind of line it is.
std::string read(const std::string& line) {
  static formats::ftrace::Layouts layouts;
  Head h;
  const LineIs is = layouts.read(line, h);
  if (is == LineIs::kForeign) return "foreign";
  if (is == LineIs::kDifferences) return "differences";
  if (is == LineIs::kNothing) return "nothing";
  return std::string(formats::ftrace::without_prefix(h.comm)) + "|" + std::to_string(h.pid) + "|" +
         std::to_string(h.cpu) + "|" + std::to_string(h.ts) + "|" + std::string(h.group) + "|" + std::string(h.event) +
         "|" + std::string(h.rest) + (h.in_interrupt ? "!" : "");
}

TEST(FtraceLayouts, OfTheLatencyFormatHaveProcessorAndFlagsInOneWord) {
  EXPECT_EQ(read("camera-h-416     4d.h2. 1094172us : map: (x) dir=2"), "camera-h|416|4|1094172000||map|(x) dir=2!");
  EXPECT_EQ(read("  a-b c-7   10.....   12us+: map: dir=2"), "a-b c|7|10|12000||map|dir=2");
  EXPECT_EQ(read("  camera-7   0d.... 1.094172: map: dir=2"), "camera|7|0|1094172000||map|dir=2");
  EXPECT_EQ(read("[   12.345678]   camera-7   0d.... 12us : map: dir=2"), "camera|7|0|12000||map|dir=2");
  EXPECT_EQ(read("  camera-7   0d.... 12ms : map: dir=2"), "nothing");
}

TEST(FtraceLayouts, OfARawReportInTheLatencyFormatHaveNumbersAsFlags) {
  EXPECT_EQ(read("  camera-7   3-0x0 1.094172: map: dir=2"), "camera|7|3|1094172000||map|dir=2");
  EXPECT_EQ(read("  camera-7   3-0x5 1.094172: map: dir=2"), "camera|7|3|1094172000||map|dir=2");
  EXPECT_EQ(read("  camera-7   3-0x9 1.094172: map: dir=2"), "camera|7|3|1094172000||map|dir=2!");
  EXPECT_EQ(read("  camera-7   3-0x10 1.094172: map: dir=2"), "camera|7|3|1094172000||map|dir=2!");
  EXPECT_EQ(read("  camera-7   3-0xff 1.094172: map: dir=2"), "camera|7|3|1094172000||map|dir=2");
  EXPECT_EQ(read("  camera-7   3-0x1g 1.094172: map: dir=2"), "nothing");
  EXPECT_EQ(read("  camera-7   3-0x 1.094172: map: dir=2"), "nothing");
}

TEST(FtraceLayouts, MayHaveADifferenceBesideTheTime) {
  EXPECT_EQ(read("  camera-7   0d.... 1.094172: (+27000) map: dir=2"), "camera|7|0|1094172000||map|dir=2");
  EXPECT_EQ(read("  camera-7   [003]   1.094172001: (+5) map:   dir=2"), "camera|7|3|1094172001||map|  dir=2");
  EXPECT_EQ(read("usb 1-1: (+27000) map: dir=2"), "nothing");
}

TEST(FtraceLayouts, LoseColoursInsideNames) {
  EXPECT_EQ(
      read(" cam\x1b[01;31m\x1b[Kera\x1b[m\x1b[K-7 [000] d.... 1.000001: dma_\x1b[01;31m\x1b[Kmap\x1b[m\x1b[K: dir=2"),
      "camera|7|0|1000001000||dma_map|dir=2");
  const FtraceRead trace("a-7 [000] d.... 1.000001: \x1b[31mexport\x1b[m: (x) dmabuf=0xa0 size=1\n");
  EXPECT_EQ(trace.kinds(), "export.");
}

TEST(FtraceLayouts, OfPerfScriptHaveNoDash) {
  EXPECT_EQ(read("  my app 2   26 [003]   1.094172:   custody:map: (ff) dir=2"),
            "my app 2|26|3|1094172000|custody|map|(ff) dir=2");
  EXPECT_EQ(read("app 20/26 [003] 1.094172001: probe:map__return: (ff) dir=2"),
            "app|26|3|1094172001|probe|map__return|(ff) dir=2");
  EXPECT_EQ(read("app    26   1.094172:     1 custody:map: dir=2"), "app|26|0|1094172000|custody|map|dir=2");
  EXPECT_EQ(read("app 26 [x] 1.094172: custody:map: dir=2"), "nothing");
}

TEST(FtraceLayouts, OfPerfTraceCountInMilliseconds) {
  EXPECT_EQ(read("  1094.172 (         ): app/26 custody:map(dmabuf: 1, dir: 2)"),
            "app|26|0|1094172000|custody|map|dmabuf: 1, dir: 2");
  EXPECT_EQ(read("     0.000 app/26 custody:map((ff) dmabuf=0x1 dir=2)"),
            "app|26|0|0|custody|map|(ff) dmabuf=0x1 dir=2");
  EXPECT_EQ(read("     0.000 app/26 custody:map:(ff) dir=2"), "app|26|0|0|custody|map|(ff) dir=2");
}

TEST(FtraceLayouts, OfPerfTraceLeaveOutZerosWhereTheyAreLists) {
  const std::string begin = "     0.000 app/26 custody:";
  const FtraceRead list(begin + "export:(ff) dmabuf=0xa0 size=1\n" + begin + "begin_cpu_access(dmabuf: 160)\n");
  EXPECT_EQ(list.kinds(), "export. begin_cpu_access(");
  const FtraceRead cut(begin + "export:(ff) dmabuf=0xa0 size=1\n" + begin + "begin_cpu_access((ff) dmabuf=0xa0)\n");
  EXPECT_EQ(cut.statistics.malformed, 1U);
}

TEST(FtraceLayouts, OfFunctionGraphHaveEventsAsComments) {
  EXPECT_EQ(read(" 1.094172 |   2)  app-26  | d.h. |   0.5 us   |  /* map: (x) dir=2 */"),
            "app|26|2|1094172000||map|(x) dir=2!");
  EXPECT_EQ(read("  2)               |  /* map: (x) dir=2 */"), "|0|2|-1||map|(x) dir=2");
  EXPECT_EQ(read("  2)  app-26    =>   other-30"), "foreign");
  EXPECT_EQ(read("  2)               |  /* map: (x) dir=2 */"), "other|30|2|-1||map|(x) dir=2");
}

TEST(FtraceLayouts, AreReadThroughWhatTerminalsAndBrowsersPutIn) {
  EXPECT_EQ(read("\x1b[32m app-26\x1b[0m [000] d....  1.5: map: (x) dir=2"), "app|26|0|1500000000||map|(x) dir=2");
  EXPECT_EQ(read("&lt;idle&gt;-0 [000] d....\t1.5: map: dev=&quot;a&amp;b&quot; dir=2\r\r"),
            "<idle>|0|0|1500000000||map|dev=\"a&b\" dir=2");
  EXPECT_EQ(read(" app-26 [000]\xc2\xa0 1.5: map: dir=2\\n\\"), "app|26|0|1500000000||map|dir=2");
}

TEST(FtraceLayouts, WithDifferencesOfTimesAreToldApart) {
  EXPECT_EQ(read(" app-26 [000]  (+201)  map: (x) dir=2"), "differences");
  EXPECT_EQ(read(" app-26 [000]  1.094172: (+201)  map: (x) dir=2"), "app|26|0|1094172000||map|(x) dir=2");
}

TEST(FtraceLayouts, OfOthersAreForeign) {
  for (const char* const line :
       {"", "  ", " => dma_buf_attach", " app-26 [000] d....  1.5: dma_buf_attach <-dma_buf_get", "```", "cpus=4",
        "\tffffffc008a51234 dma_buf_map+0x0 ([kernel.kallsyms])", " 0)   0.500 us    |  dma_buf_get();",
        "\t     7f8 main (/bin/a b)", " app-26 [000] d....  1.5: <stack trace>", "==> per_cpu/cpu0/trace <==",
        "CPU 1 is empty", "[   12.345678] usb 1-1: new device", "Script started on 2026-11-26"})
    EXPECT_EQ(read(line), "foreign") << line;
  for (const char* const line : {"garbage", "export: (x <- y) dmabuf=0xa0", "12:garbage", "0x1) | dmabuf=0xa0"})
    EXPECT_EQ(read(line), "nothing") << line;
}

TEST(FtraceLayouts, LeaveNoPrefixInTheNameOfATask) {
  for (const char* const prefix :
       {"", "> ", "> > ", "[   12.345678] ", "[2026-11-26 20:51:50] ", "12:", "a/b-c.txt:12:", "20:51:50.123 ",
        "11-26 20:51:50.123  1234  1234 I atrace  : ", "I/atrace( 123): ", "Nov 26 20:51:50 host kernel: [ 1.5] ",
        "[   12.345678][  T123] ", "\xef\xbb\xbf"})
    EXPECT_EQ(formats::ftrace::without_prefix(prefix + std::string("  kworker/u8:3-ev")), "kworker/u8:3-ev") << prefix;
  EXPECT_EQ(formats::ftrace::without_prefix("11_pipeline_kee"), "11_pipeline_kee");
  EXPECT_EQ(formats::ftrace::without_prefix("[kthread] 1"), "[kthread] 1");
}

TEST(FtraceLayouts, TellAMapOfTheKernelsIommuFromOneOfTheCore) {
  const FtraceRead trace(
      Ftrace().add(kExport).add("map: IOMMU: iova=0x1000 - 0x2000 paddr=0x1000 size=4096").add(kRelease));
  EXPECT_EQ(trace.kinds(), "export. release.");
  EXPECT_EQ(trace.statistics.known_events, 3U);
  EXPECT_EQ(trace.statistics.warnings, 0U);
}

}  // namespace
}  // namespace custody::traces::test
