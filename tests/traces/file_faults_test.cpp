// SPDX-License-Identifier: BSD-2-Clause
// Files that are cut while they are read by what does not take them line by line, and beginnings and ends of streams.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <vector>

#include "tests/traces/input_support.hpp"
#include "traces/formats/ftrace/order.hpp"
#include "traces/formats/perfetto/packets.hpp"
#include "traces/formats/trace_dat/pages.hpp"
#include "traces/input/input.hpp"
#include "traces/open.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::traces::test {
namespace {

/// Packets of one field, whose bytes are all `x`.
std::string packets(int count) {
  const std::string field = "\x1a\x7d" + std::string(0x7d, 'x');
  std::string text;
  for (int i = 0; i < count; ++i) text += "\x0a\x7f" + field;
  return text;
}

TEST(BinaryPackets, OfAFileThatIsCutAreWholeOrNotThere) {
  constexpr int kCount = 2000, kBytes = 129;
  for (const off_t left : {off_t{0}, off_t{kBytes} * 200 + 50, off_t{4096} * 30}) {
    const CuttableFile file(packets(kCount));
    input::Input input(file.path());
    ASSERT_TRUE(input.next());
    formats::perfetto::BinaryPackets source(input.lines());
    int given = 0;
    for (formats::perfetto::Packet packet; source.next(packet); ++given) {
      EXPECT_EQ(packet.bytes, packets(1).substr(2)) << given;
      if (given == 100) file.cut(left);
    }
    EXPECT_GT(given, 100);
    EXPECT_LT(given, kCount);
    EXPECT_TRUE(input.lines().has_shrunk()) << left;
    EXPECT_EQ(input.lines().damage(), "it shrank while it was read");
  }
}

TEST(Pages, OfAFileThatIsCutAreWholeOrNotThere) {
  using formats::trace_dat::Pages;
  constexpr std::size_t kPage = 4096, kCount = 3;
  formats::trace_dat::Buffer buffer;
  buffer.page_size = kPage;
  for (const off_t left : {off_t{kPage}, off_t{kPage} + 100, off_t{2 * kPage} - 1}) {
    const CuttableFile file(std::string(kCount * kPage, 'x'));
    input::Input input(file.path());
    ASSERT_TRUE(input.next());
    Pages pages({input.lines().whole(), true, input.lines().mapped()}, {}, buffer, {0, 0, kCount * kPage},
                {kPage, kPage});
    std::string_view page;
    ASSERT_EQ(pages.next(page), Pages::Next::kPage);
    file.cut(left);
    EXPECT_EQ(page, std::string(kPage, 'x')) << "given before";
    EXPECT_EQ(pages.next(page), Pages::Next::kCut) << left;
    EXPECT_EQ(pages.next(page), Pages::Next::kCut) << left;
  }
}

TEST(Input, OfAFileThatIsCutBehindItsReaderIsNotWhole) {
  const CuttableFile file("one\ntwo\nthree\n");
  input::Input input(file.path());
  ASSERT_TRUE(input.next());
  EXPECT_FALSE(input.lines().has_shrunk());
  file.cut(4);
  EXPECT_FALSE(input.lines().mapped()->met_a_hole()) << "nobody looked";
  EXPECT_TRUE(input.lines().mapped()->was_there("one\n"));
  EXPECT_FALSE(input.lines().mapped()->was_there(std::string("two\0", 4)));
  EXPECT_TRUE(input.lines().has_shrunk());
}

TEST(Order, ThatIsStoppedIsEmpty) {
  const std::string text =
      " a-1 [000] ..... 2.000000: release: dmabuf=0xff00000000000001\n a-1 [000] ..... 1.000000: x: y=1\n";
  std::atomic<bool> stop = false;
  EXPECT_EQ(formats::ftrace::Order(text, false, &stop).stretches().size(), 2U);
  stop = true;
  EXPECT_TRUE(formats::ftrace::Order(text, false, &stop).stretches().empty());
}

/// The line and the name of the one call in what begins with `before`.
std::string call_behind(const std::string& before, bool as_stream) {
  const CuttableFile file(before + "custody litmus: x\ndevice D\nolder b\n\nput b\n");
  const int old = ::dup(0), now = ::open(file.path().c_str(), O_RDONLY);
  ::dup2(now, 0);
  ::close(now);
  RecordedTrace trace;
  std::string found;
  try {
    read_trace(as_stream ? "-" : file.path(), trace);
    for (const Event& e : trace.events()) found += std::to_string(e.at.line) + " " + std::string(name(e.kind));
  } catch (const InputError& e) {
    found = e.what();
  }
  ::dup2(old, 0);
  ::close(old);
  return found;
}

TEST(OpenOfFaultyFiles, LooksBehindHoweverManyBlanks) {
  std::string before(9000, '\n');
  before.append(5000, ' ').append("\r\n\t\n");
  for (const bool as_stream : {false, true}) {
    EXPECT_EQ(call_behind("", as_stream), "5 put");
    EXPECT_EQ(call_behind(std::string(4096, '\n'), as_stream), "4101 put");
    EXPECT_EQ(call_behind(before, as_stream), "9007 put");
  }
}

TEST(OpenOfFaultyFiles, SaysThatNothingButBlanksIsEmpty) {
  std::string blanks(100'000, ' ');
  blanks.append(9000, '\n');
  const CuttableFile file(blanks);
  RecordedTrace trace;
  EXPECT_THROW(read_trace(file.path(), trace), NoTrace);
}

TEST(Lines, SayThatALastOneWhichIsTooLongHasNoEnd) {
  constexpr std::size_t kLong = 3 * input::Lines::kLongestLine;
  for (const bool has_end : {false, true}) {
    const std::string text = "one\n" + std::string(kLong, 'x') + (has_end ? "\n" : "");
    input::Lines whole = input::Lines::of_text(text);
    input::Lines stream(std::make_unique<Pieces>(text, 1000));
    for (input::Lines* lines : {&whole, &stream}) {
      const std::vector<std::string> all = all_lines(*lines);
      ASSERT_EQ(all.size(), 2U);
      EXPECT_EQ(all[1].size(), input::Lines::kLongestLine);
      EXPECT_EQ(lines->truncated(), !has_end);
      EXPECT_EQ(lines->cut(), 1U);
      EXPECT_EQ(lines->number(), 2U);
    }
  }
}

}  // namespace
}  // namespace custody::traces::test
