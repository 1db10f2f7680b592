// SPDX-License-Identifier: BSD-2-Clause
// How bytes become lines: what is packed how, what is wide, what ends before its end, and what shrinks.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/traces/input_support.hpp"
#include "traces/input/encoding.hpp"
#include "traces/input/input.hpp"
#include "traces/input/lookahead.hpp"
#include "traces/input/unpack.hpp"
#include "traces/input/utf16.hpp"

namespace custody::traces::test {
namespace {

using namespace std::string_literals;
using input::Encoding;

/// Each character of `ascii` and its zero byte.
std::string wide(const std::string& ascii, bool big_endian) {
  std::string out;
  for (const char c : ascii) out += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
  return out;
}

TEST(Encoding, IsToldByTheFirstBytes) {
  EXPECT_EQ(input::encoding_of("\x1f\x8b\x08\0"s), Encoding::kGzip);
  EXPECT_EQ(input::encoding_of("\xfd"
                               "7zXZ\0\0"s),
            Encoding::kXz);
  EXPECT_EQ(input::encoding_of("BZh91AY&SY"), Encoding::kBzip2);
  EXPECT_EQ(input::encoding_of("capturing trace... done\nTRACE:\n\x78\x9c"), Encoding::kAtrace);
  EXPECT_EQ(input::encoding_of(wide("# tracer: nop\n", false)), Encoding::kUtf16Little);
  EXPECT_EQ(input::encoding_of(wide("# tracer: nop\n", true)), Encoding::kUtf16Big);
}

TEST(Encoding, OfTextIsPlain) {
  for (const std::string& text :
       {"# tracer: nop\n"s, "BZh9 is a task\n"s, "PK-12 [000] 1.0: x:\n"s, "TRACE:\n# tracer: nop\n"s, ""s, "x"s,
        "a\0\0\0\0\0\0\0\0\0"s, "capturing trace... TRACE:\n\x78\x9c"s})
    EXPECT_EQ(input::encoding_of(text), Encoding::kPlain) << text;
}

TEST(Encoding, OfALineOfTextWaitsForNoMore) {
  EXPECT_FALSE(input::may_tell_more("# tracer: nop\n"));
  EXPECT_FALSE(input::may_tell_more("{\"schema\":\"custody.trace/1\"}\n"));
  EXPECT_TRUE(input::may_tell_more("\x1f"));
  EXPECT_TRUE(input::may_tell_more("capturing trace... done\n"));
  EXPECT_FALSE(input::may_tell_more("capturing trace... done\nTRACE:\n# tracer: nop\n"));
  EXPECT_TRUE(input::may_tell_more("a\0\n"s));
}

TEST(Utf16, BecomesUtf8HoweverItIsCut) {
  // A, e with acute, the euro sign, and a character beyond the first plane.
  const std::string units = "\xff\xfe"s + "A\0"s + "\xe9\0"s + "\xac\x20"s + "\x3d\xd8\x00\xde"s;
  for (const std::size_t size : {1U, 2U, 3U, 100U}) {
    input::Utf16 source(std::make_unique<Pieces>(units, size), false);
    EXPECT_EQ(all_bytes(source), "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80") << size;
  }
}

TEST(Utf16, OfWhatIsNoUnitOrNoPairIsReplaced) {
  const std::string replaced = "\xef\xbf\xbd";
  for (const auto& [units, text] : {std::pair{"a\0b"s, "a" + replaced},
                                    std::pair{"\x3d\xd8"s
                                              "a\0"s,
                                              replaced + "a"},
                                    std::pair{"\x00\xde"s
                                              "a\0"s,
                                              replaced + "a"},
                                    std::pair{"a\0\x3d\xd8"s, "a" + replaced}}) {
    input::Utf16 source(std::make_unique<Pieces>(units, 2), false);
    EXPECT_EQ(all_bytes(source), text);
  }
}

TEST(Unpack, FindsTheEncodingOfAStreamThatComesByteByByte) {
  const std::string text = "# tracer: nop\nline two\n";
  for (const bool big_endian : {false, true}) {
    const auto left = input::unpack(std::make_unique<Pieces>(wide(text, big_endian), 1), 4);
    EXPECT_EQ(all_bytes(*left.source), text);
  }
}

TEST(Unpack, TakesOffNoMoreLayersThanItMay) {
  const std::string text = wide("# tracer: nop\n", false);
  const auto left = input::unpack(std::make_unique<Pieces>(text, 100), 0);
  EXPECT_EQ(all_bytes(*left.source), text);
}

TEST(Lines, OfADamagedStreamEndWithTheLastWholeOne) {
  input::Lines lines(std::make_unique<Pieces>("one\ntwo\nthr", 4, "enough"));
  EXPECT_EQ(all_lines(lines), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(lines.damage(), "enough");
  EXPECT_FALSE(lines.truncated());
}

TEST(Lines, OfAStreamThatEndsGiveTheLastOneWithoutEnd) {
  input::Lines lines(std::make_unique<Pieces>("one\ntwo\nthr", 4));
  EXPECT_EQ(all_lines(lines), (std::vector<std::string>{"one", "two", "thr"}));
  EXPECT_EQ(lines.damage(), "");
  EXPECT_TRUE(lines.truncated());
}

TEST(Lines, GiveTheBytesOfAStreamThatIsNoText) {
  input::Lines lines(std::make_unique<Pieces>("\x17\0\n44"s, 2));
  EXPECT_EQ(lines.peek(2), "\x17\0"s);
  char piece[8] = {};
  std::string all;
  for (std::size_t got = lines.read_bytes(piece, 3); got != 0; got = lines.read_bytes(piece, 3)) all.append(piece, got);
  EXPECT_EQ(all, "\x17\0\n44"s);
}

constexpr int kLines = 100'000;

/// Many numbered lines.
std::string numbered_lines() {
  std::string text;
  for (int i = 0; i < kLines; ++i) text += "line " + std::to_string(1'000'000 + i) + "\n";
  return text;
}

/// Reads 1000 lines, shrinks the file to `size` bytes and reads on: how many lines there were, all of them right.
int lines_of_shrunk(off_t size, std::string& damage) {
  const CuttableFile file(numbered_lines());
  input::Input input(file.path());
  EXPECT_TRUE(input.next());
  int count = 0;
  for (std::string_view line; input.lines().next(line); ++count) {
    EXPECT_EQ(line, "line " + std::to_string(1'000'000 + count));
    if (count == 1000) file.cut(size);
  }
  damage = input.lines().damage();
  return count;
}

TEST(Input, OfAFileThatShrinksIsReadUpToThere) {
  constexpr off_t kLineBytes = 13;
  std::string damage;
  for (const off_t size : {off_t{0}, off_t{100'000}, off_t{2000} * kLineBytes, off_t{4096} * 100}) {
    const int count = lines_of_shrunk(size, damage);
    EXPECT_GT(count, 1000) << size;
    EXPECT_LT(count, kLines) << size;
    EXPECT_EQ(damage, "it shrank while it was read") << size;
  }
}

TEST(Input, OfAFileThatLosesOnlyItsLastBytesIsNotWhole) {
  std::string damage;
  lines_of_shrunk(off_t{kLines} * 13 - 1, damage);
  EXPECT_EQ(damage, "it shrank while it was read");
}

TEST(Input, OfAFileThatStaysIsWhole) {
  std::string damage;
  EXPECT_EQ(lines_of_shrunk(off_t{kLines} * 13, damage), kLines);
  EXPECT_EQ(damage, "");
}

TEST(Input, OfAFileWhoseSizeIsSaidToBeZeroIsRead) {
  input::Input input("/proc/self/status");
  ASSERT_TRUE(input.next());
  std::string_view line;
  ASSERT_TRUE(input.lines().next(line));
  EXPECT_EQ(line.substr(0, 5), "Name:");
}

TEST(Input, HasOnePartWhereItIsNoArchive) {
  const CuttableFile file(numbered_lines());
  input::Input input(file.path());
  EXPECT_TRUE(input.next());
  EXPECT_FALSE(input.is_member());
  EXPECT_EQ(input.name(), file.path());
  EXPECT_FALSE(input.next());
}

}  // namespace
}  // namespace custody::traces::test
