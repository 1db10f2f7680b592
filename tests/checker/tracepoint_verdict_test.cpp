// SPDX-License-Identifier: BSD-2-Clause
// What a trace by the kernel's DMA tracepoints alone can bear out, and what it cannot.
#include <gtest/gtest.h>

#include "tests/checker/replay_support.hpp"
#include "tests/traces/ftrace_support.hpp"
#include "tests/traces/tracepoint_support.hpp"

namespace custody::checker::test {
namespace {

using traces::test::Ftrace;
using traces::test::Table;
using traces::test::traced_iommu_map;
using traces::test::traced_map;
using traces::test::traced_page_map;
using traces::test::traced_page_sync;
using traces::test::traced_page_unmap;
using traces::test::traced_sync;
using traces::test::traced_unmap;

constexpr Table kOther{0x90000000U, 0x90000000U, 8192};

std::uint64_t why_not_judged(const Seen& seen, JudgedReason r) {
  return seen.result.summary.coverage.why_not[static_cast<std::size_t>(r)];
}

/// The rules of the findings, in order, and their severities.
std::string findings(const Seen& seen) {
  std::string out;
  for (const SeenFinding& f : seen.findings)
    out += (out.empty() ? "" : " ") + f.rule + ":" + std::string(spec::name(f.severity));
  return out;
}

bool assumes(const SeenFinding& f, Assumption a) { return ((f.assumes >> static_cast<unsigned>(a)) & 1U) != 0; }

TEST(TracepointsAlone, AreNotJudgedAndSayWhy) {
  const Seen seen =
      replay_text(Ftrace().add(traced_map("cam", "FROM_DEVICE")).add(traced_unmap("cam", "FROM_DEVICE")).text());
  EXPECT_EQ(findings(seen), "");
  EXPECT_EQ(seen.result.summary.coverage.of(Judged::kNot), 1U);
  EXPECT_EQ(why_not_judged(seen, JudgedReason::kNoCoreCalls), 1U);
  EXPECT_EQ(seen.result.summary.live_buffers, 0U);
  EXPECT_TRUE(seen.result.inconclusive);
  const RuleSet silent = silent_rules(seen.result.summary);
  for (const spec::RuleId r : {spec::RuleId::kM1, spec::RuleId::kM3, spec::RuleId::kL6, spec::RuleId::kL7,
                               spec::RuleId::kL9, spec::RuleId::kR3})
    EXPECT_TRUE(silent.has(r));
  for (const spec::RuleId r : {spec::RuleId::kL1, spec::RuleId::kL5, spec::RuleId::kR5}) EXPECT_FALSE(silent.has(r));
  EXPECT_EQ(seen.result.summary.coverage.inventory.sources[0], 2U);
}

TEST(TracepointsAlone, TellASyncAndAnUnmapOfWhatIsNotMapped) {
  const Seen seen = replay_text(Ftrace()
                                    .add(traced_map("cam", "FROM_DEVICE"))
                                    .add(traced_unmap("cam", "FROM_DEVICE"))
                                    .add(traced_sync("cpu", "cam", "FROM_DEVICE"))
                                    .add(traced_unmap("cam", "FROM_DEVICE"))
                                    .text());
  EXPECT_EQ(findings(seen), "L1:warning L5:warning");
  for (const SeenFinding& f : seen.findings) EXPECT_TRUE(assumes(f, Assumption::kNoneOlder));
}

TEST(TracepointsAlone, ProveItWhereAnIommuGaveTheAddress) {
  const Table t{0xffe00000U, 0x80000000U, 4096};
  const Seen seen = replay_text(Ftrace()
                                    .add(traced_iommu_map(t))
                                    .add(traced_page_map("cam", "FROM_DEVICE", t))
                                    .add(traced_page_unmap("cam", "FROM_DEVICE", t))
                                    .add(traced_page_sync("cpu", "cam", "FROM_DEVICE", t))
                                    .add(traced_page_unmap("cam", "FROM_DEVICE", t))
                                    .text());
  EXPECT_EQ(findings(seen), "L1:error L5:error");
  for (const SeenFinding& f : seen.findings) EXPECT_EQ(f.assumes, 0U);
}

TEST(TracepointsAlone, AccuseNobodyOfWhatMayBeOlderThanTheTrace) {
  // A second mapping of the same memory, which began before the trace, ends after the first.
  const Seen twice = replay_text(Ftrace()
                                     .add(traced_map("cam", "FROM_DEVICE"))
                                     .add(traced_map("cam", "FROM_DEVICE"))
                                     .add(traced_unmap("cam", "FROM_DEVICE"))
                                     .add(traced_unmap("cam", "FROM_DEVICE"))
                                     .add(traced_unmap("cam", "FROM_DEVICE"))
                                     .add(traced_sync("cpu", "cam", "FROM_DEVICE"))
                                     .text());
  EXPECT_EQ(findings(twice), "");
  const Seen older = replay_text(Ftrace()
                                     .add(traced_sync("cpu", "cam", "FROM_DEVICE"))
                                     .add(traced_unmap("cam", "TO_DEVICE"))
                                     .add(traced_map("gpu", "TO_DEVICE"))
                                     .add(traced_sync("device", "cam", "TO_DEVICE"))
                                     .text());
  EXPECT_EQ(findings(older), "");
}

TEST(TracepointsAlone, AccuseNobodyAfterALossOrWhereTheAddressIsMappedAgain) {
  const Ftrace mapped = Ftrace().add(traced_map("cam", "FROM_DEVICE")).add(traced_unmap("cam", "FROM_DEVICE"));
  EXPECT_EQ(findings(replay_text(
                Ftrace(mapped).raw("CPU:0 [LOST 7 EVENTS]").add(traced_sync("cpu", "cam", "FROM_DEVICE")).text())),
            "");
  EXPECT_EQ(findings(replay_text(Ftrace(mapped)
                                     .add(traced_map("cam", "FROM_DEVICE", {0x80000000U, 0x90000000U, 8192}))
                                     .add(traced_sync("cpu", "cam", "FROM_DEVICE"))
                                     .text())),
            "");
}

TEST(TracepointsAlone, TellDirectionsAndAttributesThatDiffer) {
  EXPECT_EQ(findings(replay_text(Ftrace()
                                     .add(traced_map("cam", "FROM_DEVICE"))
                                     .add(traced_sync("device", "cam", "TO_DEVICE"))
                                     .add(traced_unmap("cam", "BIDIRECTIONAL"))
                                     .text())),
            "L3:warning L3:warning");
  EXPECT_EQ(findings(replay_text(Ftrace()
                                     .add(traced_map("cam", "BIDIRECTIONAL"))
                                     .add(traced_sync("device", "cam", "TO_DEVICE"))
                                     .add(traced_unmap("cam", "BIDIRECTIONAL", {}, "SKIP_CPU_SYNC"))
                                     .text())),
            "L4:warning");
}

Ftrace two_devices() { return Ftrace().add(traced_map("cam", "FROM_DEVICE")).add(traced_map("gpu", "BIDIRECTIONAL")); }

TEST(TracepointsAlone, TellAPassThatIsRepeatedForEachDevice) {
  const Seen seen = replay_text(
      two_devices().add(traced_sync("cpu", "cam", "FROM_DEVICE")).add(traced_sync("cpu", "gpu", "FROM_DEVICE")).text());
  EXPECT_EQ(findings(seen), "R5:warning");
  if (seen.findings.size() != 1) return;
  EXPECT_TRUE(assumes(seen.findings[0], Assumption::kOneHandOver));
  EXPECT_EQ(seen.findings[0].line, 4U);
  EXPECT_EQ(seen.findings[0].bytes, 8192U);
  EXPECT_EQ(seen.result.summary.maintenance.operations, 4U);
  EXPECT_EQ(seen.result.summary.maintenance.no_effect.operations, 1U);
  EXPECT_EQ(seen.result.summary.maintenance.undetermined.operations, 3U);
}

TEST(TracepointsAlone, TakeNoOtherPassForARepetition) {
  const std::string cam = traced_sync("cpu", "cam", "FROM_DEVICE"), gpu = traced_sync("cpu", "gpu", "FROM_DEVICE");
  EXPECT_EQ(findings(replay_text(two_devices().add(cam).add(cam).text())), "") << "the same device";
  EXPECT_EQ(findings(replay_text(two_devices().add(cam).add(gpu, 26).text())), "") << "another task";
  EXPECT_EQ(findings(replay_text(
                two_devices().add(traced_sync("device", "cam", "FROM_DEVICE"), 26).add(cam).add(gpu, 26).text())),
            "")
      << "another task that used the buffer before";
  EXPECT_EQ(
      findings(replay_text(two_devices().add(cam).add(traced_sync("device", "cam", "FROM_DEVICE")).add(gpu).text())),
      "")
      << "handed back meanwhile";
  EXPECT_EQ(findings(replay_text(two_devices().add(cam).add(traced_map("cam", "FROM_DEVICE", kOther)).add(gpu).text())),
            "")
      << "the task did something else meanwhile";
  EXPECT_EQ(
      findings(replay_text(
          two_devices().add(cam).add(traced_page_sync("cpu", "gpu", "FROM_DEVICE", {0x80000000U, 0, 64})).text())),
      "")
      << "a part";
  EXPECT_EQ(findings(replay_text(two_devices()
                                     .add(traced_sync("cpu", "cam", "TO_DEVICE", kOther))
                                     .add(traced_sync("cpu", "gpu", "TO_DEVICE"))
                                     .text())),
            "")
      << "another memory, and no operation";
}

TEST(TracepointsAlone, ClaimNothingElse) {
  // A device writes and the CPU is handed nothing; a table is mapped twice; one is never unmapped.
  const Seen seen = replay_text(Ftrace()
                                    .add(traced_map("cam", "FROM_DEVICE"))
                                    .add(traced_map("gpu", "TO_DEVICE"))
                                    .add(traced_unmap("cam", "FROM_DEVICE", {}, ""))
                                    .add(traced_map("cam", "FROM_DEVICE", {}, "SKIP_CPU_SYNC"))
                                    .add(traced_map("cam", "FROM_DEVICE", kOther))
                                    .add(traced_sync("device", "cam", "FROM_DEVICE", kOther))
                                    .add(traced_unmap("cam", "FROM_DEVICE", kOther))
                                    .text());
  EXPECT_EQ(findings(seen), "");
}

}  // namespace
}  // namespace custody::checker::test
