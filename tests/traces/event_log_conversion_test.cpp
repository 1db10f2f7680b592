// SPDX-License-Identifier: BSD-2-Clause
// What `custody convert` writes as an event log is read back as it was, and converted again is the same.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/traces/trace_compare.hpp"
#include "traces/formats/event_log/event_log.hpp"
#include "traces/formats/litmus/reader.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::traces::test {
namespace {

/// What `custody convert` makes of a trace, and the trace.
struct Conversion final : EventSink {
  Conversion() = default;
  explicit Conversion(const std::string& text) {
    ReadStatistics statistics;
    input::Lines lines = input::Lines::of_text(text);
    formats::event_log::read_event_log(lines, "a.jsonl", *this, statistics);
  }
  void on_header(const Header& header, const Directory& directory) override {
    trace.on_header(header, directory);
    writer.on_header(header, directory);
  }
  void on_event(const Event& event, const Directory& directory) override {
    trace.on_event(event, directory);
    writer.on_event(event, directory);
  }
  void on_gap(const Gap& gap, const Directory& directory) override { writer.on_gap(gap, directory); }

  RecordedTrace trace;
  std::string log;
  formats::event_log::EventLogWriter writer{[this](std::string_view line) { log += line; },
                                            formats::event_log::EventLogWriter::Purpose::kConversion};
};

void expect_converted_equal(const std::string& text) {
  const Conversion first(text), again(first.log);
  EXPECT_EQ(test::first_difference(first.trace, again.trace, {true, true, true, true}), "") << first.log;
  EXPECT_EQ(first.log, again.log);
}

constexpr const char* kObservedHeader = "{\"schema\":\"custody.trace/1\",\"observes\":[\"dma_api\"]}\n";

TEST(EventLogConversion, ReturnsFromTheCallThatWasLeftOpenThoughItsNameWasGivenAgain) {
  const std::string of = R"("ts":0.1,"tid":1,"buffer":"b","attachment":"a","device":"d")";
  for (const char* again :
       {R"("event":"unmap","call":"c","dir":"TO_DEVICE")", R"("event":"dma_map","call":"c","dir":"TO_DEVICE")"}) {
    const std::string text = std::string(kObservedHeader) + "{" + of + R"(,"event":"attach"})" + "\n{" + of +
                             R"(,"event":"unmap","phase":"enter","call":"c","dir":"FROM_DEVICE"})" + "\n{" + of + "," +
                             again + "}\n{" + of + R"(,"event":"detach"})" + "\n";
    expect_converted_equal(text);
    const Conversion conversion(text);
    const auto& events = conversion.trace.events();
    ASSERT_EQ(events.size(), 5U) << text;
    EXPECT_EQ(events[3].phase, Phase::kReturn);
    EXPECT_EQ(events[3].call, events[1].call) << "the one that was entered, not the one that took its name";
    EXPECT_EQ(events[3].dir, model::Direction::kFromDevice);
  }
}

TEST(EventLogConversion, KeepsWhatOnlyALaterRecordSaysOfABuffer) {
  const std::string text = std::string(kObservedHeader) +
                           R"({"event":"attach","buffer":"b1","attachment":"a1","device":"d"})"
                           "\n"
                           R"({"event":"detach","buffer":"b1","attachment":"a1","device":"d","exporter":"system",)"
                           R"("size":4096,"ino":2,"memory":"cached","by_address":true,"hides_syncs":true,)"
                           R"("buffer_name":"camera","attachment_name":"first"})"
                           "\n";
  const Conversion first(text);
  const BufferInfo& info = first.trace.directory().buffers.at(0);
  EXPECT_EQ(info.name, "camera");
  EXPECT_EQ(info.exporter, "system");
  EXPECT_EQ(info.size, 4096U);
  expect_converted_equal(text);
  // Each is said once, by the record that it came with.
  EXPECT_EQ(first.log.find("system"), first.log.rfind("system"));
  EXPECT_GT(first.log.find("system"), first.log.find("detach"));
}

TEST(EventLogConversion, KeepsANameThatBecomesThatOfTheLog) {
  expect_converted_equal(std::string(kObservedHeader) +
                         R"({"event":"attach","buffer":"b1","buffer_name":"x","attachment":"a1","device":"d"})"
                         "\n"
                         R"({"event":"detach","buffer":"b1","buffer_name":"b1","attachment":"a1","device":"d"})"
                         "\n"
                         R"({"event":"fd","buffer":"b1","buffer_name":"","fd":3})"
                         "\n");
}

TEST(EventLogConversion, NamesNoBufferInAGapBeforeItsExport) {
  const std::string exported = R"("tid":1,"event":"export","buffer":"b")";
  const std::string text = std::string(kObservedHeader) + R"({"ts":0.1,)" + exported + "}\n" +
                           R"({"ts":0.3,"in":"lost",)" + exported + "}\n";
  EXPECT_NE(Conversion(text).log.find(R"("gap":"missing_record","of":"export","tid":1})"), std::string::npos);
  expect_converted_equal(text);
}

TEST(EventLogConversion, NumbersTasksInTheOrderInWhichItTellsThem) {
  Conversion first;
  formats::litmus::read_litmus("custody litmus: a name again\n\nexit t\nexit u\nexit t\n", "a.litmus", first);
  const Conversion again(first.log);
  EXPECT_NE(first.log.find(R"("task":2)"), std::string::npos) << first.log;
  EXPECT_EQ(first.log, again.log);
}

TEST(EventLogConversion, SaysNothingOfABufferBeforeTheRecordThatDoes) {
  const std::string text = std::string(kObservedHeader) +
                           R"({"tid":1,"event":"attach","buffer":"b1","attachment":"a1","device":"d"})"
                           "\n"
                           R"({"tid":1,"event":"dma_map","buffer":"b1","attachment":"a1","device":"d","dir":)"
                           R"("TO_DEVICE","mapping":1,"call":"waits","phase":"enter"})"
                           "\n"
                           R"({"tid":2,"event":"fd","buffer":"b1","size":8192,"fd":3})"
                           "\n"
                           R"({"tid":2,"event":"cache_clean","buffer":"b1"})"
                           "\n"
                           R"({"tid":1,"event":"dma_map","call":"waits","phase":"return","nents":1})"
                           "\n";
  const Conversion first(text);
  ASSERT_EQ(first.trace.events().size(), 4U);
  EXPECT_GT(first.log.find("8192"), first.log.find("\"fd\"")) << first.log;
  // What is read after it counts on it, although it is not delivered yet.
  EXPECT_EQ(first.trace.events()[3].maintenance.bytes, 8192U);
  expect_converted_equal(text);
}

TEST(EventLogConversion, NamesTheDevicesOfALaterHeaderInTheOrderOfTheLog) {
  // As a reader of another format does that knows devices before it delivers their first events.
  Directory directory;
  for (const char* const name : {"gpu.0", "disp.0", "cam.0"}) directory.devices.emplace_back().name = name;
  directory.buffers.emplace_back().name = "b1";
  Conversion sink;
  sink.on_header({}, Directory{});
  Event attach;
  attach.kind = EventKind::kAttach;
  attach.buffer = 0;
  attach.device = 1;
  sink.on_event(attach, directory);
  sink.on_header({}, directory);
  EXPECT_EQ(Conversion(sink.log).log, sink.log);
}

}  // namespace
}  // namespace custody::traces::test
