// SPDX-License-Identifier: BSD-2-Clause
// The layouts of a line of ftrace text, and lines that are none.
#include <gtest/gtest.h>

#include "tests/traces/ftrace_support.hpp"
#include "traces/formats/ftrace/record.hpp"

namespace custody::traces::test {
namespace {

formats::ftrace::Head head_of(const std::string& line) {
  static std::string kept;
  kept = line;
  formats::ftrace::Head head;
  EXPECT_TRUE(formats::ftrace::parse_head(kept, head)) << line;
  return head;
}

TEST(FtraceLines, HaveFlagColumnsOfAnyWidthOrNone) {
  for (const char* const flags : {"..... ", "d..2. ", "dNh21 ", "...1 ", ""}) {
    const formats::ftrace::Head head =
        head_of(std::string("  app-123   [003] ") + flags + "  12.345678: map: (x) dir=2");
    EXPECT_EQ(head.pid, 123);
    EXPECT_EQ(head.cpu, 3U);
    EXPECT_EQ(head.ts, 12'345'678'000);
    EXPECT_EQ(head.event, "map");
  }
}

TEST(FtraceLines, MayHaveATgidColumn) {
  for (const char* const tgid : {"(    120)", "(-------)"}) {
    const formats::ftrace::Head head =
        head_of(std::string(" app-123   ") + tgid + " [000] d....  1.000001: map: dir=2");
    EXPECT_EQ(head.pid, 123);
    EXPECT_EQ(head.comm, "app");
  }
}

TEST(FtraceLines, MayBeAReportOfTraceCmd) {
  const formats::ftrace::Head head = head_of("             app-123   [001]  5161.531482: map:    (ffff800) attach=0x1");
  EXPECT_EQ(head.pid, 123);
  EXPECT_EQ(head.ts, 5161'531'482'000);
  EXPECT_EQ(head.event, "map");
}

TEST(FtraceLines, MayBeAReportOfTraceCmdFromItsFirstLine) {
  const std::string head = "             app-123   [001]  5161.53148";
  const FtraceRead trace(Ftrace()
                             .raw("version = 6")
                             .raw("cpus=8")
                             .raw(head + "1: export:   (ffff800008a1 <- ffff800008b2) dmabuf=0xa0 size=8192 "
                                         "exp_name=\"system\" ino=1")
                             .raw(head + "2: release:  (ffff800008c3) dmabuf=0xa0"));
  EXPECT_EQ(trace.kinds(), "export. release.");
  EXPECT_EQ(trace.at(0).buffer, trace.at(1).buffer);
  EXPECT_EQ(trace.statistics.warnings, 0U);
}

TEST(FtraceLines, MayNameTheGroupOfTheEvent) {
  EXPECT_EQ(head_of(" app-1 [000] ..... 1.5: custody:dma_map: (x) dir=1").event, "dma_map");
}

TEST(FtraceLines, TakeATaskNameWithBlanksColonsSlashesAndDashes) {
  const formats::ftrace::Head head = head_of("  kworker/u8:3-ev [x]-77      [002] .....  9.000000: unmap: dir=0");
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
  const FtraceRead trace(Ftrace().add(kExport).add("my_driver: prev=1").add("my_driver: prev=2").add(kRelease));
  EXPECT_EQ(trace.kinds(), "export. release.");
  EXPECT_EQ(trace.statistics.unknown_events, 2U);
  EXPECT_EQ(trace.statistics.warnings, 1U);
  EXPECT_NE(trace.warning(0).find("my_driver"), std::string::npos);
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

TEST(FtraceLines, AreNotReadWhereTheEndMayCutAPointer) {
  const std::string text = Ftrace().add(kExport).add(kRelease).text();
  for (const std::size_t cut : {1U, 2U}) {
    const FtraceRead trace(text.substr(0, text.size() - cut));
    EXPECT_EQ(trace.kinds(), "export.");
    EXPECT_EQ(trace.directory().buffers.size(), 1U);
    EXPECT_EQ(trace.statistics.malformed, 1U);
    EXPECT_EQ(trace.warning(0).substr(0, 3), "2: ");
  }
}

TEST(FtraceLines, AreReadWithoutLineEndWhereNothingCanBeMissing) {
  for (const std::string& last : {kAttach, std::string("begin_cpu_access: dmabuf=0xa0 dir=2")}) {
    const std::string text = Ftrace().add(kExport).add(last).text();
    const FtraceRead trace(text.substr(0, text.size() - 1));
    EXPECT_EQ(trace.events().size(), 2U) << last;
    EXPECT_EQ(trace.statistics.malformed, 0U);
    EXPECT_TRUE(trace.statistics.truncated);
  }
}

TEST(FtraceLines, TellOfOverwrittenEntries) {
  const FtraceRead trace(Ftrace().raw("# entries-in-buffer/entries-written: 100/350   #P:4").add(kExport));
  EXPECT_EQ(trace.kinds(), "lost. export.");
  EXPECT_EQ(trace.at(0).range.length, 250U);
  EXPECT_EQ(trace.statistics.lost, 250U);
  EXPECT_EQ(trace.statistics.warnings, 1U);
}

TEST(FtraceLines, TellOfALossInTheWordsOfTheKernelAndOfTraceCmd) {
  // Where no number is told, one event at least was lost.
  for (const auto& [line, count] :
       {std::pair{"CPU:0 [LOST 42 EVENTS]", 42U}, std::pair{"CPU:0 [LOST EVENTS]", 1U},
        std::pair{"CPU:7 [204600 EVENTS DROPPED]", 204600U}, std::pair{"CPU:7 [EVENTS DROPPED]", 1U},
        std::pair{"##### CPU 3 buffer started ####", 1U}}) {
    const FtraceRead trace(Ftrace().add(kExport).raw(line).add(kRelease));
    EXPECT_EQ(trace.kinds(), "export. lost. release.") << line;
    EXPECT_EQ(trace.statistics.lost, count) << line;
    EXPECT_EQ(trace.statistics.malformed, 0U) << line;
  }
}

TEST(FtraceLines, CountOverwrittenEventsOnceWhereAProcessorStartsLate) {
  const FtraceRead trace(Ftrace()
                             .raw("# entries-in-buffer/entries-written: 100/350   #P:4")
                             .add(kExport)
                             .raw("##### CPU 3 buffer started ####")
                             .add(kRelease));
  EXPECT_EQ(trace.kinds(), "lost. export. lost. release.");
  EXPECT_EQ(trace.statistics.lost, 250U);
}

TEST(FtraceLines, ThatOnlyNameAProcessorAreNoLoss) {
  for (const char* const line : {"CPU:0 [ 42 EVENTS]", "CPU:0", "CPU:0 [LOST 42"}) {
    const FtraceRead trace(Ftrace().add(kExport).raw(line));
    EXPECT_EQ(trace.statistics.lost, 0U) << line;
    EXPECT_EQ(trace.statistics.malformed, 1U) << line;
  }
}

TEST(FtraceLines, OfAnotherProcessorArePutInOrder) {
  const FtraceRead trace(
      Ftrace().at(10, kExport, 25).at(30, "begin_cpu_access: dmabuf=0xa0 dir=2", 25).at(20, kAttach, 26));
  EXPECT_EQ(trace.kinds(), "export. attach. begin_cpu_access(");
  EXPECT_EQ(trace.statistics.out_of_order, 0U);
}

TEST(FtraceLines, OfOneTaskKeepTheirOrder) {
  const auto on = [](int cpu, int time, const std::string& record) {
    return " task-25 [00" + std::to_string(cpu) + "] ..... 1.0000" + std::to_string(time) + ": " + record;
  };
  const FtraceRead trace(Ftrace().raw(on(0, 30, kExport)).raw(on(1, 20, kAttach)).raw(on(2, 10, kDetach)));
  EXPECT_EQ(trace.kinds(), "export. attach. detach.");
}

TEST(FtraceLines, OutOfPlaceOnOneProcessorAreNotRead) {
  const std::string map = "map: attach=0xb0 dmabuf=0xa0 dir=2", table = "map_ret: sgt=0xc0";
  const FtraceRead late(Ftrace().at(10, kExport).at(30, map).at(40, table).at(20, kAttach).at(50, kDetach));
  EXPECT_EQ(late.kinds(), "export. map( map) detach.");
  EXPECT_EQ(late.statistics.malformed, 1U);
  const FtraceRead early(Ftrace().at(10, kExport).at(50, kDetach).at(20, kAttach).at(30, map).at(40, table));
  EXPECT_EQ(early.kinds(), "export. attach. map( map)");
  EXPECT_EQ(early.statistics.malformed, 1U);
}

TEST(FtraceLines, ThatStandTwiceAreReadOnce) {
  const FtraceRead trace(Ftrace().at(10, kExport).at(20, kAttach).at(20, kAttach).at(30, kDetach));
  EXPECT_EQ(trace.kinds(), "export. attach. detach.");
  EXPECT_EQ(trace.statistics.malformed, 1U);
}

TEST(FtraceLines, OfAnotherTraceBehindOneAreAllRead) {
  const FtraceRead trace(Ftrace().at(30, kExport).at(40, kAttach).at(50, kDetach).at(10, kExport).at(20, kAttach));
  EXPECT_EQ(trace.kinds(), "export. attach. detach. export. attach.");
  EXPECT_EQ(trace.statistics.malformed, 0U);
}

TEST(FtraceLines, ThatComeTooLateAreCountedAndWarnedOfOnce) {
  Ftrace text;
  text.at(500, kExport, 25);
  for (int i = 0; i < 200; ++i) text.at(501 + i, "begin_cpu_access: dmabuf=0xa0 dir=2", 25);
  for (int i = 0; i < 200; ++i) text.at(701 + i, "tracing_mark_write: x", 26);
  const FtraceRead in_order(text);
  const FtraceRead trace(text.at(10, kAttach, 27).at(11, kDetach, 27));
  EXPECT_EQ(in_order.statistics.out_of_order, 0U);
  EXPECT_EQ(trace.statistics.out_of_order, 2U);
  EXPECT_EQ(trace.statistics.warnings, in_order.statistics.warnings + 1);
}

}  // namespace
}  // namespace custody::traces::test
