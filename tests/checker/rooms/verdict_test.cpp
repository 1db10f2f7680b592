// SPDX-License-Identifier: BSD-2-Clause
// Which buffers are judged, which are not, and why: the all-clear covers no others.
#include <gtest/gtest.h>

#include <string>

#include "checker/report/verdict_text.hpp"
#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

constexpr const char* kVerdictHead = R"({"schema":"custody.trace/1","source":"x","arch":"arm64-6.1","devices":{"D":)"
                                     R"({"coherent":false}},"observes":["dma_api"]})"
                                     "\n";

std::string event_line(const std::string& event, const std::string& rest = {}) {
  return R"({"tid":1,"event":")" + event + R"(","buffer":"b")" + rest + "}\n";
}
std::string dma(const std::string& event, const std::string& dir) {
  return event_line(event, R"(,"device":"D","mapping":"m","dir":")" + dir + "\"");
}
std::string window(const std::string& event) { return event_line(event, R"(,"dir":"FROM_DEVICE")"); }

/// A life of a buffer in which no sync is missing.
std::string life() {
  return event_line("export", R"(,"exporter":"system","size":4096)") +
         event_line("attach", R"(,"device":"D","attachment":"a")") +
         event_line("map", R"(,"phase":"enter","call":1,"device":"D","attachment":"a","dir":"FROM_DEVICE")") +
         dma("dma_map", "FROM_DEVICE") + event_line("map", R"(,"phase":"return","call":1)") +
         event_line("unmap", R"(,"phase":"enter","call":2,"device":"D","attachment":"a","dir":"FROM_DEVICE")") +
         dma("dma_unmap", "FROM_DEVICE") + event_line("unmap", R"(,"phase":"return","call":2)") +
         event_line("detach", R"(,"device":"D","attachment":"a")") + event_line("release");
}

const Summary& judge(Seen& seen, const std::string& events) {
  seen = replay_text(kVerdictHead + events);
  EXPECT_EQ(seen.error, "");
  return seen.result.summary;
}

std::uint64_t why(const Summary& s, JudgedReason r) { return s.coverage.why_not[static_cast<std::size_t>(r)]; }

TEST(Verdict, OfAWholeLifeIsJudged) {
  Seen seen;
  const Summary& s = judge(seen, life());
  EXPECT_EQ(s.coverage.of(Judged::kWhole), 1U);
  EXPECT_TRUE(s.verdicts.empty());
  EXPECT_EQ(report::all_clear(s), "nothing is missing in 1 buffer of 1");
  EXPECT_FALSE(seen.result.inconclusive);
}

TEST(Verdict, OfABufferOlderThanTheTraceIsNone) {
  Seen seen;
  const Summary& s = judge(seen, window("begin_cpu_access") + window("end_cpu_access"));
  ASSERT_EQ(s.coverage.of(Judged::kNot), 1U);
  EXPECT_EQ(s.verdicts.at(0).reasons & bit_of(JudgedReason::kMappedBeforeTrace),
            bit_of(JudgedReason::kMappedBeforeTrace));
  EXPECT_EQ(report::all_clear(s), "");
  EXPECT_TRUE(seen.result.inconclusive);
}

TEST(Verdict, NamesBothCounts) {
  Seen seen;
  const std::string old = R"({"tid":2,"event":"begin_cpu_access","buffer":"old","dir":"FROM_DEVICE"})"
                          "\n";
  EXPECT_EQ(report::all_clear(judge(seen, old + life())),
            "nothing is missing in 1 buffer of 2; 1 not judged: mapped before the trace began");
  EXPECT_FALSE(seen.result.inconclusive);
}

TEST(Verdict, OfABufferReleasedAndExportedAgainIsJudged) {
  Seen seen;
  const Summary& s =
      judge(seen, window("begin_cpu_access") + window("end_cpu_access") + event_line("release") + life());
  EXPECT_EQ(s.coverage.of(Judged::kNot), 1U);
  EXPECT_EQ(s.coverage.of(Judged::kWhole), 1U);
}

TEST(Verdict, OfAnOlderBufferIsJudgedWhereAnInvalidateEndsItsLastMapping) {
  Seen seen;
  const std::string ended = dma("dma_unmap", "FROM_DEVICE");
  EXPECT_EQ(judge(seen, ended + window("begin_cpu_access") + window("end_cpu_access")).coverage.of(Judged::kWhole), 1U);
  // A sync shows that another device of before is still there.
  const std::string other = R"({"tid":1,"event":"sync_for_cpu","buffer":"b","device":"E","dir":"FROM_DEVICE"})"
                            "\n";
  EXPECT_EQ(judge(seen, other + ended).coverage.of(Judged::kNot), 1U);
  EXPECT_EQ(judge(seen, ended + other).coverage.of(Judged::kNot), 1U);
  const std::string read = window("begin_cpu_access") + window("end_cpu_access");
  EXPECT_EQ(judge(seen, ended + read + other).coverage.of(Judged::kPartly), 1U);
}

