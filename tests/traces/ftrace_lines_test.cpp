// SPDX-License-Identifier: BSD-2-Clause
// The layouts of a line of ftrace text, and lines that are none.
#include <gtest/gtest.h>

#include "tests/traces/ftrace_support.hpp"
#include "traces/ftrace/record.hpp"

namespace custody::traces::testing {
namespace {

ftrace::Head head_of(const std::string& line) {
  static std::string kept;
  kept = line;
  ftrace::Head head;
  EXPECT_TRUE(ftrace::parse_head(kept, head)) << line;
  return head;
}

TEST(FtraceLines, HaveFlagColumnsOfAnyWidthOrNone) {
  for (const char* const flags : {"..... ", "d..2. ", "dNh21 ", "...1 ", ""}) {
    const ftrace::Head head = head_of(std::string("  app-123   [003] ") + flags + "  12.345678: map: (x) dir=2");
    EXPECT_EQ(head.pid, 123);
    EXPECT_EQ(head.cpu, 3U);
    EXPECT_EQ(head.ts, 12'345'678'000);
    EXPECT_EQ(head.event, "map");
  }
}

TEST(FtraceLines, MayHaveATgidColumn) {
  for (const char* const tgid : {"(    120)", "(-------)"}) {
    const ftrace::Head head = head_of(std::string(" app-123   ") + tgid + " [000] d....  1.000001: map: dir=2");
    EXPECT_EQ(head.pid, 123);
    EXPECT_EQ(head.comm, "app");
  }
}

TEST(FtraceLines, MayBeAReportOfTraceCmd) {
  const ftrace::Head head = head_of("             app-123   [001]  5161.531482: map:    (ffff800) attach=0x1");
  EXPECT_EQ(head.pid, 123);
  EXPECT_EQ(head.ts, 5161'531'482'000);
  EXPECT_EQ(head.event, "map");
}

TEST(FtraceLines, MayNameTheGroupOfTheEvent) {
  EXPECT_EQ(head_of(" app-1 [000] ..... 1.5: custody:dma_map: (x) dir=1").event, "dma_map");
}

TEST(FtraceLines, TakeATaskNameWithBlanksColonsSlashesAndDashes) {
  const ftrace::Head head = head_of("  kworker/u8:3-ev [x]-77      [002] .....  9.000000: unmap: dir=0");
  EXPECT_EQ(head.comm, "kworker/u8:3-ev [x]");
  EXPECT_EQ(head.pid, 77);
}

TEST(FtraceLines, SayThatTheyComeFromAnInterrupt) {
  EXPECT_TRUE(head_of(" a-1 [000] d.h.. 1.0: map: dir=0").in_interrupt);
  EXPECT_TRUE(head_of(" a-1 [000] ..s.. 1.0: map: dir=0").in_interrupt);
  EXPECT_FALSE(head_of(" a-1 [000] dN... 1.0: map: dir=0").in_interrupt);
}

TEST(FtraceLines, AreReadWithALocationOfAModule) {
  const FtraceRead trace(Ftrace().add(
      R"(export: (heap+0x1/0x2 [udmabuf] <- dma_buf_export) dmabuf=0xa0 size=4096 exp_name="udmabuf" ino=3)"));
  EXPECT_EQ(trace.statistics.warnings, 0U);
  EXPECT_EQ(trace.directory().buffers[0].size, 4096U);
  EXPECT_EQ(trace.directory().buffers[0].exporter, "udmabuf");
}

TEST(FtraceLines, ThatAreNoRecordAreCountedWithFileAndLine) {
  const FtraceRead trace(Ftrace().add(kExport).raw("garbage").add(kRelease));
  EXPECT_EQ(trace.kinds(), "export. release.");
  EXPECT_EQ(trace.statistics.malformed, 1U);
  EXPECT_EQ(trace.warning(0).substr(0, 3), "2: ");
}

TEST(FtraceLines, WithAnUnknownEventAreCountedAndNamedOnce) {
  const FtraceRead trace(Ftrace().add(kExport).add("sched_switch: prev=1").add("sched_switch: prev=2").add(kRelease));
  EXPECT_EQ(trace.kinds(), "export. release.");
  EXPECT_EQ(trace.statistics.unknown_events, 2U);
  EXPECT_EQ(trace.statistics.warnings, 1U);
  EXPECT_NE(trace.warning(0).find("sched_switch"), std::string::npos);
}

TEST(FtraceLines, WithAnUnknownFieldAreRead) {
  const FtraceRead trace(Ftrace().add(kExport + " colour=7").add(kRelease + " colour=7"));
  EXPECT_EQ(trace.kinds(), "export. release.");
  EXPECT_EQ(trace.statistics.warnings, 1U);
  EXPECT_NE(trace.warning(0).find("colour"), std::string::npos);
}

TEST(FtraceLines, WithoutANeededFieldAreMalformed) {
  const FtraceRead trace(Ftrace().add(kExport).add("map: attach=0xb0 dir=2").add("map: attach=0xb0 dmabuf=zz dir=2"));
  EXPECT_EQ(trace.kinds(), "export.");
  EXPECT_EQ(trace.statistics.malformed, 2U);
}

TEST(FtraceLines, WithADirectionThatDoesNotExistAreMalformed) {
  const FtraceRead trace(Ftrace().add(kExport).add("begin_cpu_access: dmabuf=0xa0 dir=7"));
  EXPECT_EQ(trace.statistics.malformed, 1U);
  EXPECT_NE(trace.warning(0).find("direction 7"), std::string::npos);
}

TEST(FtraceLines, AreTruncatedAtTheEnd) {
  std::string text = Ftrace().add(kExport).add(kRelease).text();
  const FtraceRead trace(text.substr(0, text.size() - 20));
  EXPECT_EQ(trace.kinds(), "export.");
  EXPECT_TRUE(trace.statistics.truncated);
}

TEST(FtraceLines, TellOfOverwrittenEntries) {
  const FtraceRead trace(Ftrace().raw("# entries-in-buffer/entries-written: 100/350   #P:4").add(kExport));
  EXPECT_EQ(trace.statistics.lost, 250U);
  EXPECT_EQ(trace.statistics.warnings, 1U);
}

TEST(FtraceLines, OfAnotherProcessorArePutInOrder) {
  const FtraceRead trace(
      Ftrace().at(10, kExport, 25).at(30, "begin_cpu_access: dmabuf=0xa0 dir=2", 25).at(20, kAttach, 26));
  EXPECT_EQ(trace.kinds(), "export. attach. begin_cpu_access(");
  EXPECT_EQ(trace.statistics.out_of_order, 0U);
}

TEST(FtraceLines, OfOneTaskKeepTheirOrder) {
  const FtraceRead trace(Ftrace().at(30, kExport).at(20, kAttach).at(10, kDetach));
  EXPECT_EQ(trace.kinds(), "export. attach. detach.");
}

TEST(FtraceLines, ThatComeTooLateAreCounted) {
  Ftrace text;
  text.at(500, kExport, 25);
  for (int i = 0; i < 200; ++i) text.at(501 + i, "begin_cpu_access: dmabuf=0xa0 dir=2", 25);
  const FtraceRead trace(text.at(10, kAttach, 26));
  EXPECT_EQ(trace.statistics.out_of_order, 1U);
}

}  // namespace
}  // namespace custody::traces::testing
