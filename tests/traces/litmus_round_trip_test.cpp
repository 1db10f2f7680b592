// SPDX-License-Identifier: BSD-2-Clause
// What the litmus writer writes, the litmus reader reads back.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <utility>

#include "tests/traces/random_trace.hpp"
#include "tests/traces/trace_compare.hpp"
#include "traces/formats/litmus/reader.hpp"
#include "traces/formats/litmus/writer.hpp"
#include "traces/open.hpp"

namespace custody::traces::test {
namespace {

using StoryNumbers = std::vector<std::uint32_t>;

rc::Gen<StoryNumbers> story_numbers() {
  return rc::gen::scale(10.0, rc::gen::container<StoryNumbers>(rc::gen::inRange<std::uint32_t>(0, 5040)));
}

RC_GTEST_PROP(LitmusRoundTrip, KeepsEveryEventOfARandomStory, ()) {
  RecordedTrace generated;
  test::generate(*story_numbers(), {}, generated);
  const std::string text = formats::litmus::write_litmus(generated);
  RC_LOG() << text;
  RecordedTrace read;
  formats::litmus::read_litmus(text, "trace.litmus", read);
  const std::string difference = test::first_difference(generated, read, {});
  RC_LOG() << difference;
  RC_ASSERT(difference.empty());
}

std::string whole_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(LitmusRoundTrip, KeepsEveryFileOfTheCollection) {
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator("traces/litmus")) {
    if (file.path().extension() != ".litmus") continue;
    ++files;
    SCOPED_TRACE(file.path().string());
    RecordedTrace first;
    formats::litmus::read_litmus(whole_text(file.path()), file.path().string(), first);
    const std::string text = formats::litmus::write_litmus(first);
    RecordedTrace second;
    formats::litmus::read_litmus(text, "again", second);
    EXPECT_EQ(test::first_difference(first, second, {}), "") << text;
    ASSERT_EQ(first.header().expectations.size(), second.header().expectations.size());
    for (std::size_t i = 0; i < first.header().expectations.size(); ++i) {
      const Expectation& one = first.header().expectations[i];
      const Expectation& other = second.header().expectations[i];
      EXPECT_EQ(one.kind, other.kind);
      EXPECT_EQ(one.what, other.what);
      EXPECT_EQ(one.once, other.once);
      EXPECT_EQ(one.severity, other.severity);
      EXPECT_EQ(one.owes, other.owes);
      EXPECT_EQ(one.proved, other.proved);
      EXPECT_EQ(one.count, other.count);
      EXPECT_EQ(one.buffer, other.buffer);
      EXPECT_EQ(one.reason, other.reason);
      EXPECT_EQ(one.at != 0, other.at != 0) << one.text;
    }
    EXPECT_EQ(first.header().pending, second.header().pending);
  }
  EXPECT_GT(files, 0U);
}

/// What of a recorded capture a litmus file keeps: the kinds of its events, in order.
std::string kinds(const RecordedTrace& trace) {
  std::string out;
  for (const Event& event : trace.events())
    if (event.phase != Phase::kReturn) out += std::string(name(event.kind)) + "\n";
  return out;
}

TEST(LitmusRoundTrip, KeepsTheCallsAndOperationsOfARecordedCapture) {
  for (const char* const capture : {"cma", "cpu_unattached", "pipeline_keep", "pipeline_remap"}) {
    SCOPED_TRACE(capture);
    RecordedTrace first;
    read_trace("traces/recorded/" + std::string(capture) + ".ftrace.txt", first);
    ASSERT_FALSE(first.events().empty());
    const std::string text = formats::litmus::write_litmus(first);
    RecordedTrace second;
    formats::litmus::read_litmus(text, "again", second);
    EXPECT_EQ(kinds(first), kinds(second)) << text;
    std::size_t i = 0;
    for (const Event& event : first.events()) {
      if (event.phase == Phase::kReturn) continue;
      while (second.events()[i].phase == Phase::kReturn) ++i;
      const Event& again = second.events()[i++];
      EXPECT_EQ(again.buffer, event.buffer);
      EXPECT_EQ(again.attachment, event.attachment) << text;
      EXPECT_EQ(again.maintenance.known, event.maintenance.known);
      EXPECT_EQ(again.maintenance.kind, event.maintenance.kind);
      EXPECT_EQ(again.maintenance.bytes, event.maintenance.bytes);
    }
  }
}

TEST(LitmusRoundTrip, PointsExpectationsAtTheirLinesAgain) {
  const std::string text =
      "custody litmus: places\ndevice D\nolder b\nexpect M2 at \"map b D\" #2\nexpect R3 at \"cache_clean\"\n\n"
      "map b D FROM\nunmap b D FROM\nmap b D FROM\n  dma_map D FROM\n    cache_clean\n";
  RecordedTrace trace;
  formats::litmus::read_litmus(text, "places", trace);
  const std::string again = formats::litmus::write_litmus(trace);
  EXPECT_NE(again.find("expect M2 at \"map b D FROM\" #2\n"), std::string::npos) << again;
  EXPECT_NE(again.find("expect R3 at \"cache_clean\"\n"), std::string::npos) << again;
}

TEST(LitmusRoundTrip, KeepsEveryWordOfAnExpectation) {
  const std::string expectations =
      "expect once error M3 at \"map b D FROM\" #2 owes client proved\n"
      "expect once unobserved\n"
      "expect warning mixed at \"map b D FROM\" owes importer unproved\n"
      "expect note A2 owes exporter\n"
      "expect redundant proved\n"
      "expect no M11 at \"unmap b D FROM\"\n"
      "expect no unobserved\n"
      "expect judged b\n"
      "expect partly judged c\n"
      "expect partly judged c device_coherence_unknown\n"
      "expect not judged c\n"
      "expect not judged b mapped_before_trace\n"
      "expect unschedulable c\n"
      "expect optimum not computed\n"
      "expect subset not computed\n"
      "expect subset 4 ops\n";
  const std::string text = "custody litmus: every word\ndevice D\nolder b\n" + expectations +
                           "\nexport c 4K\nmap b D FROM\nunmap b D FROM\nmap b D FROM\n";
  RecordedTrace trace;
  formats::litmus::read_litmus(text, "words", trace);
  EXPECT_EQ(formats::litmus::write_litmus(trace), text);
}

TEST(LitmusRoundTrip, ForbidsNothingMoreWhereALineIsNotWritten) {
  RecordedTrace trace;
  formats::litmus::read_litmus(
      "custody litmus: merged\ndevice D\nolder b\nexpect no R3 at \"cache_clean 4K\"\nexpect no R3 at \"dma_map\"\n\n"
      "map b D TO\n  dma_map D TO\n    cache_clean 0+4K\n    cache_clean 4K+4K\n",
      "merged", trace);
  const std::string again = formats::litmus::write_litmus(trace);
  EXPECT_EQ(again.find("\nexpect no R3\n"), std::string::npos) << again;
  EXPECT_NE(again.find("expect no R3 at \"dma_map D TO\"\n"), std::string::npos) << again;
}

/// The buffers of `events` as `b`, in the order of their ids; those that are exported.
std::string written(std::initializer_list<bool> exported,
                    std::initializer_list<std::pair<EventKind, std::uint32_t>> events) {
  RecordedTrace trace;
  Directory directory;
  for (const bool seen : exported) {
    BufferInfo info;
    info.name = "b";
    info.export_seen = seen;
    directory.buffers.push_back(info);
  }
  trace.on_header({}, directory);
  for (const auto& [kind, buffer] : events) {
    Event event;
    event.kind = kind;
    event.buffer = buffer;
    trace.on_event(event, directory);
  }
  return formats::litmus::write_litmus(trace);
}

TEST(LitmusRoundTrip, SaysWhichBuffersAreOlderAndReadsThemBack) {
  using enum EventKind;
  const std::string text = written({false, true, false}, {{kPut, 0}, {kExport, 1}, {kPut, 1}, {kPut, 2}});
  EXPECT_EQ(text, "custody litmus: a trace\nolder b\nolder b~2\n\nput b\nexport b 0 unknown\nput b\nput b~2\n");
  RecordedTrace read;
  formats::litmus::read_litmus(text, "again", read);
  ASSERT_EQ(read.directory().buffers.size(), 3U);
  EXPECT_FALSE(read.directory().buffers[0].export_seen);
  EXPECT_TRUE(read.directory().buffers[1].export_seen);
  EXPECT_FALSE(read.directory().buffers[2].export_seen);
}

TEST(LitmusRoundTrip, WritesWhatIsInsideACallThatCannotBeWritten) {
  RecordedTrace trace;
  Directory directory;
  directory.devices.resize(1);
  directory.devices[0].name = "D";
  directory.tasks.resize(1);
  directory.tasks[0].name = "client";
  directory.buffers.resize(1);
  directory.buffers[0].name = "b";
  trace.on_header({}, directory);
  for (const Phase phase : {Phase::kEnter, Phase::kWhole, Phase::kReturn}) {
    Event event;
    event.kind = phase == Phase::kWhole ? EventKind::kSyncForCpu : EventKind::kMap;
    event.phase = phase;
    event.buffer = event.task = 0;
    event.dir = model::Direction::kFromDevice;
    if (phase == Phase::kWhole) event.device = event.in = 0;
    else event.call = 0;
    if (phase == Phase::kWhole) event.by = AttributedBy::kNesting;
    trace.on_event(event, directory);
  }
  const std::string text = formats::litmus::write_litmus(trace);
  EXPECT_NE(text.find("\n# not written: map of line 0\n[client] sync_for_cpu b D FROM\n"), std::string::npos) << text;
  RecordedTrace read;
  formats::litmus::read_litmus(text, "again", read);
  EXPECT_EQ(read.events().size(), 1U);
}

TEST(LitmusRoundTrip, CallsABufferOlderWhoseExportIsNotAmongTheEvents) {
  using enum EventKind;
  EXPECT_EQ(written({true}, {{kPut, 0}}), "custody litmus: a trace\nolder b\n\nput b\n");
}

TEST(LitmusRoundTrip, WritesWhatAPersonWouldWrite) {
  const std::string text =
      "custody litmus: a capture of two frames\n"
      "arch arm64-6.1\n"
      "policy backing at_first_use\n"
      "trust mappings\n"
      "accesses exact\n"
      "device D\n"
      "device gpu.0 coherent reads_only\n"
      "device isp coherent allocates\n"
      "older early\n"
      "# pending R4: unobserved is not judged yet\n"
      "expect M3 at \"[camera] begin b FROM 0+4K = -EINTR\"\n"
      "expect no redundant\n"
      "expect legal\n"
      "expect maintenance 3 ops\n"
      "expect optimum 1 ops\n"
      "\n"
      "export b 64K udmabuf wc\n"
      "attach b D as a1\n"
      "attach b D\n"
      "map b a1 FROM\n"
      "  dma_map a1 FROM skip nents 4->1\n"
      "    cache_clean\n"
      "[camera] begin b FROM 0+4K = -EINTR {\n"
      "unmap b D FROM\n"
      "  [camera] sync_for_cpu a1 FROM\n"
      "    cache_none helper\n"
      "[camera] }\n"
      "fence b D write\n"
      "lost 7\n"
      "exit camera\n"
      "fd b 5\n"
      "put early\n"
      "detach b a1\n"
      "release b\n";
  RecordedTrace trace;
  formats::litmus::read_litmus(text, "a.litmus", trace);
  EXPECT_EQ(formats::litmus::write_litmus(trace), text);
}

}  // namespace
}  // namespace custody::traces::test
