// SPDX-License-Identifier: BSD-2-Clause
// What a trace of Perfetto says of losses, pointers, order and events that are none of ours.
#include <gtest/gtest.h>

#include "tests/traces/perfetto/perfetto_support.hpp"

namespace custody::traces::test {
namespace {

std::vector<EventKind> kinds(const PerfettoRead& read) {
  std::vector<EventKind> all;
  for (const Event& e : read.events()) all.push_back(e.kind);
  return all;
}

using Kinds = std::vector<EventKind>;

TEST(Perfetto, PutsProcessorsIntoTheOrderOfTime) {
  Bundle first(1), second(0);
  first.releases(3000);
  second.exports(1000);
  const PerfettoRead read(trace_of(first, second));
  EXPECT_EQ(kinds(read), (Kinds{EventKind::kExport, EventKind::kRelease}));
  EXPECT_EQ(read.events()[1].at.line, 2U);
  EXPECT_EQ(read.events()[1].buffer, read.events()[0].buffer);
  EXPECT_EQ(read.gaps, 0U);
}

TEST(Perfetto, TellsALossWhereItIs) {
  Bundle first, other(1), second;
  first.exports(1000);
  other.releases(2000);
  second.exports(3000);
  second.message().set_lost_events(true);
  const PerfettoRead read(trace_of(first, other, second));
  EXPECT_EQ(kinds(read), (Kinds{EventKind::kExport, EventKind::kRelease, EventKind::kLost, EventKind::kExport}));
  EXPECT_EQ(read.statistics.lost, 1U);
  // What the other processor told meanwhile is not all that happened.
  EXPECT_EQ(read.gaps, 1U);
}

TEST(Perfetto, SeesThatABundleIsGone) {
  Bundle first, second;
  first.exports(1000);
  second.releases(3000);
  second.message().set_previous_bundle_end_timestamp(1000);
  EXPECT_EQ(PerfettoRead(trace_of(first, second)).statistics.lost, 0U);
  second.message().set_previous_bundle_end_timestamp(2000);
  EXPECT_EQ(PerfettoRead(trace_of(first, second)).statistics.lost, 1U);
  // A ring buffer that was overwritten begins in the middle.
  EXPECT_EQ(PerfettoRead(trace_of(second)).statistics.lost, 1U);
  // The times of the scheduler's compact records are not read.
  first.message().set_compact_sched("x");
  EXPECT_EQ(PerfettoRead(trace_of(first, second)).statistics.lost, 0U);
}

TEST(Perfetto, TakesWhatTheRecorderCouldNotReadForIncomplete) {
  Bundle first, second;
  first.exports(1000);
  first.message().add_error();
  second.releases(3000);
  const PerfettoRead read(trace_of(first, second));
  EXPECT_EQ(read.statistics.lost, 1U);
  EXPECT_EQ(read.gaps, 1U);
}

TEST(Perfetto, CountsPacketsThatTheServiceDropped) {
  Bundle first, second;
  first.exports(1000).packet().set_previous_packet_dropped(1);
  second.releases(3000);
  EXPECT_EQ(PerfettoRead(trace_of(first, second)).statistics.lost, 0U);
  second.packet().set_previous_packet_dropped(1);
  EXPECT_EQ(PerfettoRead(trace_of(first, second)).statistics.lost, 1U);
}

TEST(Perfetto, CountsWhatOnlyTheRecorderKnowsToBeLost) {
  Bundle bundle, stats;
  bundle.exports(1000).releases(2000);
  proto::FtraceStats& said = *stats.packet().mutable_ftrace_stats();
  stats.packet().clear_ftrace_events();
  said.set_phase(proto::FtraceStats::END_OF_TRACE);
  said.add_cpu_stats()->set_dropped_events(5);
  said.mutable_kprobe_stats()->set_misses(2);
  const PerfettoRead read(trace_of(bundle, stats));
  EXPECT_EQ(read.statistics.lost, 7U);
  EXPECT_EQ(read.gaps, 2U);
}

TEST(Perfetto, ReadsNoPointerThatMayBeReplaced) {
  Bundle bundle;
  bundle.exports(1000).exports(2000, 3).releases(3000);
  const PerfettoRead read(trace_of(bundle));
  EXPECT_EQ(kinds(read), (Kinds{EventKind::kExport, EventKind::kRelease}));
  EXPECT_EQ(read.statistics.malformed, 1U);
  EXPECT_EQ(read.gaps, 1U);
  EXPECT_NE(read.statistics.kept_warnings.at(0).message.find("'dmabuf' of 3, which is no pointer"), std::string::npos);
}

TEST(Perfetto, ReadsNothingOfATaskThatNoKernelHas) {
  Bundle bundle;
  bundle.exports(1000).exports(2000).releases(3000);
  bundle.message().mutable_event(1)->set_pid(0x80000000);
  const PerfettoRead read(trace_of(bundle));
  EXPECT_EQ(kinds(read), (Kinds{EventKind::kExport, EventKind::kRelease}));
  EXPECT_EQ(read.statistics.malformed, 1U);
  EXPECT_EQ(read.gaps, 1U);
}

TEST(Perfetto, NamesProbesWithoutArguments) {
  Bundle bundle;
  bundle.exports(1000);
  proto::FtraceEvent& event = *bundle.message().add_event();
  event.set_timestamp(2000);
  event.mutable_kprobe_event()->set_name("dma_buf_map_attachment");
  const PerfettoRead read(trace_of(bundle));
  EXPECT_EQ(read.gaps, 1U);
  EXPECT_NE(read.statistics.kept_warnings.at(0).message.find("'dma_buf_map_attachment' is of Perfetto's kprobe_events"),
            std::string::npos);
  bundle.message().mutable_event()->DeleteSubrange(0, 1);
  EXPECT_NE(PerfettoRead(trace_of(bundle)).error.find("record no arguments"), std::string::npos);
}

TEST(Perfetto, CountsFencesAndPassesOverOthers) {
  Bundle bundle;
  bundle.exports(1000);
  proto::FtraceEvent& fence = *bundle.message().add_event();
  fence.set_timestamp(2000);
  auto& fields = *fence.mutable_dma_fence_signaled();
  fields.set_driver("gpu");
  fields.set_timeline("ring0");
  fields.set_context(1);
  fields.set_seqno(2);
  bundle.message().add_event()->set_timestamp(2500);
  const PerfettoRead read(trace_of(bundle));
  EXPECT_EQ(read.statistics.tracepoints[static_cast<std::size_t>(RecordSource::kFenceTracepoints)], 1U);
  EXPECT_EQ(read.statistics.passed_over.foreign, 1U);
  EXPECT_EQ(read.statistics.malformed, 0U);
  fields.clear_driver();
  EXPECT_EQ(PerfettoRead(trace_of(bundle)).statistics.malformed, 1U);
}

TEST(Perfetto, IsNotTakenTwiceWhereTwoWritersRecordIt) {
  Bundle first, second;
  first.exports(1000).releases(2000).packet().set_trusted_packet_sequence_id(2);
  second.exports(1000).releases(2000).packet().set_trusted_packet_sequence_id(3);
  EXPECT_EQ(PerfettoRead(trace_of(first, second)).events().size(), 2U);
}

TEST(Perfetto, SaysWhatATraceWithoutKnownEventsHas) {
  Bundle bundle;
  bundle.add(1000, "my_event");
  EXPECT_NE(PerfettoRead(trace_of(bundle)).error.find("found 1 of others, the first of 'my_event'"), std::string::npos);
  EXPECT_NE(PerfettoRead("\x0a\x02\x08\x01").error.find("no ftrace events at all"), std::string::npos);
}

TEST(Perfetto, TellsWhereItIsCutOff) {
  Bundle first, second;
  first.exports(1000);
  second.releases(2000);
  const std::string bytes = trace_of(first, second);
  const PerfettoRead read(bytes.substr(0, bytes.size() - 1));
  EXPECT_NE(read.error.find("packet 2, at byte"), std::string::npos) << read.error;
  EXPECT_EQ(kinds(read), (Kinds{EventKind::kExport, EventKind::kLost}));
}

TEST(PerfettoText, TellsWhereItIsDamaged) {
  const std::string whole =
      "# a comment\npacket {\n  new_field { a: 1 b: \"}\" [x.y]: 2 }\n  ftrace_events {\n    cpu: 0\n    event {\n"
      "      timestamp: 1000\n      pid: 7\n      generic { event_name: \"release\" field { name: \"dmabuf\" "
      "uint_value: 18446743523981943808 } }\n    }\n  }\n}\n";
  const PerfettoRead read(whole, true);
  EXPECT_EQ(read.error, "");
  ASSERT_EQ(read.events().size(), 1U);
  EXPECT_EQ(read.events()[0].at.line, 7U);
  EXPECT_EQ(PerfettoRead(whole + "packet {\n  ftrace_events }\n", true).error, "a:14: found '}', expected ':' or '{'");
  EXPECT_NE(PerfettoRead(whole + "packet {\n", true).error.find("cut off inside the packet that begins in line 13"),
            std::string::npos);
  EXPECT_NE(PerfettoRead(whole + "pocket {}\n", true).error.find("found 'pocket', expected 'packet {'"),
            std::string::npos);
  std::string deep = "packet {";
  for (int i = 0; i < 100; ++i) deep += " a {";
  EXPECT_NE(PerfettoRead(whole + deep, true).error.find("at most 32 messages"), std::string::npos);
}

}  // namespace
}  // namespace custody::traces::test
