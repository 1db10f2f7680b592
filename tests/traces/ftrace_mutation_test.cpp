// SPDX-License-Identifier: BSD-2-Clause
// Damaged captures: whatever a line becomes, the reader reads on and accounts for it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "tests/traces/ftrace_support.hpp"
#include "traces/formats/ftrace/layouts.hpp"
#include "traces/formats/ftrace/probes.hpp"

namespace custody::traces::test {
namespace {

constexpr unsigned kMostDamages = 8;

std::string whole_capture(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Changes bytes, takes bytes out, doubles and swaps stretches.
std::string damaged(std::string text, std::mt19937& random) {
  for (unsigned n = 1 + random() % kMostDamages; n > 0; --n) {
    const std::size_t at = random() % text.size();
    const std::size_t length = std::min<std::size_t>(1 + random() % 200, text.size() - at);
    switch (random() % 5) {
      case 0: text[at] = static_cast<char>(random() % 256); break;
      case 1: text.erase(at, length); break;
      case 2: text.insert(random() % text.size(), text.substr(at, length)); break;
      case 3: text[at] = "0123456789abcdef =\"()[]-\n"[random() % 25]; break;
      default: text.insert(at, std::string(1 + random() % 30, "0f(\"[\n"[random() % 6])); break;
    }
    if (text.empty()) text = "x";
  }
  return text;
}

/// Lines with a field of a probe that are neither a comment, a loss nor a record: a reader has to say of each that it
/// is none, unless it is the rest of the line above.
std::uint64_t strange_lines(const std::string& text) {
  std::istringstream in(text);
  std::uint64_t strange = 0;
  formats::ftrace::Layouts layouts;
  formats::ftrace::Head head;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (formats::ftrace::parse_head(line, head) || formats::ftrace::parse_lost(line)) continue;
    if (layouts.read(line, head) == formats::ftrace::LineIs::kNothing && line[0] != '#') ++strange;
  }
  return strange;
}

/// Records of an event that no capture holds.
std::uint64_t unknown_records(const std::string& text) {
  std::istringstream in(text);
  std::uint64_t unknown = 0;
  formats::ftrace::Head head;
  for (std::string line; std::getline(in, line);)
    if (formats::ftrace::parse_head(line, head) && formats::ftrace::find_probe(head.event) == nullptr) ++unknown;
  return unknown;
}

TEST(FtraceMutation, NeverStopsTheReader) {
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator("traces/recorded")) {
    if (file.path().extension() != ".txt") continue;
    ++files;
    const std::string whole = whole_capture(file.path());
    const std::size_t events = FtraceRead(whole).events().size();
    std::mt19937 random(static_cast<unsigned>(whole.size()));
    for (int i = 0; i < 1500; ++i) {
      const std::string text = damaged(whole, random);
      const FtraceRead trace(text);
      ASSERT_EQ(trace.statistics.events, trace.events().size());
      const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
      ASSERT_LE(trace.statistics.lines, lines + 1);
      ASSERT_GE(trace.statistics.lines, lines);
      // A damage can break a line in two, which are put together again.
      ASSERT_GE(trace.statistics.malformed + 2 * kMostDamages, strange_lines(text));
      ASSERT_LE(trace.statistics.malformed, trace.statistics.warnings);
      ASSERT_LE(trace.statistics.kept_warnings.size(), kMaxKeptWarnings);
      // The last line may be cut off, and is then no record of any event.
      ASSERT_LE(trace.statistics.unknown_events, unknown_records(text) + kMostDamages);
      ASSERT_GE(trace.statistics.unknown_events + trace.statistics.passed_over.foreign + trace.statistics.malformed + 1,
                unknown_records(text));
      // Up to eight damages of 200 bytes each take out or add a few dozen records.
      ASSERT_GT(trace.events().size() + 60, events);
      ASSERT_LT(trace.events().size(), events + 60);
    }
  }
  EXPECT_EQ(files, 4U);
}

}  // namespace
}  // namespace custody::traces::test
