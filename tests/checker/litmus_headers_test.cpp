// SPDX-License-Identifier: BSD-2-Clause
// What the policies and the buffers that a litmus file declares mean to a replay.
#include <gtest/gtest.h>

#include <string>

#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

TEST(LitmusPolicies, AreJudgedTogetherInWhateverOrderTheyAreWritten) {
  const std::string backing = "policy backing at_first_use", leaves = "policy leaves release";
  for (const std::string& both : {backing + "\n" + leaves, leaves + "\n" + backing}) {
    // What the CPU writes before any device attaches is lost with the backing.
    const Seen seen = replay_text("custody litmus: x\n" + both + "\n\nexport b 4K\nbegin b TO\nend b TO\n");
    EXPECT_EQ(seen.error, "") << both;
  }
  const Seen alone = replay_text("custody litmus: x\n" + leaves + "\n\nexport b 4K\n");
  EXPECT_NE(alone.error.find(":2: leaves = release needs backing = at_first_use"), std::string::npos) << alone.error;
}

TEST(LitmusBuffers, OfAnUnknownExporterHaveAnUnknownHistory) {
  const std::string map = "attach b D\nmap b D TO\n  dma_map D TO skip\n";
  EXPECT_EQ(replay_text("custody litmus: x\ndevice D\n\nexport b 64K\n" + map).count("M1"), 1U);
  EXPECT_EQ(replay_text("custody litmus: x\ndevice D\n\nexport b 64K unknown\n" + map).findings.size(), 0U);
}

TEST(LitmusBuffers, ThatNobodyExportedAreAnErrorUnlessTheHeaderKnowsThem) {
  const std::string events = "\nexport b 4K\nattach c D\n";
  const Seen mistyped = replay_text("custody litmus: x\ndevice D\n" + events);
  EXPECT_NE(mistyped.error.find(":5: no line above exports `c`"), std::string::npos) << mistyped.error;
  const Seen older = replay_text("custody litmus: x\ndevice D\nolder c\n" + events);
  EXPECT_EQ(older.error, "");
  EXPECT_EQ(older.result.summary.buffers, 2U);
}

}  // namespace
}  // namespace custody::checker::test