TEST(Verdict, OfAnOlderBufferIsNoneWhereNobodyGotItAfterItsStateWasProved) {
  Seen seen;
  EXPECT_EQ(judge(seen, dma("dma_unmap", "FROM_DEVICE")).coverage.of(Judged::kNot), 1U);
  EXPECT_EQ(why(seen.result.summary, JudgedReason::kMappedBeforeTrace), 1U);
}

TEST(Verdict, OfAnOlderBufferIsPartlyJudgedWhereTheCpuReadBeforeThat) {
  Seen seen;
  const std::string read = window("begin_cpu_access") + window("end_cpu_access");
  const Summary& s = judge(seen, read + dma("dma_unmap", "FROM_DEVICE") + read);
  EXPECT_EQ(s.coverage.of(Judged::kPartly), 1U);
  EXPECT_EQ(why(s, JudgedReason::kMappedBeforeTrace), 1U);
}

TEST(Verdict, OfAnOlderBufferThatOnlyACleanEndsIsNone) {
  Seen seen;
  EXPECT_EQ(judge(seen, dma("sync_for_device", "TO_DEVICE") + dma("dma_unmap", "TO_DEVICE")).coverage.of(Judged::kNot),
            1U);
}

TEST(Verdict, IsPartlyGivenAfterALossInTheMiddle) {
  Seen seen;
  const std::string whole = life();
  const std::size_t middle = whole.find("{\"tid\":1,\"event\":\"unmap");
  const Summary& s =
      judge(seen, whole.substr(0, middle) + "{\"event\":\"lost\",\"count\":3}\n" + whole.substr(middle) + life());
  EXPECT_EQ(s.coverage.of(Judged::kPartly), 1U);
  EXPECT_EQ(s.coverage.of(Judged::kWhole), 1U);
  EXPECT_EQ(why(s, JudgedReason::kLostEvents), 1U);
  EXPECT_EQ(s.coverage.damaged_buffers, 1U);
  EXPECT_TRUE(seen.result.inconclusive);
}

TEST(Verdict, IsPartlyGivenWhereARecordCouldNotBeRead) {
  Seen seen;
  const std::string whole = life();
  const std::size_t end = whole.find('\n') + 1;
  const Summary& s =
      judge(seen, whole.substr(0, end) + "{\"event\":\"map\",\"dir\":\"SIDEWAYS\"}\n" + whole.substr(end) + life());
  EXPECT_EQ(s.coverage.of(Judged::kPartly), 1U);
  EXPECT_EQ(why(s, JudgedReason::kUnreadRecord), 1U);
  EXPECT_TRUE(seen.result.inconclusive);
}

TEST(Verdict, IsPartlyGivenWhereTheReaderHadToCloseACall) {
  std::istringstream in(read_file("traces/recorded/cma.ftrace.txt"));
  std::string text;
  for (std::string l; std::getline(in, l);)
    if (l.find(": end_cpu_access_ret:") == std::string::npos) text += l + "\n";
  const Seen seen = replay_text(text);
  EXPECT_EQ(seen.result.summary.coverage.of(Judged::kPartly), 1U);
  EXPECT_EQ(why(seen.result.summary, JudgedReason::kCallNeverReturned), 1U);
  EXPECT_TRUE(seen.result.inconclusive);
}

TEST(Verdict, IsPartlyGivenWhereARefusedCallIsNotJudged) {
  // Its attachment is from before a loss: whether it was mapped is not known, and so not whether the unmap is wrong.
  Seen seen;
  const Summary& s =
      judge(seen, event_line("export", R"(,"exporter":"system","size":4096)") +
                      event_line("attach", R"(,"device":"D","attachment":"a")") + "{\"event\":\"lost\",\"count\":3}\n" +
                      event_line("unmap", R"(,"device":"D","attachment":"a","dir":"FROM_DEVICE")"));
  EXPECT_EQ(s.coverage.of(Judged::kPartly), 1U);
  EXPECT_EQ(why(s, JudgedReason::kUnjudgedRefusal), 1U);
  EXPECT_EQ(s.unjudged, 1U);
  EXPECT_TRUE(seen.findings.empty());
}

