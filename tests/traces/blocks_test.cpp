// SPDX-License-Identifier: BSD-2-Clause
// Lines of a file are those of its text, however they lie to the blocks in which it is read.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <random>

#include "tests/traces/input_support.hpp"
#include "traces/formats/ftrace/reader.hpp"
#include "traces/input/input.hpp"
#include "traces/open.hpp"

namespace custody::traces::test {
namespace {

constexpr std::size_t kBlock = input::Blocks::kBlock, kLongest = input::Lines::kLongestLine;

std::string line_of(std::size_t size, std::mt19937& random) {
  std::string line(size, static_cast<char>('a' + random() % 26));
  if (size != 0 && random() % 4 == 0) line.back() = '\r';
  return line;
}

/// Lines of a few bytes, of about a block, and of about the longest that is not cut.
std::string text_of(unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  for (int i = 0; i < 40; ++i) {
    const std::size_t near = random() % 5;
    const std::size_t size = random() % 3 != 0   ? random() % 300
                             : random() % 4 != 0 ? kBlock - 2 + near
                                                 : kLongest - 2 + near + (near == 4 ? 3 * kBlock : 0);
    text += line_of(size, random) + '\n';
  }
  if (seed % 2 == 0) text.pop_back();
  return text;
}

TEST(Blocks, LinesOfAFileAreThoseOfItsText) {
  for (unsigned seed = 0; seed < 8; ++seed) {
    const std::string text = text_of(seed);
    const CuttableFile file(text);
    input::Input input(file.path());
    ASSERT_TRUE(input.next());
    input::Lines of_text = input::Lines::of_text(text);
    ASSERT_EQ(all_lines(input.lines()), all_lines(of_text)) << seed;
    EXPECT_EQ(input.lines().cut(), of_text.cut()) << seed;
    EXPECT_EQ(input.lines().truncated(), of_text.truncated()) << seed;
    EXPECT_EQ(input.lines().number(), of_text.number()) << seed;
    EXPECT_FALSE(input.lines().has_shrunk());
  }
}

TEST(Blocks, ALineStaysUntilTheSecondRenewal) {
  const std::string text = text_of(3);
  const CuttableFile file(text);
  input::Input input(file.path());
  ASSERT_TRUE(input.next());
  struct Given {
    std::string_view line;
    std::string was;
    std::uint64_t renewals;
  };
  std::deque<Given> given;
  std::size_t compared = 0;
  for (std::string_view line; input.lines().next(line);) {
    const std::uint64_t renewals = input.lines().renewals();
    while (!given.empty() && renewals - given.front().renewals >= 2) given.pop_front();
    for (const Given& g : given) {
      ASSERT_EQ(g.line, g.was);
      compared += g.renewals != renewals ? 1U : 0U;
    }
    given.push_back({line, std::string(line), renewals});
  }
  EXPECT_GT(compared, 0U);
}

TEST(Blocks, OfAFileThatIsCutOnlyWholeLinesAreGiven) {
  std::string text;
  while (text.size() < 3 * kBlock) text += "a line that is whole\n";
  const CuttableFile file(text);
  input::Input input(file.path());
  ASSERT_TRUE(input.next());
  std::string_view line;
  ASSERT_TRUE(input.lines().next(line));
  file.cut(static_cast<off_t>(2 * kBlock + 7));
  const std::vector<std::string> rest = all_lines(input.lines());
  EXPECT_GT(rest.size(), kBlock / 32);
  EXPECT_TRUE(std::all_of(rest.begin(), rest.end(), [](const std::string& l) { return l == "a line that is whole"; }));
  EXPECT_EQ(input.lines().damage(), "it shrank while it was read");
}

/// What the records of a trace say, one after the other.
struct Said : EventSink {
  void on_header(const Header&, const Directory&) override {}
  void on_event(const Event& e, const Directory& d) override {
    text += std::to_string(e.at.line) + " " + d.buffers[e.buffer].name + " " + d.tasks[e.task].name + "\n";
  }
  std::string text;
};

TEST(Blocks, RecordsThatWaitOutliveTheirBlock) {
  std::string text = "# tracer: nop\n";
  // Long enough that those that wait are of several blocks.
  const std::string padding(kBlock / 8, 'x');
  for (int i = 1; i < 200; ++i) {
    char line[128];
    std::snprintf(line, sizeof line, "  task%05d-%d [000] ..... %d.000000: release: (f+0x0/0x8) dmabuf=0x%016x x=", i,
                  i, i, i * 64);
    text += line + padding + "\n";
  }
  const CuttableFile file(text);
  Said of_file, of_text;
  static_cast<void>(read_trace(file.path(), of_file));
  input::Lines lines(std::make_unique<Pieces>(text, 1000));
  ReadStatistics statistics;
  formats::ftrace::read_ftrace(lines, "text", of_text, statistics, {}, nullptr);
  EXPECT_FALSE(of_file.text.empty());
  EXPECT_TRUE(of_file.text == of_text.text);
}

}  // namespace
}  // namespace custody::traces::test
