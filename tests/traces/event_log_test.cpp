// SPDX-License-Identifier: BSD-2-Clause
// What the event log reader delivers.
#include "traces/formats/event_log/event_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/traces/event_log_support.hpp"
#include "traces/formats/event_log/record.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::traces::test {
namespace {

using namespace testing;

TEST(EventLog, ReadsTheHeader) {
  const Read trace(
      R"({"schema":"custody.trace/1","source":"recorder","title":"t","arch":"x86","contract":"heap","policies":{"z":"1","a":"2"},)"
      R"("accesses":"exact","trust":"mappings","devices":{"z":{"coherent":true,"allocates":true,"reads_only":true},"a":{"bounced":true}},)"
      R"("observes":["cache_ops"]})");
  const Header& header = trace.header();
  EXPECT_EQ(header.source, "recorder");
  EXPECT_EQ(header.title, "t");
  EXPECT_EQ(header.arch, "x86");
  EXPECT_EQ(header.contract, "heap");
  EXPECT_TRUE(header.exact_accesses);
  EXPECT_TRUE(header.trust_mappings);
  EXPECT_FALSE(header.observes_dma_api);
  EXPECT_TRUE(header.observes_cache_ops);
  ASSERT_EQ(header.policies.size(), 2U);
  EXPECT_EQ(header.policies[0].name, "z");
  ASSERT_EQ(trace.directory().devices.size(), 2U);
  EXPECT_EQ(trace.directory().devices[0].name, "z");
  EXPECT_EQ(trace.directory().devices[0].coherent, true);
  EXPECT_TRUE(trace.directory().devices[0].allocates);
  EXPECT_TRUE(trace.directory().devices[0].reads_only);
  EXPECT_FALSE(trace.directory().devices[1].allocates);
  EXPECT_EQ(trace.directory().devices[1].coherent, std::nullopt);
  EXPECT_TRUE(trace.directory().devices[1].bounced);
}

TEST(EventLog, ReadsTheKeysOfAnEvent) {
  const Read trace(
      kHeader +
      R"({"ts":0.784242,"cpu":0,"tid":25,"comm":"camera","event":"map","buffer":"b1","attachment":"a1","device":"cam.0","dir":"FROM_DEVICE","ret":-12})");
  ASSERT_EQ(trace.kinds(), "map.");
  const Event& map = trace.at(0);
  EXPECT_EQ(map.at.ts, 784242000);
  EXPECT_EQ(map.ret, -12);
  EXPECT_EQ(map.dir, model::Direction::kFromDevice);
  EXPECT_EQ(map.at.line, 2U);
  EXPECT_EQ(trace.directory().tasks[map.task].name, "camera");
  EXPECT_EQ(trace.directory().tasks[map.task].tid, 25);
  EXPECT_EQ(trace.directory().buffers[map.buffer].name, "b1");
  EXPECT_FALSE(trace.directory().buffers[map.buffer].export_seen);
  EXPECT_EQ(trace.directory().attachments[map.attachment].name, "a1");
  EXPECT_FALSE(trace.directory().attachments[map.attachment].attach_seen);
  EXPECT_EQ(map.device, 0U);
  EXPECT_EQ(trace.statistics.warnings, 0U);
  EXPECT_EQ(trace.statistics.events, 1U);
  EXPECT_EQ(trace.statistics.lines, 2U);
}

TEST(EventLog, ReadsDirectionsWithAndWithoutTheirPrefix) {
  const Read trace(kHeader + R"({"event":"begin_cpu_access","buffer":"b","dir":"DMA_TO_DEVICE"})"
                             "\n"
                             R"({"event":"begin_cpu_access","buffer":"b","dir":"BIDIRECTIONAL"})"
                             "\n");
  EXPECT_EQ(trace.at(0).dir, model::Direction::kToDevice);
  EXPECT_EQ(trace.at(1).dir, model::Direction::kBidirectional);
}

TEST(EventLog, ReadsAttributesAsANumberAndAsWords) {
  const Read trace(
      kHeader +
      R"({"event":"dma_map","buffer":"b","device":"D","dir":"TO_DEVICE","attrs":32})"
      "\n"
      R"({"event":"dma_map","buffer":"b","device":"D","dir":"TO_DEVICE","attrs":["DMA_ATTR_SKIP_CPU_SYNC","NO_WARN"]})"
      "\n");
  EXPECT_EQ(trace.at(0).dma.attrs, 32U);
  EXPECT_EQ(trace.at(1).dma.attrs, 0x120U);
}

TEST(EventLog, ReadsTimesToTheNanosecond) {
  EXPECT_EQ(formats::event_log::nanoseconds("0.784242"), 784242000);
  EXPECT_EQ(formats::event_log::nanoseconds("1700000000.123456789"), 1700000000123456789);
  EXPECT_EQ(formats::event_log::nanoseconds("12"), 12000000000);
  EXPECT_EQ(formats::event_log::nanoseconds("0.0000000016"), 2);
  EXPECT_EQ(formats::event_log::nanoseconds("1.5e-3"), 1500000);
  EXPECT_EQ(formats::event_log::nanoseconds("9223372036.854775807"), INT64_MAX);
  EXPECT_LT(formats::event_log::nanoseconds("9223372036.854775808"), 0);
  EXPECT_LT(formats::event_log::nanoseconds("9223372037"), 0);
  EXPECT_LT(formats::event_log::nanoseconds("9.3e9"), 0);
  EXPECT_LT(formats::event_log::nanoseconds("-1"), 0);
  EXPECT_LT(formats::event_log::nanoseconds("1e300"), 0);
  EXPECT_LT(formats::event_log::nanoseconds("99999999999999999999"), 0);
}

TEST(EventLog, KnowsMappingsOfTheDmaApiAlone) {
  const Read trace(kHeader +
                   R"({"event":"export","buffer":"b"})"
                   "\n"
                   R"({"event":"attach","buffer":"b","attachment":"a","device":"D","mapping":"m"})"
                   "\n"
                   R"({"event":"dma_map","buffer":"b","attachment":"a","device":"D","dir":"TO_DEVICE","mapping":"m"})"
                   "\n");
  EXPECT_EQ(trace.at(1).dma.mapping, kNoId);
  EXPECT_NE(trace.at(2).dma.mapping, kNoId);
}

TEST(EventLog, LetsAReturnLeaveOutWhatItsEntrySays) {
  const Read trace(
      kHeader +
      R"({"event":"map","phase":"enter","call":"x","tid":1,"buffer":"b","attachment":"a","device":"cam.0","dir":"TO_DEVICE"})"
      "\n"
      R"({"event":"map","phase":"return","call":"x","ret":-5})"
      "\n");
  ASSERT_EQ(trace.kinds(), "map( map)");
  EXPECT_EQ(trace.at(1).call, trace.at(0).call);
  EXPECT_EQ(trace.at(1).buffer, trace.at(0).buffer);
  EXPECT_EQ(trace.at(1).attachment, trace.at(0).attachment);
  EXPECT_EQ(trace.at(1).device, trace.at(0).device);
  EXPECT_EQ(trace.at(1).task, trace.at(0).task);
  EXPECT_EQ(trace.at(1).dir, model::Direction::kToDevice);
  EXPECT_EQ(trace.at(1).ret, -5);
}

TEST(EventLog, TakesACallForReturnedWhereItsTaskDetaches) {
  const std::string entry =
      R"({"event":"begin_cpu_access","phase":"enter","call":1,"tid":1,"buffer":"b","dir":"FROM_DEVICE"})"
      "\n";
  const auto detach = [](const std::string& more) {
    return R"({"event":"detach","buffer":"b","attachment":"a",)" + more + "}\n";
  };
  const Read trace(kHeader + entry + detach(R"("tid":1)"));
  EXPECT_EQ(trace.kinds(), "begin_cpu_access( begin_cpu_access) detach.");
  EXPECT_EQ(trace.at(1).call, trace.at(0).call);
  EXPECT_TRUE(has(trace.warning(0), "has no return")) << trace.warning(0);
  EXPECT_EQ(Read(kHeader + entry + detach(R"("tid":2)")).kinds(), "begin_cpu_access( detach.");
  EXPECT_EQ(Read(kHeader + entry + detach(R"("tid":1,"in":1)")).kinds(), "begin_cpu_access( detach.");
}

TEST(EventLog, GivesAReturnTheCallAroundItsEntry) {
  const Read trace(kHeader + R"({"event":"begin_cpu_access","phase":"enter","call":1,"buffer":"b","dir":"FROM_DEVICE"})"
                             "\n"
                             R"({"event":"vmap","phase":"enter","call":2,"in":1,"buffer":"b"})"
                             "\n"
                             R"({"event":"vmap","phase":"return","call":2})"
                             "\n");
  EXPECT_EQ(trace.at(2).in, trace.at(0).call);
}

TEST(EventLog, NestsByTheCallAround) {
  const Read trace(kHeader +
                   R"({"event":"begin_cpu_access","phase":"enter","call":1,"buffer":"b","dir":"FROM_DEVICE"})"
                   "\n"
                   R"({"event":"sync_for_cpu","in":1,"by":"scatterlist","buffer":"b","device":"D","dir":"FROM_DEVICE"})"
                   "\n"
                   R"({"event":"begin_cpu_access","phase":"return","call":1,"ret":0})"
                   "\n"
                   R"({"event":"sync_for_cpu","in":1,"buffer":"b","device":"D","dir":"FROM_DEVICE"})"
                   "\n");
  EXPECT_EQ(trace.at(1).in, trace.at(0).call);
  EXPECT_EQ(trace.at(1).by, AttributedBy::kScatterlist);
  EXPECT_EQ(trace.at(3).in, kNoId);  // the call is over
}

TEST(EventLog, MergesTheCacheRecordsOfADmaCall) {
  const Read trace(kCacheHeader +
                   R"({"tid":1,"event":"sync_for_cpu","call":7,"buffer":"b","device":"D","dir":"BIDIRECTIONAL"})"
                   "\n"
                   R"({"tid":1,"event":"cache_invalidate","in":7,"offset":0,"length":4096})"
                   "\n"
                   R"({"tid":1,"event":"cache_invalidate","in":7,"offset":2048,"length":4096})"
                   "\n"
                   R"({"tid":1,"event":"cache_clean","in":7,"offset":8192,"length":100})"
                   "\n"
                   R"({"tid":1,"event":"sync_for_cpu","call":8,"buffer":"b","device":"D","dir":"TO_DEVICE"})"
                   "\n");
  ASSERT_EQ(trace.kinds(), "sync_for_cpu. sync_for_cpu.");
  const Maintenance& did = trace.at(0).maintenance;
  EXPECT_TRUE(did.known);
  EXPECT_EQ(did.kind, model::Operation::kCleanInvalidate);
  EXPECT_EQ(did.bytes, 6244U);
  EXPECT_EQ(did.line, 3U);
  EXPECT_TRUE(trace.at(1).maintenance.known);
  EXPECT_EQ(trace.at(1).maintenance.kind, model::Operation::kNone);
}

TEST(EventLog, KeepsTheOrderOfTheFileWhileADmaCallWaits) {
  const Read trace(kCacheHeader +
                   R"({"tid":1,"event":"sync_for_cpu","call":7,"buffer":"b","device":"D","dir":"FROM_DEVICE"})"
                   "\n"
                   R"({"tid":2,"event":"cpu_read","buffer":"b"})"
                   "\n"
                   R"({"tid":1,"event":"cache_invalidate","in":7,"length":64})"
                   "\n"
                   R"({"tid":1,"event":"put","buffer":"b"})"
                   "\n");
  EXPECT_EQ(trace.kinds(), "sync_for_cpu. cpu_read. put.");
  EXPECT_EQ(trace.at(0).maintenance.bytes, 64U);
}

TEST(EventLog, TakesADmaCallThatIsOneRecordForDoneAtTheNextRecordOfItsTask) {
  const Read trace(kCacheHeader +
                   R"({"tid":1,"event":"sync_for_cpu","call":7,"buffer":"b","device":"D","dir":"FROM_DEVICE"})"
                   "\n"
                   R"({"tid":1,"event":"put","buffer":"b"})"
                   "\n"
                   R"({"tid":1,"event":"cache_invalidate","in":7,"buffer":"b","length":64})"
                   "\n");
  EXPECT_EQ(trace.kinds(), "sync_for_cpu. put. cache_operation.");
  EXPECT_EQ(trace.at(0).maintenance.kind, model::Operation::kNone);
}

TEST(EventLog, MakesOneEventOfADmaCallThatIsTwoRecords) {
  const Read trace(
      kCacheHeader +
      R"({"tid":1,"event":"dma_map","phase":"enter","call":7,"buffer":"b","device":"D","dir":"TO_DEVICE","orig_nents":8})"
      "\n"
      R"({"tid":1,"event":"cache_clean","in":7,"length":64})"
      "\n"
      R"({"tid":1,"event":"bounce_in","in":7,"buffer":"b","device":"D"})"
      "\n"
      R"({"tid":1,"event":"cache_clean","in":7,"offset":64,"length":64})"
      "\n"
      R"({"tid":1,"event":"dma_map","phase":"return","call":7,"nents":3,"mapping":"m","ret":0})"
      "\n");
  ASSERT_EQ(trace.kinds(), "dma_map. bounce_in.");
  EXPECT_EQ(trace.at(0).maintenance.bytes, 128U);
  EXPECT_EQ(trace.at(0).dma.nents, 3U);
  EXPECT_EQ(trace.at(0).dma.orig_nents, 8U);
  EXPECT_NE(trace.at(0).dma.mapping, kNoId);
  EXPECT_EQ(trace.at(0).phase, Phase::kWhole);
}

TEST(EventLog, DoesNotWaitForEverForAReturn) {
  std::string text =
      kHeader + R"({"tid":1,"event":"dma_map","phase":"enter","call":7,"buffer":"b","device":"D","dir":"TO_DEVICE"})"
                "\n";
  for (int i = 0; i < 2000; ++i)
    text += R"({"tid":2,"event":"cpu_read","buffer":"b"})"
            "\n";
  text += R"({"tid":1,"event":"dma_map","phase":"return","call":7,"ret":0})"
          "\n";
  const Read trace(text);
  EXPECT_EQ(trace.events().size(), 2001U);
  EXPECT_EQ(trace.at(0).kind, EventKind::kDmaMap);
  EXPECT_EQ(trace.statistics.malformed, 1U);
  EXPECT_TRUE(has(trace.warning(0), "2003: the return of a `dma_map`")) << trace.warning(0);
}

TEST(EventLog, DoesNotKnowWhatADmaCallDidWhereCacheOperationsAreNotObserved) {
  const Read trace(
      kHeader +
      R"({"event":"sync_for_cpu","buffer":"b","device":"D","dir":"FROM_DEVICE"})"
      "\n"
      R"({"event":"sync_for_cpu","buffer":"b","device":"D","dir":"FROM_DEVICE","maintenance":"none","helper_ran":true})"
      "\n");
  EXPECT_FALSE(trace.at(0).maintenance.known);
  EXPECT_TRUE(trace.at(1).maintenance.known);
  EXPECT_TRUE(trace.at(1).maintenance.helper_ran);
}

TEST(EventLog, DeliversACacheRecordOfNoDmaCallAsAnEvent) {
  const Read trace(kCacheHeader +
                   R"({"event":"export","buffer":"b","size":4096})"
                   "\n"
                   R"({"event":"begin_cpu_access","phase":"enter","call":1,"buffer":"b","dir":"FROM_DEVICE"})"
                   "\n"
                   R"({"event":"cache_invalidate","in":1,"buffer":"b"})"
                   "\n"
                   R"({"event":"cache_clean","buffer":"b","offset":64,"length":128})"
                   "\n");
  ASSERT_EQ(trace.kinds(), "export. begin_cpu_access( cache_operation. cache_operation.");
  EXPECT_EQ(trace.at(2).in, trace.at(1).call);
  EXPECT_EQ(trace.at(2).maintenance.bytes, 4096U);
  EXPECT_EQ(trace.at(3).maintenance.kind, model::Operation::kClean);
  EXPECT_EQ(trace.at(3).maintenance.bytes, 128U);
}

TEST(EventLog, WarnsOfACacheRecordWhoseCallIsNotOpen) {
  const Read trace(kCacheHeader + R"({"event":"cache_invalidate","in":9,"buffer":"b"})");
  EXPECT_EQ(trace.kinds(), "cache_operation.");
  EXPECT_TRUE(has(trace.warning(0), "2: cache operation of a call `9`")) << trace.warning(0);
}

TEST(EventLog, CountsWhatIsAttributedToNoBuffer) {
  const Read trace(kCacheHeader + R"({"event":"dma_map","call":1,"device":"D","dir":"TO_DEVICE","unattributed":true})"
                                  "\n"
                                  R"({"event":"cache_clean","in":1,"length":64})"
                                  "\n"
                                  R"({"event":"cache_clean","length":64})"
                                  "\n");
  EXPECT_TRUE(trace.events().empty());
  EXPECT_EQ(trace.statistics.unattributed, 2U);
}

TEST(EventLog, GivesANameThatIsExportedAgainANewIdentity) {
  const Read trace(kHeader +
                   R"({"event":"export","buffer":"b","size":1})"
                   "\n"
                   R"({"event":"release","buffer":"b"})"
                   "\n"
                   R"({"event":"put","buffer":"b"})"
                   "\n"
                   R"({"event":"export","buffer":"b","size":2,"exporter":"system","ino":7,"memory":"write_combined"})"
                   "\n");
  EXPECT_EQ(trace.at(2).buffer, trace.at(0).buffer);
  EXPECT_NE(trace.at(3).buffer, trace.at(0).buffer);
  const BufferInfo& info = trace.directory().buffers[trace.at(3).buffer];
  EXPECT_EQ(info.size, 2U);
  EXPECT_EQ(info.ino, 7U);
  EXPECT_EQ(info.exporter, "system");
  EXPECT_EQ(info.memory, MemoryKind::kWriteCombined);
  EXPECT_TRUE(info.export_seen);
}

/// Counts ids instead of keeping events.
struct Widest : EventSink {
  void on_header(const Header&, const Directory&) override {}
  void on_event(const Event&, const Directory& directory) override {
    buffers = directory.buffers.size();
    attachments = directory.attachments.size();
    for (const BufferInfo& buffer : directory.buffers) generation = std::max(generation, buffer.generation);
  }
  std::size_t buffers = 0, attachments = 0;
  std::uint32_t generation = 0;
};

TEST(EventLog, ReusesTheIdsOfWhatWasExportedAgainWithoutRelease) {
  std::string text = kHeader;
  for (int i = 0; i < 10000; ++i) text += "{\"event\":\"export\",\"buffer\":\"b\"}\n";
  Widest sink;
  ReadStatistics statistics;
  input::Lines lines = input::Lines::of_text(text);
  formats::event_log::read_event_log(lines, "a", sink, statistics);
  EXPECT_LT(sink.buffers, 4200U);
  EXPECT_EQ(sink.generation, 2U);
}

TEST(EventLog, ReusesTheIdsOfWhatIsGone) {
  std::string text = kHeader;
  for (int i = 0; i < 20000; ++i) {
    const std::string n = std::to_string(i);
    text += R"({"event":"export","buffer":"b)" + n + "\"}\n";
    const std::string importer = std::string(R"("buffer":"b)").append(n).append(R"(","attachment":"a)").append(n + '"');
    text.append(R"({"event":"attach",)").append(importer).append(R"(,"device":"D"})").append("\n");
    if (i % 2 == 0) text.append(R"({"event":"detach",)").append(importer).append("}\n");
    text += R"({"event":"release","buffer":"b)" + n + "\"}\n";
  }
  Widest sink;
  ReadStatistics statistics;
  input::Lines lines = input::Lines::of_text(text);
  formats::event_log::read_event_log(lines, "a", sink, statistics);
  EXPECT_EQ(statistics.warnings, 0U);
  EXPECT_LT(sink.buffers, 4200U);
  EXPECT_LT(sink.attachments, 8400U);
}

