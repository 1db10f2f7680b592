// SPDX-License-Identifier: BSD-2-Clause
// What the event log writer writes, the event log reader reads back.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/traces/random_trace.hpp"
#include "tests/traces/trace_compare.hpp"
#include "traces/formats/event_log/event_log.hpp"
#include "traces/open.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::traces::test {
namespace {

using Numbers = std::vector<std::uint32_t>;
constexpr test::Keeps kAll{true, true, true, false};

rc::Gen<Numbers> numbers() {
  return rc::gen::scale(10.0, rc::gen::container<Numbers>(rc::gen::inRange<std::uint32_t>(0, 5040)));
}

std::string write(const RecordedTrace& trace) {
  std::string text;
  formats::event_log::EventLogWriter writer([&](std::string_view line) { text += line; });
  replay(trace, writer);
  return text;
}

ReadStatistics read(const std::string& text, RecordedTrace& into) {
  ReadStatistics statistics;
  input::Lines lines = input::Lines::of_text(text);
  formats::event_log::read_event_log(lines, "a.jsonl", into, statistics);
  return statistics;
}

RC_GTEST_PROP(EventLogRoundTrip, KeepsEveryEventOfARandomStory, (bool rich)) {
  RecordedTrace generated;
  test::generate(*numbers(), {rich}, generated);
  const std::string text = write(generated);
  RC_LOG() << text;
  RecordedTrace again;
  const ReadStatistics statistics = read(text, again);
  RC_ASSERT(statistics.warnings == 0U);
  RC_ASSERT(statistics.events == generated.events().size());
  const std::string difference = test::first_difference(generated, again, kAll);
  RC_LOG() << difference;
  RC_ASSERT(difference.empty());
}

TEST(EventLogRoundTrip, KeepsEveryRecordedTrace) {
  std::size_t files = 0;
  for (const char* const folder : {"traces/recorded", "traces/litmus", "tests/traces/samples"}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
      if (!file.is_regular_file() || file.path().extension() == ".md") continue;
      SCOPED_TRACE(file.path().string());
      RecordedTrace first;
      if (read_trace(file.path().string(), first).events == 0) continue;
      ++files;
      RecordedTrace second;
      const ReadStatistics statistics = read(write(first), second);
      EXPECT_EQ(statistics.warnings, 0U);
      EXPECT_EQ(test::first_difference(first, second, kAll), "");
    }
  }
  EXPECT_GT(files, 4U);
}

/// Reads `text`, which may be wrong in any way: an InputError or a trace, and every line accounted for.
void read_somehow(const std::string& text) {
  RecordedTrace trace;
  try {
    const ReadStatistics statistics = read(text, trace);
    RC_ASSERT(statistics.malformed <= statistics.warnings);
    RC_ASSERT(statistics.events == trace.events().size());
  } catch (const InputError& error) {
    RC_ASSERT(!std::string(error.what()).empty());
  }
}

RC_GTEST_PROP(EventLogMutations, GiveAnInputErrorOrATrace, ()) {
  RecordedTrace generated;
  test::generate(*numbers(), {true}, generated);
  std::string text = write(generated);
  const auto changes = *rc::gen::container<std::vector<std::pair<std::uint32_t, char>>>(
      rc::gen::pair(rc::gen::arbitrary<std::uint32_t>(),
                    rc::gen::oneOf(rc::gen::arbitrary<char>(), rc::gen::elementOf(std::string("\n{}[]:\",09-.")))));
  for (const auto& [at, c] : changes) {
    const std::size_t place = at % text.size();
    if (at % 3 == 0) text[place] = c;
    if (at % 3 == 1) text.insert(place, 1, c);
    if (at % 3 == 2 && text.size() > 1) text.erase(place, 1 + static_cast<unsigned char>(c) % 8);
  }
  read_somehow(text);
}

RC_GTEST_PROP(EventLogMutations, OfTheOrderOfLinesGiveATrace, ()) {
  RecordedTrace generated;
  test::generate(*numbers(), {true}, generated);
  const std::string text = write(generated);
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  const auto swaps = *rc::gen::arbitrary<std::vector<std::pair<std::uint16_t, std::uint16_t>>>();
  for (const auto& [a, b] : swaps)
    if (lines.size() > 1) std::swap(lines[1 + a % (lines.size() - 1)], lines[1 + b % (lines.size() - 1)]);
  std::string again;
  for (const std::string& line : lines) again += line + "\n";
  read_somehow(again);
}

RC_GTEST_PROP(EventLogMutations, OfNothingButBytesGiveAnInputErrorOrATrace, (const std::string& bytes)) {
  read_somehow(bytes);
  read_somehow("{\"schema\":\"custody.trace/1\"}\n" + bytes);
}

}  // namespace
}  // namespace custody::traces::test
