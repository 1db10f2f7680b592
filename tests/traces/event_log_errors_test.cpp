// SPDX-License-Identifier: BSD-2-Clause
// What the event log reader counts, warns of and refuses.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/traces/event_log_support.hpp"
#include "traces/formats/event_log/event_log.hpp"

namespace custody::traces::test {
namespace {

using namespace testing;

std::string error_of(const std::string& text) {
  try {
    const Read trace(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(EventLog, CountsUnknownEventsAndReadsOn) {
  const Read trace(kHeader + R"({"event":"teleport","buffer":"b"})"
                             "\n"
                             R"({"event":"put","buffer":"b"})"
                             "\n");
  EXPECT_EQ(trace.statistics.unknown_events, 1U);
  EXPECT_EQ(trace.warning(0), "2: unknown event `teleport`");
  EXPECT_EQ(trace.kinds(), "put.");
}

TEST(EventLog, WarnsOfAnUnknownKeyOnce) {
  const Read trace(kHeader + R"({"event":"put","buffer":"b","mood":{"x":[1,{"event":"lost"}]}})"
                             "\n"
                             R"({"event":"put","buffer":"b","mood":2})"
                             "\n");
  EXPECT_EQ(trace.kinds(), "put. put.");
  EXPECT_EQ(trace.statistics.warnings, 1U);
  EXPECT_TRUE(has(trace.warning(0), "2: unknown key `mood`")) << trace.warning(0);
}

TEST(EventLog, TakesAKeyThatIsNearlyOneForDamage) {
  for (const char* const key : {"phace", "Phase", "rat", "attrz", "lengtx"}) {
    const Read trace(kHeader + R"({"event":"put","buffer":"b",")" + key + "\":1}\n");
    EXPECT_EQ(trace.kinds(), "") << key;
    EXPECT_EQ(trace.statistics.malformed, 1U) << key;
    EXPECT_TRUE(has(trace.warning(0), std::string("unknown key `") + key + "`; did you mean `")) << trace.warning(0);
  }
  for (const char* const key : {"pid", "phrase", "note", "rets", "devices", "lines"})
    EXPECT_EQ(Read(kHeader + R"({"event":"put","buffer":"b",")" + key + "\":1}\n").kinds(), "put.") << key;
}

TEST(EventLog, RefusesARecordWhoseAttachmentIsOneOfAnotherBuffer) {
  const std::string log = kHeader + R"({"event":"attach","buffer":"b1","attachment":"a1","device":"D"})"
                                    "\n"
                                    R"({"event":"map","buffer":"b2","attachment":"a1","dir":"TO_DEVICE"})"
                                    "\n"
                                    R"({"event":"map","buffer":"b1","attachment":"a1","dir":"TO_DEVICE"})"
                                    "\n";
  const Read trace(log);
  EXPECT_EQ(trace.kinds(), "attach. map.");
  EXPECT_EQ(trace.statistics.malformed, 1U);
  EXPECT_EQ(trace.warning(0), "3: the attachment `a1` is not one of buffer `b2`");
}

TEST(EventLog, RefusesAReturnThatNamesAnotherBufferThanItsEntry) {
  const Read trace(kHeader + R"({"event":"vmap","phase":"enter","buffer":"b1","call":1})"
                             "\n"
                             R"({"event":"vmap","phase":"return","buffer":"b2","call":1,"ret":0})"
                             "\n"
                             R"({"event":"vmap","phase":"return","buffer":"b1","call":1,"ret":0})"
                             "\n");
  EXPECT_EQ(trace.kinds(), "vmap( vmap)");
  EXPECT_EQ(trace.statistics.malformed, 1U);
  EXPECT_EQ(trace.warning(0), "3: the return of a call of another buffer than `b2`");
}

TEST(EventLog, ReadsAnAttachmentThatIsKnownByItsDeviceOnly) {
  const Read trace(kHeader + R"({"event":"attach","buffer":"b","device":"D"})"
                             "\n"
                             R"({"event":"detach","buffer":"b","device":"D"})"
                             "\n"
                             R"({"event":"detach","buffer":"b"})"
                             "\n");
  EXPECT_EQ(trace.kinds(), "attach. detach.");
  EXPECT_EQ(trace.at(1).attachment, kNoId);
  EXPECT_EQ(trace.directory().devices[trace.at(1).device].name, "D");
  EXPECT_EQ(trace.warning(0), "4: `detach` without `attachment`");
}

TEST(EventLog, RefusesAnEmptyName) {
  for (const char* const key : {"buffer", "attachment", "device"}) {
    Read trace(kHeader + R"({"event":"attach","buffer":"b1","attachment":"a1","device":"D",")" + key + "\":\"\"}\n");
    EXPECT_EQ(trace.kinds(), "");
    EXPECT_EQ(trace.warning(0), "2: an empty `" + std::string(key) + "`, expected a name");
  }
  EXPECT_EQ(error_of(R"({"schema":"custody.trace/1","devices":{"":{}}})"
                     "\n"),
            "a.jsonl:1: a device of the header has an empty name");
}

TEST(EventLog, CountsWhatIsLost) {
  const Read trace(kHeader + R"({"event":"lost","count":12})"
                             "\n"
                             R"({"event":"lost","count":3})");
  EXPECT_EQ(trace.statistics.lost, 15U);
  EXPECT_EQ(trace.at(0).range.length, 12U);
}

TEST(EventLog, ReadsOnBehindALineThatItCannotRead) {
  const std::vector<std::pair<std::string, std::string>> lines = {
      {R"({"event":"put","buffer":"b")", "no JSON"},
      {"nonsense \x01", "no JSON"},
      {"[]", "list, expected an object"},
      {"7", "single value"},
      {"null", "null"},
      {"{}", "without `event`"},
      {R"({"event":7})", "`event` is a number, expected text"},
      {R"({"event":"put"})", "`put` without `buffer`"},
      {R"({"event":"map","buffer":"b","attachment":"a"})", "without `dir`"},
      {R"({"event":"map","buffer":"b","dir":"TO_DEVICE"})", "without `attachment`"},
      {R"({"event":"sync_for_cpu","buffer":"b","dir":"TO_DEVICE"})", "without `device`"},
      {R"({"event":"lost"})", "without `count`"},
      {R"({"event":"fence","buffer":"b","device":"D"})", "without `usage`"},
      {R"({"event":"task_exit"})", "without `tid`"},
      {R"({"event":"begin_cpu_access","buffer":"b","dir":"UP"})", "`dir` is `UP`, expected one of BIDIRECTIONAL"},
      {R"({"event":"put","buffer":"b","phase":"middle"})", "expected one of enter, return"},
      {R"({"event":"put","buffer":"b","by":"magic"})", "scatterlist"},
      {R"({"event":"export","buffer":"b","memory":"wet"})", "write_combined"},
      {R"({"event":"put","buffer":"b","ts":-1})", "`ts` is a negative number, expected seconds"},
      {R"({"event":"put","buffer":"b","ts":"now"})", "`ts` is text"},
      {R"({"event":"put","buffer":"b","ret":1.5})", "`ret` is a fraction, expected an integer"},
      {R"({"event":"put","buffer":"b","ret":99999999999})", "32 bits"},
      {R"({"event":"put","buffer":"b","nents":99999999999})", "32 bits"},
      {R"({"event":"put","buffer":"b","attrs":["FAST"]})", "unknown word in `attrs`"},
      {R"({"event":"put","buffer":"b","attrs":{"a":1}})", "`attrs` is an object"},
      {R"({"event":"put","buffer":["b"]})", "`buffer` is a list"},
      {R"({"event":"dma_map","phase":"return","call":3})", "whose entry is not in the log"},
      {R"({"event":"put","buffer":"b","x":)" + std::string(100000, '[') + std::string(100000, ']') + "}",
       "nests deeper than 32"},
      {R"({"schema":"custody.trace/2"})", "`custody.trace/2`"},
      {std::string((std::size_t{1} << 20U) + 10, ' ') + "x", "longer than 1048576 bytes"},
  };
  std::string text = kHeader;
  for (const auto& [line, says] : lines) text += line + "\n";
  const Read trace(text + R"({"event":"put","buffer":"b"})");
  EXPECT_EQ(trace.kinds(), "put.");
  EXPECT_EQ(trace.statistics.malformed, lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_TRUE(has(trace.warning(i), std::to_string(i + 2) + ": ")) << trace.warning(i);
    EXPECT_TRUE(has(trace.warning(i), lines[i].second)) << trace.warning(i) << "\nwithout " << lines[i].second;
  }
  EXPECT_FALSE(trace.statistics.truncated);
}

TEST(EventLog, SaysThatTheLastLineIsTruncated) {
  const Read trace(kHeader + R"({"event":"put","buffer":"b"})"
                             "\n"
                             R"({"event":"pu)");
  EXPECT_EQ(trace.kinds(), "put.");
  EXPECT_TRUE(trace.statistics.truncated);
  EXPECT_EQ(trace.statistics.malformed, 1U);
  EXPECT_TRUE(has(trace.warning(0), "3: ")) << trace.warning(0);
  EXPECT_TRUE(has(trace.warning(0), "not complete")) << trace.warning(0);
}

TEST(EventLog, TakesALastLineWithoutItsEnd) {
  const Read trace(kHeader + R"({"event":"put","buffer":"b"})");
  EXPECT_EQ(trace.kinds(), "put.");
  EXPECT_FALSE(trace.statistics.truncated);
}

TEST(EventLog, ReadsLineEndsOfBothKindsAndBlankLines) {
  const Read trace("\xef\xbb\xbf" + kHeader +
                   "\r\n\n"
                   R"({"event":"put","buffer":"b"})"
                   "\r\n");
  EXPECT_EQ(trace.kinds(), "put.");
  EXPECT_EQ(trace.statistics.warnings, 0U);
}

TEST(EventLog, RefusesALogWithoutItsHeader) {
  EXPECT_TRUE(has(error_of(R"({"event":"put","buffer":"b"})"), "a.jsonl:1: the first line has no `schema`"));
  EXPECT_TRUE(has(error_of("\n[1]\n"), "a.jsonl:2: "));
  EXPECT_TRUE(has(error_of(""), "a.jsonl: the log is empty"));
  EXPECT_TRUE(has(error_of(R"({"schema")"), "a.jsonl:1: "));
}

TEST(EventLog, NamesTheSchemaThatItFoundAndTheOneThatItReads) {
  const std::string error = error_of(R"({"schema":"custody.trace/2"})");
  EXPECT_TRUE(has(error, "a.jsonl:1: the schema is `custody.trace/2`, expected `custody.trace/1`")) << error;
  EXPECT_TRUE(has(error_of(R"({"schema":1})"), "expected `custody.trace/1`"));
}

TEST(EventLog, RefusesAHeaderWithValuesOfOtherTypes) {
  EXPECT_TRUE(has(error_of(R"({"schema":"custody.trace/1","arch":7})"), "a.jsonl:1: `arch` of the header is a number"));
  EXPECT_TRUE(has(error_of(R"({"schema":"custody.trace/1","devices":[]})"), "`devices` of the header is a array"));
  EXPECT_TRUE(has(error_of(R"({"schema":"custody.trace/1","devices":{"D":1}})"), "device `D`"));
  EXPECT_TRUE(has(error_of(R"({"schema":"custody.trace/1","devices":{"D":{"coherent":"yes"}}})"), "true or false"));
  for (const char* const device : {R"({"allocates":true})", R"({"coherent":false,"allocates":true})"})
    EXPECT_TRUE(has(error_of(R"({"schema":"custody.trace/1","devices":{"D":)" + std::string(device) + "}}"),
                    "device `D` of the header `allocates`, expected `coherent`"))
        << device;
  EXPECT_TRUE(has(error_of(R"({"schema":"custody.trace/1","observes":"all"})"), "expected a list"));
  EXPECT_TRUE(has(error_of(R"({"schema":"custody.trace/1","trust":"nobody"})"), "windows or mappings"));
}

TEST(EventLog, RefusesADeepHeaderBeforeItIsBuilt) {
  const std::string deep(500000, '[');
  EXPECT_TRUE(has(error_of(R"({"schema":"custody.trace/1","x":)" + deep), "a.jsonl:1: the line nests deeper than 32"));
}

TEST(EventLog, WarnsOfUnknownWordsInTheHeader) {
  const Read trace(R"({"schema":"custody.trace/1","mood":"good","observes":["dma_api","weather"]})");
  EXPECT_EQ(trace.statistics.warnings, 2U);
  EXPECT_TRUE(trace.header().observes_dma_api);
}

TEST(EventLog, KeepsWhatWasReadBeforeAnErrorOfTheSink) {
  struct Stops : EventSink {
    void on_header(const Header&, const Directory&) override {}
    void on_event(const Event&, const Directory&) override { throw InputError("x", 0, "enough"); }
  } sink;
  ReadStatistics statistics;
  const std::string text = kHeader + R"({"event":"put","buffer":"b"})"
                                     "\n";
  input::Lines lines = input::Lines::of_text(text);
  EXPECT_THROW(formats::event_log::read_event_log(lines, "a", sink, statistics), InputError);
  EXPECT_EQ(statistics.lines, 2U);
}

TEST(EventLogWriter, WritesBytesThatAreNoUtf8AsReplacementCharacters) {
  RecordedTrace trace;
  Directory directory;
  directory.tasks.push_back({"a\xff\"\n", 1});
  directory.buffers.push_back({});
  Event event;
  event.kind = EventKind::kPut;
  event.buffer = 0;
  event.task = 0;
  std::string text;
  formats::event_log::EventLogWriter writer([&](std::string_view line) { text += line; });
  writer.on_header({}, directory);
  writer.on_event(event, directory);
  const Read again(text);
  EXPECT_EQ(again.kinds(), "put.");
  EXPECT_EQ(again.directory().tasks[0].name, "a\xef\xbf\xbd\"\n");
  EXPECT_EQ(again.directory().buffers[0].name, "b");
}

TEST(EventLogWriter, GivesTwoObjectsOfOneNameDifferentNames) {
  Directory directory;
  directory.buffers.resize(2);
  directory.buffers[0].name = directory.buffers[1].name = "b";
  std::string text;
  formats::event_log::EventLogWriter writer([&](std::string_view line) { text += line; });
  writer.on_header({}, directory);
  Event event;
  event.kind = EventKind::kPut;
  for (const std::uint32_t buffer : {0U, 1U, 0U}) {
    event.buffer = buffer;
    writer.on_event(event, directory);
  }
  const Read again(text);
  EXPECT_NE(again.at(0).buffer, again.at(1).buffer);
  EXPECT_EQ(again.at(0).buffer, again.at(2).buffer);
}

}  // namespace
}  // namespace custody::traces::test
