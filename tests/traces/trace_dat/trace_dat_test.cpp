// SPDX-License-Identifier: BSD-2-Clause
// A trace.dat tells what the text of the same records tells.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/traces/ftrace_support.hpp"
#include "tests/traces/trace_compare.hpp"
#include "tests/traces/trace_dat/trace_dat_support.hpp"

namespace custody::traces::test {
namespace {

constexpr Keeps kEverything{true, true, true, false};

/// Lines of a processor that never stops, one a microsecond.
Ftrace long_trace(int buffers) {
  Ftrace trace;
  trace.add(kExport);
  for (int i = 0; i < buffers; ++i)
    trace.add(kAttach).add(kMap).add(kDmaMap).add(kClean).add(kMapRet).add(kUnmap).add(kDmaUnmap).add(kUnmapRet).add(
        kDetach);
  return trace.add(kRelease);
}

TEST(TraceDat, TellsWhatTheTextTells) {
  std::size_t compared = 0;
  for (const std::string& text : captures()) {
    const FtraceRead expected(text);
    for (const DatShape& shape : shapes()) {
      const DatRead read(make_trace_dat(text, shape));
      EXPECT_EQ(read.error, "");
      EXPECT_EQ(first_difference(expected, read, kEverything), "") << "version " << shape.version;
      EXPECT_EQ(read.header().observes_dma_api, expected.header().observes_dma_api);
      EXPECT_EQ(read.header().observes_cache_ops, expected.header().observes_cache_ops);
      EXPECT_EQ(read.statistics.known_events, expected.statistics.known_events);
      EXPECT_EQ(read.statistics.unknown_events, expected.statistics.unknown_events);
      EXPECT_EQ(read.statistics.warnings, expected.statistics.warnings);
      EXPECT_EQ(read.gaps, 0U);
      ++compared;
    }
  }
  EXPECT_EQ(compared, 4U * 16U);
}

TEST(TraceDat, NumbersRecordsInTheOrderOfTime) {
  DatShape shape;
  shape.cpus = 3;
  const DatRead read(make_trace_dat(long_trace(50).text(), shape));
  std::uint64_t last = 0;
  for (const Event& e : read.events()) {
    EXPECT_GT(e.at.line, last);
    last = e.at.line;
  }
  EXPECT_EQ(last, 452U);
  EXPECT_EQ(read.statistics.lines, 452U);
}

TEST(TraceDat, TellsALossWhereItIs) {
  Ftrace trace;
  trace.add(kExport).add(kAttach).raw("CPU:0 [LOST 7 EVENTS]").add(kMap).add(kMapRet).add(kRelease);
  for (const DatShape& shape : shapes()) {
    if (shape.cpus != 1) continue;
    const DatRead read(make_trace_dat(trace.text(), shape));
    EXPECT_EQ(first_difference(FtraceRead(trace), read, kEverything), "");
    EXPECT_EQ(read.statistics.lost, 7U);
    ASSERT_EQ(read.events().size(), 6U);
    EXPECT_EQ(read.events()[2].kind, EventKind::kLost);
    EXPECT_EQ(read.gaps, 0U);
  }
}

TEST(TraceDat, CountsALossOfUnknownSizeAsOne) {
  Ftrace trace;
  trace.add(kExport).raw("CPU:0 [EVENTS DROPPED]").add(kRelease);
  EXPECT_EQ(DatRead(make_trace_dat(trace.text(), {})).statistics.lost, 1U);
}

TEST(TraceDat, TakesWhatOthersTellDuringALossForIncomplete) {
  // Tasks of even and odd numbers are recorded by different instances.
  Ftrace trace;
  trace.add(kExport, 2).add(kAttach, 3).add(kMap, 2).raw("CPU:0 [LOST 7 EVENTS]").add(kMapRet, 2).add(kMap, 3);
  trace.add(kUnmap, 3).add(kRelease, 2);
  DatShape shape;
  shape.instance = true;
  // Between the map of task 2 and its return, nothing of task 3 is there; swap them, and two are.
  EXPECT_EQ(DatRead(make_trace_dat(trace.text(), shape)).gaps, 0U);
  Ftrace other;
  other.add(kExport, 2).add(kAttach, 3).add(kMap, 3).add(kUnmap, 3).raw("CPU:0 [LOST 7 EVENTS]").add(kRelease, 2);
  const DatRead read(make_trace_dat(other.text(), shape));
  EXPECT_EQ(read.gaps, 3U);
  EXPECT_EQ(read.statistics.lost, 7U);
}

TEST(TraceDat, CountsWhatOnlyTheRecorderKnowsToBeLost) {
  DatShape shape;
  shape.cpu_statistics = "entries: 5\noverrun: 12\ncommit overrun: 0\nnow ts: 99\ndropped events: 3\nread events: 5\n";
  for (const int version : {6, 7}) {
    shape.version = version;
    const DatRead read(make_trace_dat(long_trace(60).text(), shape));
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.statistics.lost, 15U);
    // What was dropped may have been dropped between any two pages.
    const auto losses = std::count_if(read.events().begin(), read.events().end(),
                                      [](const Event& e) { return e.kind == EventKind::kLost; });
    EXPECT_GT(losses, 3);
    EXPECT_EQ(read.events().back().kind, EventKind::kLost);
  }
}

TEST(TraceDat, CountsOnceWhatAPageAndTheRecorderKnowToBeLost) {
  Ftrace trace;
  trace.add(kExport).add(kAttach).raw("CPU:0 [LOST 7 EVENTS]").add(kMap).add(kMapRet).add(kRelease);
  DatShape shape;
  shape.cpu_statistics = "overrun: 9\ndropped events: 0\n";
  EXPECT_EQ(DatRead(make_trace_dat(trace.text(), shape)).statistics.lost, 9U);
}

TEST(TraceDat, CountsRecordsOfUnknownEvents) {
  Ftrace trace;
  trace.add(kExport).add("my_event: (x) prev=1").add("my_event: (x) prev=1").add("sched_switch: (x) prev=1");
  trace.add(kRelease);
  const DatRead read(make_trace_dat(trace.text(), {}));
  EXPECT_EQ(read.statistics.unknown_events, 2U);
  EXPECT_EQ(read.statistics.passed_over.foreign, 1U);
  EXPECT_EQ(read.statistics.warnings, 1U);
  EXPECT_EQ(read.statistics.kept_warnings.at(0).message, FtraceRead(trace).statistics.kept_warnings.at(0).message);
}

TEST(TraceDat, TellsInterruptsApart) {
  Ftrace trace;
  trace.add(kExport).add(kAttach).add(kMap);
  trace.raw("  task-25  [000] d.h1.  1.000004: " + kDmaMap).at(5, kMapRet).at(6, kRelease);
  const DatRead read(make_trace_dat(trace.text(), {}));
  EXPECT_EQ(first_difference(FtraceRead(trace), read, kEverything), "");
  EXPECT_EQ(read.statistics.unattributed, FtraceRead(trace).statistics.unattributed);
}

TEST(TraceDat, BelievesNoFlagsWhereTheCountOfARecordIsBelowZero) {
  const std::string recorded = contents("tests/traces/samples/linux-6.18-uprobes/tracefs.txt");
  ASSERT_NE(recorded.find(" DBZff "), std::string::npos);
  std::size_t compared = 0;
  for (DatShape shape : shapes()) {
    shape.sets_all_flags = true;
    const DatRead read(make_trace_dat(recorded, shape));
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(first_difference(FtraceRead(recorded), read, kEverything), "") << "version " << shape.version;
    EXPECT_EQ(read.statistics.unattributed, FtraceRead(recorded).statistics.unattributed);
    ++compared;
  }
  EXPECT_EQ(compared, 16U);
}

TEST(TraceDat, IsNoProbeWithoutTheFieldsOfOne) {
  Ftrace trace;
  trace.add("map: (x) iova=0x1").add(kExport).add(kRelease);
  std::string bytes = make_trace_dat(trace.text(), {});
  // The format of a tracepoint has no `__probe_` fields.
  for (std::size_t at = bytes.find("__probe_"); at != std::string::npos; at = bytes.find("__probe_"))
    bytes.replace(at, 8, "xxprobex");
  const DatRead read(bytes);
  EXPECT_EQ(read.statistics.unknown_events, 1U);
  EXPECT_EQ(read.events().size(), 2U);
}

TEST(TraceDat, SaysWhatItCannotRead) {
  const std::string bytes = make_trace_dat(long_trace(1).text(), {});
  EXPECT_NE(DatRead(bytes.substr(0, 12)).error.find("cut off"), std::string::npos);
  EXPECT_NE(DatRead(bytes.substr(0, 900)).error.find("cut off"), std::string::npos);
  std::string other = bytes;
  other[10] = '5';
  EXPECT_NE(DatRead(other).error.find("version '5', expected version 6 or 7"), std::string::npos);
  DatShape shape;
  shape.version = 7;
  shape.compression = formats::trace_dat::Compression::kZlib;
  other = make_trace_dat(long_trace(1).text(), shape);
  other.replace(other.find("zlib"), 4, "lzma");
  EXPECT_NE(DatRead(other).error.find("compressed with 'lzma', expected zlib or zstd"), std::string::npos);
  EXPECT_NE(DatRead(make_trace_dat("", {})).error.find("without any record"), std::string::npos);
}

TEST(TraceDat, EndsWhereAProcessorsDataAreCut) {
  const std::string bytes = make_trace_dat(long_trace(200).text(), {});
  const std::size_t all = DatRead(bytes).events().size();
  const DatRead read(std::string_view(bytes).substr(0, bytes.size() - 6000));
  EXPECT_EQ(read.error, "");
  EXPECT_TRUE(read.statistics.truncated);
  EXPECT_GT(read.events().size(), 100U);
  EXPECT_LT(read.events().size(), all);
  EXPECT_EQ(read.events().back().kind, EventKind::kLost);
}

}  // namespace
}  // namespace custody::traces::test