TEST(Verdict, IsPartlyGivenWhereTheExportersOwnDeviceUsesTheBuffer) {
  std::string text = kVerdictHead + life();
  text.replace(text.find("\"system\""), 8, "\"videobuf2_dma_sg\"");
  const Seen seen = replay_text(text);
  EXPECT_EQ(seen.result.summary.coverage.of(Judged::kPartly), 1U);
  EXPECT_EQ(why(seen.result.summary, JudgedReason::kOwnDevice), 1U);
  replay::Options options;
  options.exporters.override_with("videobuf2_dma_sg:own_device=false");
  EXPECT_EQ(replay_text(text, options).result.summary.coverage.of(Judged::kWhole), 1U);
}

TEST(Verdict, IsPartlyGivenOnAssumptionsAndNamesTheOptionThatSettlesThem) {
  std::string text = kVerdictHead + life();
  text.replace(text.find(R"("D":{"coherent":false})"), 22, "");
  const Seen assumed = replay_text(text);
  const Summary& s = assumed.result.summary;
  EXPECT_EQ(s.coverage.of(Judged::kPartly), 1U);
  EXPECT_EQ(why(s, JudgedReason::kAssumption), 1U);
  EXPECT_EQ(s.coverage.settling, std::vector<std::string>{"--device D=noncoherent"});
  EXPECT_NE(report::settling_lines(s).find("--device D=noncoherent"), std::string::npos);
  replay::Options options;
  options.devices.push_back({"D", false, {}, {}, {}, {}});
  EXPECT_EQ(replay_text(text, options).result.summary.coverage.of(Judged::kWhole), 1U);
}

TEST(Verdict, IsNotGivenWhereNoSyncWouldBeInTheTrace) {
  std::string text = kVerdictHead + life();
  text.replace(text.find(R"(["dma_api"])"), 11, "[]");
  const Summary s = replay_text(text).result.summary;
  EXPECT_EQ(s.coverage.of(Judged::kNot), 1U);
  EXPECT_EQ(why(s, JudgedReason::kSilentExporter), 1U);
}

TEST(Verdict, OfASumIsTheSumOfBoth) {
  Seen one, two;
  Summary sum = judge(one, life());
  sum.add(judge(two, window("begin_cpu_access")));
  EXPECT_EQ(report::all_clear(sum), "nothing is missing in 1 buffer of 2; 1 not judged: mapped before the trace began");
  EXPECT_EQ(sum.coverage.inventory.of(traces::EventKind::kExport), 1U);
}

TEST(Inventory, NamesAProbeWhoseCallersAreThere) {
  std::string text = read_file("traces/recorded/pipeline_remap.ftrace.txt");
  EXPECT_EQ(replay_text(text).result.summary.coverage.inventory.missing, 0U);
  const auto without = [&](const std::string& probe) {
    std::istringstream in(text);
    std::string kept;
    for (std::string l; std::getline(in, l);)
      if (l.find(": " + probe + ":") == std::string::npos) kept += l + "\n";
    return replay_text(kept).result.summary;
  };
  const std::pair<const char*, const char*> probes[] = {
      {"unmap", "unmap"}, {"map_ret", "map_ret"}, {"attach", "attach"}, {"dma_unmap", "dma_unmap"}};
  for (const auto& [probe, named] : probes) {
    const Summary s = without(probe);
    std::string names;
    for (unsigned i = 0; i < kMissingProbeCount; ++i)
      if (((s.coverage.inventory.missing >> i) & 1U) != 0) names += std::string(kMissingProbes[i].name) + " ";
    EXPECT_NE(names.find(named), std::string::npos) << probe << ": " << names;
    EXPECT_EQ(s.coverage.of(Judged::kWhole), 0U) << probe;
  }
}

TEST(Inventory, SaysNothingIsMissingOfALitmusFile) {
  const Seen seen = replay_text("custody litmus: x\ndevice D\n\nexport b 4K wc\nattach b D\nmap b D TO\nrelease b\n");
  EXPECT_EQ(seen.result.summary.coverage.inventory.missing, 0U);
}

TEST(Figures, AreNotComputedWhereAClientBrokeTheRulesOrAnAccessIsPartial) {
  const Summary broken =
      replay_text("custody litmus: x\ndevice D\n\nexport b 4K\nattach b D\nend b FROM\nmap b D TO\n  dma_map D TO\n")
          .result.summary;
  EXPECT_EQ(broken.maintenance.no_optimum, bit_of(NotComputed::kClientBrokeRules));
  EXPECT_EQ(broken.maintenance.no_subset, bit_of(NotComputed::kClientBrokeRules));
  const Summary partial = replay_text(
                              "custody litmus: x\naccesses exact\ndevice D\n\nexport b 4K\nattach b D\nmap b D TO\n"
                              "  dma_map D TO\ndevice_read b D 0+64\nunmap b D TO\n  dma_unmap D TO\n")
                              .result.summary;
  EXPECT_EQ(partial.maintenance.no_optimum & bit_of(NotComputed::kPartialAccess), bit_of(NotComputed::kPartialAccess));
  EXPECT_EQ(replay_text(kVerdictHead + life()).result.summary.maintenance.no_optimum, 0U);
}

