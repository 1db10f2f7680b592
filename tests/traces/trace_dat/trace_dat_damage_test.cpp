// SPDX-License-Identifier: BSD-2-Clause
// Damaged files: the reader reads on or says what is wrong, and never believes a size.
#include <gtest/gtest.h>

#include <random>

#include "tests/traces/trace_dat/trace_dat_support.hpp"

namespace custody::traces::test {
namespace {

std::string damaged_bytes(std::string bytes, std::mt19937& random) {
  for (unsigned n = 1 + random() % 4; n > 0 && !bytes.empty(); --n) {
    const std::size_t at = random() % bytes.size();
    switch (random() % 5) {
      case 0: bytes[at] = static_cast<char>(random() % 256); break;
      case 1: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8)); break;
      case 2: bytes.replace(at, 4, std::string(4, '\xff')); break;
      case 3: bytes.erase(at, 1 + random() % 64); break;
      default: bytes.resize(at); break;
    }
  }
  return bytes;
}

TEST(TraceDatDamage, NeverStopsTheReader) {
  std::size_t read = 0, refused = 0;
  for (const std::string& text : captures())
    for (const DatShape& shape : shapes()) {
      const std::string whole = make_trace_dat(text, shape);
      const std::size_t events = DatRead(whole).events().size();
      std::mt19937 random(static_cast<unsigned>(whole.size()));
      for (int i = 0; i < 40; ++i) {
        const DatRead trace(damaged_bytes(whole, random));
        ++(trace.error.empty() ? read : refused);
        // No record comes out of nothing; a loss may be told at each page.
        ASSERT_LE(trace.events().size(), events + trace.statistics.lost + 64);
        ASSERT_LE(trace.statistics.kept_warnings.size(), kMaxKeptWarnings);
        ASSERT_EQ(trace.before_header, 0U);
      }
    }
  EXPECT_GT(read, 500U);
  EXPECT_GT(refused, 100U);
}

TEST(TraceDatDamage, IsToldWhereAFileIsCut) {
  for (const std::string& text : captures())
    for (const DatShape& shape : shapes()) {
      const std::string whole = make_trace_dat(text, shape);
      std::mt19937 random(7);
      for (int i = 0; i < 12; ++i) {
        const DatRead trace(std::string_view(whole).substr(0, random() % whole.size()));
        const bool told = !trace.error.empty() || trace.statistics.truncated || trace.gaps > 0;
        ASSERT_TRUE(told || trace.events().size() == DatRead(whole).events().size());
      }
    }
}

TEST(TraceDatDamage, IsASizeThatPackedBytesCannotHold) {
  using formats::trace_dat::can_hold;
  using formats::trace_dat::Compression;
  const std::string bytes(100, 'x');
  EXPECT_TRUE(can_hold(Compression::kZlib, bytes, 100'000));
  EXPECT_FALSE(can_hold(Compression::kZlib, bytes, 1'000'000));
  EXPECT_FALSE(can_hold(Compression::kZstd, bytes, 100)) << "no frame of zstd";
}

TEST(TraceDatDamage, IsATaskThatNoKernelHas) {
  std::string bytes = make_trace_dat(contents("traces/recorded/pipeline_remap.ftrace.txt"), {});
  const std::string unmap("\x0e\x07\x00\x00", 4);
  const std::size_t at = bytes.find(unmap, bytes.find("flyrecord"));
  ASSERT_NE(at, std::string::npos);
  bytes[at + 7] = '\x80';
  const DatRead read(bytes);
  EXPECT_EQ(read.statistics.malformed, 1U);
  EXPECT_EQ(read.gaps, 1U);
}

TEST(TraceDatDamage, IsARecordWhoseSizeIsThatOfAnotherEvent) {
  const std::string text = contents("traces/recorded/pipeline_remap.ftrace.txt");
  std::string bytes = make_trace_dat(text, {});
  // Kinds of events are numbered as they come first. A return has fewer bytes than an unmap.
  const std::string map_ret("\x0d\x07\x00\x00", 4), unmap("\x0e\x07\x00\x00", 4);
  const std::size_t at = bytes.find(unmap, bytes.find("flyrecord"));
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, 4, map_ret);
  const DatRead read(bytes);
  EXPECT_EQ(read.statistics.malformed, 1U);
  EXPECT_EQ(read.gaps, 1U);
}

TEST(TraceDatDamage, IsALossWhereAPageCannotBeRead) {
  std::string bytes = make_trace_dat(contents("traces/recorded/pipeline_remap.ftrace.txt"), {});
  const std::size_t pages = bytes.size() / 4096;
  const std::size_t whole = DatRead(bytes).events().size();
  // The size of what is in the last page but one.
  bytes.replace((pages - 2) * 4096 + 8, 4, "\xff\xff\xff\x03");
  const DatRead read(bytes);
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.statistics.malformed, 1U);
  EXPECT_EQ(read.statistics.lost, 1U);
  EXPECT_LT(read.events().size(), whole);
}

TEST(TraceDatDamage, IsNoReasonToReadFormatsOfEventsThatAreNotKnown) {
  std::string bytes = make_trace_dat(captures().front(), {});
  // An expression that makes a parser of C go deep; the file keeps its size.
  for (std::size_t at = bytes.find("print fmt: "); at != std::string::npos; at = bytes.find("print fmt: ", at + 1)) {
    const std::size_t end = bytes.find('\n', at);
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at) + 11, bytes.begin() + static_cast<std::ptrdiff_t>(end),
              '(');
  }
  const DatRead read(bytes);
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.events().size(), DatRead(make_trace_dat(captures().front(), {})).events().size());
}

}  // namespace
}  // namespace custody::traces::test