TEST(EventLog, GivesATaskThatExitedAndItsNumberNewIdentities) {
  const Read trace(kHeader + R"({"tid":5,"comm":"a","event":"put","buffer":"b"})"
                             "\n"
                             R"({"tid":5,"comm":"b","event":"put","buffer":"b"})"
                             "\n"
                             R"({"tid":5,"event":"task_exit"})"
                             "\n"
                             R"({"tid":5,"comm":"c","event":"put","buffer":"b"})"
                             "\n");
  EXPECT_EQ(trace.at(1).task, trace.at(0).task);
  EXPECT_EQ(trace.at(2).task, trace.at(0).task);
  EXPECT_NE(trace.at(3).task, trace.at(0).task);
}

TEST(EventLog, TakesAHeaderThatComesAgainForWhatItObservesNow) {
  const Read trace(kHeader +
                   R"({"event":"sync_for_cpu","buffer":"b","device":"cam.0","dir":"FROM_DEVICE"})"
                   "\n" +
                   kCacheHeader +
                   R"({"event":"sync_for_cpu","buffer":"b","device":"cam.0","dir":"FROM_DEVICE"})"
                   "\n");
  EXPECT_FALSE(trace.at(0).maintenance.known);
  EXPECT_TRUE(trace.at(1).maintenance.known);
  EXPECT_EQ(trace.at(1).device, trace.at(0).device);
}

}  // namespace
}  // namespace custody::traces::test