TEST(Figures, AreComputedOfTheBuffersThatHaveThem) {
  const std::string fine = "export b 4K\nattach b D\nmap b D TO\n  dma_map D TO\nunmap b D TO\n  dma_unmap D TO\n";
  const std::string broken = "export c 8K\nattach c D\nend c FROM\nmap c D TO\n  dma_map D TO\n";
  const std::string head = "custody litmus: x\ndevice D\n\n";
  const MaintenanceTotals alone = replay_text(head + fine).result.summary.maintenance;
  const MaintenanceTotals both = replay_text(head + fine + broken).result.summary.maintenance;
  EXPECT_EQ(alone.no_optimum, 0U);
  EXPECT_EQ(alone.computed.optimum.operations, alone.optimum.operations);
  EXPECT_EQ(both.no_optimum, bit_of(NotComputed::kClientBrokeRules));
  EXPECT_EQ(both.operations, 2U);
  for (const ComputedOptimum& computed : {alone.computed, both.computed}) {
    EXPECT_EQ(computed.buffers, 1U);
    EXPECT_EQ(computed.done.operations, 1U);
    EXPECT_EQ(computed.done.bytes, 4096U);
    EXPECT_EQ(computed.optimum.operations, 1U);
  }
}

TEST(Figures, AreNotComputedOfABufferThatIsNotJudgedOrOfWhichEventsWereLost) {
  Seen seen;
  const MaintenanceTotals older = judge(seen, window("begin_cpu_access") + window("end_cpu_access")).maintenance;
  EXPECT_EQ(older.no_optimum, bit_of(NotComputed::kNotJudged));
  EXPECT_EQ(older.no_subset, bit_of(NotComputed::kNotJudged));
  EXPECT_EQ(older.unschedulable_buffers, 0U);
  const std::string whole = life(), first = event_line("export", R"(,"exporter":"system","size":4096)");
  const std::string lost = R"({"event":"lost","count":3})"
                           "\n";
  const Summary& cut = judge(seen, first + lost + whole.substr(first.size()));
  EXPECT_NE(cut.maintenance.no_optimum & bit_of(NotComputed::kEventsLost), 0);
  EXPECT_NE(cut.maintenance.no_subset & bit_of(NotComputed::kEventsLost), 0);
  EXPECT_EQ(cut.maintenance.no_optimum & bit_of(NotComputed::kNoSchedule), 0);
  EXPECT_EQ(cut.maintenance.unschedulable_buffers, 0U);
  EXPECT_TRUE(cut.maintenance.unschedulable.empty());
}

TEST(Figures, AreNotComputedWhereTheLastEventBreaksTheRules) {
  const Summary s = replay_text("custody litmus: x\ndevice D\n\nexport b 4K\nattach b D\ncpu_read b\n").result.summary;
  EXPECT_EQ(s.maintenance.no_optimum, bit_of(NotComputed::kClientBrokeRules));
  EXPECT_EQ(s.maintenance.no_subset, bit_of(NotComputed::kClientBrokeRules));
}

TEST(Profile, SaysWhatAHelperThatIsNamedOnlyDid) {
  const std::string path = "traces/recorded/cma.ftrace.txt";
  replay::Options older;
  older.arch = "arm64-5.18";
  EXPECT_EQ(replay_file(path).count("M10"), 0U);
  EXPECT_EQ(replay_file(path, older).count("M10"), 1U);
}

TEST(Contradiction, OfAnOptionAndTheTraceIsRefusedWithItsLine) {
  const std::string path = "traces/recorded/pipeline_keep.ftrace.txt";
  replay::Options options;
  options.devices.push_back({"gpu.0", true, {}, {}, {}, {}});
  const Seen seen = replay_file(path, options);
  EXPECT_TRUE(seen.result.input_error);
  EXPECT_NE(seen.error.find(path + ":22: --device gpu.0=coherent contradicts the trace"), std::string::npos)
      << seen.error;
  options.devices[0].coherent = false;
  EXPECT_FALSE(replay_file(path, options).result.input_error);
  options.arch = "x86";
  EXPECT_TRUE(replay_file(path, options).result.input_error);
}

}  // namespace
}  // namespace custody::checker::test
