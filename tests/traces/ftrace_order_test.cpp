// SPDX-License-Identifier: BSD-2-Clause
// Texts that are not in the order of their times.
#include <gtest/gtest.h>

#include "tests/traces/ftrace_support.hpp"
#include "traces/formats/ftrace/order.hpp"

namespace custody::traces::test {
namespace {

/// A record of processor `cpu`; its task is one of that processor's.
std::string record(int cpu, int microseconds, const std::string& event) {
  std::string fraction = std::to_string(microseconds);
  fraction.insert(0, 6 - fraction.size(), '0');
  const std::string processor = "  [00" + std::to_string(cpu) + "] ";
  return "  a-" + std::to_string(30 + cpu) + processor + "d.... 1." + fraction + ": " + event + "\n";
}
std::string noise(int cpu, int from, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += record(cpu, from + i, "sched_switch: x");
  return text;
}
std::string ordered(const std::string& text) {
  const formats::ftrace::Order order(text);
  std::string out;
  for (const auto& s : order.stretches()) out += order.text_of(s);
  return out;
}

TEST(FtraceOrder, OfAWindowIsOrder) {
  EXPECT_TRUE(formats::ftrace::is_in_order(noise(0, 100, 63) + record(1, 50, "x: y")));
  EXPECT_FALSE(formats::ftrace::is_in_order(noise(0, 100, 64) + record(1, 50, "x: y")));
}

TEST(FtraceOrder, OfALargeTextIsLookedAtInSamples) {
  std::string text, half;
  for (int i = 0; i < 100; ++i) text += noise(0, 1000 * i, 1000);
  for (int i = 0; i < 50; ++i) half += noise(0, 1000 * i, 1000);
  ASSERT_GT(text.size(), std::size_t{4} << 20U);
  EXPECT_TRUE(formats::ftrace::is_in_order(text));
  EXPECT_FALSE(formats::ftrace::is_in_order(text + noise(1, 10, 100))) << "at the end";
  EXPECT_FALSE(formats::ftrace::is_in_order(noise(1, 10, 100) + record(1, 99000, "x: y") + text)) << "at the beginning";
  EXPECT_FALSE(formats::ftrace::is_in_order(half + text)) << "in the middle";
}

TEST(FtraceOrder, OfProcessorsInTurnIsThatOfTimes) {
  const std::string a = record(0, 10, "x: 1"), b = record(1, 20, "x: 2"), c = record(0, 30, "x: 3");
  EXPECT_EQ(ordered(a + c + b), a + b + c);
  EXPECT_EQ(ordered(record(1, 10, "x: 1") + a), a + record(1, 10, "x: 1"))
      << "at equal times the lower processor first";
  EXPECT_EQ(ordered(c + a + b), b + c + a) << "one processor's records keep their order";
}

TEST(FtraceOrder, KeepsLinesBehindTheirRecord) {
  const std::string a = record(0, 10, "kernel_stack: x") + " => f\n => g\n", b = record(1, 20, "x: y");
  EXPECT_EQ(ordered(b + a), a + b);
}

TEST(FtraceOrder, PutsALossBeforeTheNextRecordOfItsProcessor) {
  const std::string loss = "CPU:1 [LOST 3 EVENTS]\n", a = record(0, 10, "x: 1"), c = record(1, 30, "x: 3");
  EXPECT_EQ(ordered(c + loss + record(1, 40, "x: 4") + a), a + c + loss + record(1, 40, "x: 4"));
}

TEST(FtraceOrder, CountsWhatWasOverwrittenOnceAndMarksWhereAProcessorStarts) {
  const std::string header = "# entries-in-buffer/entries-written: 1/5   #P:2\n";
  const FtraceRead trace(header + record(0, 10, kExport) + noise(0, 1000, 80) + header + record(1, 5, kAttach) +
                         record(1, 20, kDetach));
  EXPECT_EQ(trace.kinds(), "lost. attach. lost. export. detach.");
  EXPECT_EQ(trace.statistics.lost, 8U);
}

TEST(FtraceOrder, DoesNotMixTwoTracesOfOneProcessor) {
  const std::string first = noise(0, 1000, 80) + record(0, 2000, "x: 1"), second = record(0, 10, "x: 2");
  EXPECT_EQ(ordered(first + second), first + second);
}

TEST(FtraceOrder, OfRecordsThatComeTooLateIsAGap) {
  struct Gaps : RecordedTrace {
    void on_gap(const Gap& gap, const Directory&) override {
      unread += gap.kind == Gap::Kind::kUnreadRecord ? 1 : 0;
      last = events().empty() ? EventKind::kLost : events().back().kind;
    }
    int unread = 0;
    EventKind last = EventKind::kLost;  ///< of the events before the last gap
  };
  const auto gaps = [](const std::string& text) {
    Gaps sink;
    ReadStatistics statistics;
    formats::ftrace::Lines lines = formats::ftrace::Lines::of_text(text);
    formats::ftrace::read_ftrace(lines, "a.txt", sink, statistics);
    return std::pair(sink.unread, sink.last);
  };
  const std::string begin = record(0, 999, kExport) + noise(0, 1000, 80);
  EXPECT_EQ(gaps(begin + record(0, 2000, kRelease)).first, 0);
  EXPECT_GE(gaps(begin + record(0, 10, kRelease)).first, 1) << "of the same processor: another trace, or damage";
  const std::string of_another = std::string("  b-77  [000] d.... 1.000010: ") + kExport + "\n";
  EXPECT_EQ(gaps(noise(0, 1000, 80) + of_another + noise(0, 2000, 5)).second, EventKind::kExport)
      << "a buffer that is exported too late is not known from its beginning";
  EXPECT_NE(gaps(noise(0, 1000, 80) + record(0, 10, kExport) + noise(0, 11, 5)).second, EventKind::kExport)
      << "but for the first of another trace";
}

}  // namespace
}  // namespace custody::traces::test
