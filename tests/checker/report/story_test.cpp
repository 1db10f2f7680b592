// SPDX-License-Identifier: BSD-2-Clause
// The events that a finding is told by are those that made it so, however long ago they were.
#include "checker/report/story.hpp"

#include <gtest/gtest.h>

#include "checker/report/wording.hpp"
#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

/// Of each finding: its rule, and the line and the words of each step.
class Stories final : public ReportSink {
 public:
  std::vector<std::string> told;
  void begin_trace(const std::string&) override {}
  void finding(const Finding& f, const traces::Directory& d) override {
    std::string text(spec::rule(f.rule).id);
    for (const report::Step& step : report::story_of(f, d))
      text += " | " + std::to_string(step.event.at.line) + " " + step.why;
    told.push_back(text);
  }
  void end_trace(const traces::Header&, const traces::ReadStatistics&, const Summary&,
                 std::span<const JudgedExpectation>, const std::string& error) override {
    EXPECT_EQ(error, "");
  }
  void end(const Summary&) override {}
};

/// The stories of the findings of `rule`.
std::vector<std::string> told(const std::string& litmus, const std::string& rule) {
  const TemporaryFile file("custody litmus: story\n" + litmus);
  Stories stories;
  static_cast<void>(replay::replay_trace(file.path(), {}, stories));
  std::erase_if(stories.told, [&](const std::string& s) { return s.rfind(rule + " ", 0) != 0 && s != rule; });
  return stories.told;
}

using Told = std::vector<std::string>;

const std::string kMapped = "device D\n\nexport b 64K\nattach b D\nmap b D FROM\n  dma_map D FROM\n";

TEST(Story, NamesTheDeviceThatCouldWriteThoughMuchCameBetween) {
  std::string text = kMapped;
  for (int i = 0; i < 6; ++i) text += "vmap b\nvunmap b\n";
  text += "begin b FROM\nend b FROM\nunmap b D FROM\n  dma_unmap D FROM\ndetach b D\nrelease b\n";
  EXPECT_EQ(told(text, "M3"), Told{"M3 | 6 from here D may write | 20 from here the CPU may read"});
}

TEST(Story, NamesTheLatestHandOverToADeviceThatWrites) {
  const std::string text = kMapped +
                           "begin b FROM\n  sync_for_cpu D FROM\nend b FROM\nbegin b FROM\nend b FROM\n"
                           "unmap b D FROM\n  dma_unmap D FROM\ndetach b D\nrelease b\n";
  EXPECT_EQ(told(text, "M3"), Told{"M3 | 10 from here D may write | 11 from here the CPU may read"});
}

TEST(Story, OfManyNamesNoDeviceThatWasDetached) {
  std::string devices, attaches;
  for (int i = 0; i < 20; ++i) {
    devices += "device D" + std::to_string(i) + "\n";
    attaches += "attach b D" + std::to_string(i) + "\n";
  }
  const std::string text = devices + "\nexport b 64K\n" + attaches +
                           "map b D0 FROM\n  dma_map D0 FROM\ndetach b D0\nmap b D5 FROM\n  dma_map D5 FROM\n"
                           "begin b FROM\nend b FROM\n";
  EXPECT_EQ(told(text, "M3"), Told{"M3 | 47 from here D5 may write | 49 from here the CPU may read"});
}

TEST(Story, NamesTheWindowInWhichTheCpuWroteAndTheSyncThatDidNothing) {
  const std::string text =
      "device D\n\nexport b 64K\nbegin b TO\nend b TO\nattach b D\nmap b D TO\n  dma_map D TO skip\n"
      "unmap b D TO\n  dma_unmap D TO skip\ndetach b D\nrelease b\n";
  EXPECT_EQ(told(text, "M1"),
            Told{"M1 | 5 from here the CPU may write | 9 DMA_ATTR_SKIP_CPU_SYNC: no cache operation"});
}

TEST(Story, NamesFreshMemoryWhereNobodyWroteSince) {
  const std::string text =
      "device D\n\nexport b 64K\nattach b D\nmap b D TO\n  dma_map D TO skip\nunmap b D TO\n"
      "  dma_unmap D TO skip\ndetach b D\nrelease b\n";
  EXPECT_EQ(told(text, "M1"), Told{"M1 | 4 fresh memory, zeroed through the CPU cache | 7 "
                                   "DMA_ATTR_SKIP_CPU_SYNC: no cache operation"});
}

TEST(Story, NamesTheDeviceThatLeftItsDataInTheCacheWhereTheCpusWasCleaned) {
  const std::string head = "device G coherent allocates\ndevice D\n\nexport b 64K\nattach b G\nattach b D\n";
  const std::string written = head +
                              "map b D TO\n  dma_map D TO\nunmap b D TO\n  dma_unmap D TO\nmap b G FROM\n"
                              "  dma_map G FROM\nunmap b G FROM\n  dma_unmap G FROM\n";
  EXPECT_EQ(told(written + "map b D TO\n  dma_map D TO skip\n", "M1"),
            Told{"M1 | 12 from here G may write | 17 DMA_ATTR_SKIP_CPU_SYNC: no cache operation"});
  const std::string by_cpu = head + "map b G FROM\n  dma_map G FROM\nunmap b G FROM\n  dma_unmap G FROM\n";
  EXPECT_EQ(told(by_cpu + "begin b TO\nend b TO\nmap b D TO\n  dma_map D TO skip\n", "M1"),
            Told{"M1 | 12 from here the CPU may write | 15 DMA_ATTR_SKIP_CPU_SYNC: no cache operation"});
}

TEST(Story, OfARepetitionNamesTheOperationBeforeIt) {
  const std::string text = kMapped +
                           "begin b FROM\n  sync_for_cpu D FROM\n  sync_for_cpu D FROM\nend b FROM\n"
                           "unmap b D FROM\n  dma_unmap D FROM\ndetach b D\nrelease b\n";
  EXPECT_EQ(told(text, "R5"), Told{"R5 | 9 the last invalidate, and nothing made it necessary again"});
}

TEST(Story, OfAnIllegalCallNamesTheOneThatItContradicts) {
  const std::string text = kMapped +
                           "unmap b D FROM\n  dma_unmap D FROM\nunmap b D FROM\n  dma_unmap D FROM\n"
                           "detach b D\nrelease b\nbegin b FROM\n";
  EXPECT_EQ(told(text, "L5").front(), "L5 | 9 ");
  EXPECT_EQ(told(text, "L10"), Told{"L10 | 13 "});
}

TEST(Story, OfAKindOfDevicesNamesWhenBothHadTheBuffer) {
  const std::string text =
      "device G coherent\ndevice D\n\nexport b 64K\nattach b G\nattach b D\nmap b G FROM\n"
      "  dma_map G FROM\nmap b D TO\n  dma_map D TO\n";
  EXPECT_EQ(told(text, "M11"), Told{"M11 | 8  | 10 from here both G and D have the buffer"});
}

}  // namespace
}  // namespace custody::checker::test
