// SPDX-License-Identifier: BSD-2-Clause
// What a replay knows of a buffer whose exporter it knows, and of one whose exporter nobody knows.
#include <gtest/gtest.h>

#include <string>

#include "checker/replay/evidence.hpp"
#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

/// The first map of a new buffer cleans nothing, the second does.
Seen first_map_cleans_nothing(const std::string& exported) {
  return replay_text("custody litmus: x\ndevice D\n\nexport b 64K " + exported +
                     "\nattach b D\nmap b D TO\n  dma_map D TO skip\nunmap b D TO\n  dma_unmap D TO skip\n"
                     "map b D TO\n  dma_map D TO\nunmap b D TO\n  dma_unmap D TO\ndetach b D\nrelease b\n");
}

TEST(Evidence, KnowsThatTheCpuZeroedABufferOfTheSystemHeap) {
  EXPECT_EQ(first_map_cleans_nothing("").count(spec::RuleClass::kMissing), 1U);
  EXPECT_EQ(first_map_cleans_nothing("system").count(spec::RuleClass::kMissing), 1U);
}

TEST(Evidence, AccusesNobodyOfAHistoryThatIsUnknown) {
  for (const char* const exported : {"unknown", "unknown cached", "nobody_knows"}) {
    const Seen seen = first_map_cleans_nothing(exported);
    EXPECT_EQ(seen.error, "");
    EXPECT_EQ(seen.findings, std::vector<SeenFinding>{}) << exported;
  }
}

TEST(Evidence, StartsAnUnknownHistoryCleanAndClaimsNothingOfIt) {
  traces::BufferInfo info;
  info.export_seen = true;
  traces::Header header;
  header.title = "a litmus file";
  const spec::ExporterProfile& profile = spec::ExporterCatalogue::builtin().find(info.exporter);
  const replay::Evidence evidence = replay::evidence_of(info, header, profile);
  EXPECT_FALSE(evidence.history_known);
  EXPECT_TRUE(evidence.assumed_cached);
  EXPECT_EQ(replay::start_of(evidence, profile), model::hardware_closure(model::start::kClean));
}

}  // namespace
}  // namespace custody::checker::test
