// SPDX-License-Identifier: BSD-2-Clause
// Traces made by hand, as a kernel of 7.0 would print them, with what is known of each.
#include <gtest/gtest.h>

#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

/// `L1@27`: rule and line of each finding, in order.
std::string rules_told(const Seen& seen) {
  std::string out;
  for (const SeenFinding& f : seen.findings) out += (out.empty() ? "" : " ") + f.rule + "@" + std::to_string(f.line);
  return out;
}

TEST(TracepointSamples, AloneTellWhatAddressesDecide) {
  const Seen seen = replay_file("tests/traces/samples/synthetic-tracepoints-alone.ftrace.txt");
  EXPECT_EQ(rules_told(seen), "R5@24 L3@25 L1@27 L5@28");
  const Summary& s = seen.result.summary;
  EXPECT_EQ(s.buffers, 1U);
  EXPECT_EQ(s.live_buffers, 0U);
  EXPECT_EQ(s.coverage.of(Judged::kNot), 1U);
  EXPECT_EQ(s.coverage.inventory.sources, (std::array<std::uint64_t, traces::kRecordSources>{10, 7, 2, 1}));
  // A sync of what was mapped before the trace, of another driver.
  EXPECT_EQ(seen.result.statistics.unattributed, 1U);
}

TEST(TracepointSamples, BesideProbesTellTheMissingSyncOfTheSecondWindow) {
  const Seen seen = replay_file("tests/traces/samples/synthetic-tracepoints-beside-probes.ftrace.txt");
  EXPECT_EQ(seen.count("M3"), 1U) << rules_told(seen);
  EXPECT_EQ(seen.count(spec::RuleClass::kIllegal), 0U) << rules_told(seen);
  EXPECT_EQ(seen.result.summary.buffers, 1U);
  EXPECT_EQ(seen.result.statistics.unattributed, 0U);
}

}  // namespace
}  // namespace custody::checker::test
