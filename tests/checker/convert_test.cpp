// SPDX-License-Identifier: BSD-2-Clause
// A replay of a converted trace says what a replay of the trace says, to the last character of its JSON but the path.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "checker/report/json_report.hpp"
#include "tests/checker/replay_support.hpp"
#include "traces/formats/event_log/event_log.hpp"
#include "traces/open.hpp"

namespace custody::checker::test {
namespace {

struct Report {
  std::string json;  ///< every path is `PATH`
  bool input_error = false;
};

Report report_of(const std::string& text) {
  const TemporaryFile file(text);
  Report out;
  report::JsonReport json([&](std::string_view piece) { out.json += piece; }, true);
  const replay::ReplayResult result = replay::replay_trace(file.path(), {}, json);
  json.end(result.summary);
  out.input_error = result.input_error;
  for (std::size_t at = out.json.find(file.path()); at != std::string::npos; at = out.json.find(file.path(), at))
    out.json.replace(at, file.path().size(), "PATH");
  return out;
}

/// The event log of `text`; throws traces::InputError where it cannot be read.
std::string converted(const std::string& text) {
  using traces::formats::event_log::EventLogWriter;
  const TemporaryFile file(text);
  std::string log;
  EventLogWriter writer([&](std::string_view line) { log += line; }, EventLogWriter::Purpose::kConversion);
  traces::ReadStatistics statistics;
  traces::read_trace(file.path(), writer, statistics);
  writer.end(statistics);
  return log;
}

std::vector<std::string> files_in(const std::string& folder, const std::string& extension) {
  std::vector<std::string> files;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    if (file.path().string().ends_with(extension)) files.push_back(file.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

void expect_same(const std::string& text) {
  const std::string log = converted(text);
  EXPECT_EQ(report_of(log).json, report_of(text).json);
  EXPECT_EQ(converted(log), log);
}

TEST(Convert, KeepsTheReportOfEveryRecordedTrace) {
  std::size_t files = 0;
  for (const char* const folder : {"traces/recorded", "tests/traces/samples"})
    for (const char* const extension : {".ftrace.txt", ".jsonl"})
      for (const std::string& file : files_in(folder, extension)) {
        SCOPED_TRACE(file);
        expect_same(read_file(file));
        ++files;
      }
  EXPECT_GT(files, 17U);
}

TEST(Convert, KeepsTheReportAndTheExpectationsOfEveryLitmusFile) {
  const auto files = files_in("traces/litmus", ".litmus");
  for (const std::string& file : files) {
    SCOPED_TRACE(file);
    expect_same(read_file(file));
  }
  EXPECT_GT(files.size(), 300U);
}

/// One change of a text of lines as damage and loss make it.
void damage(std::vector<std::string>& lines, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  const std::size_t at = below(lines.size());
  switch (below(5)) {
    case 0: lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at)); break;
    case 1: lines[at].resize(below(lines[at].size() + 1)); break;
    case 2: lines[at] += "\nCPU:0 [LOST 5 EVENTS]"; break;
    case 3: std::swap(lines[at], lines[below(lines.size())]); break;
    default:
      if (!lines[at].empty()) lines[at][below(lines[at].size())] = static_cast<char>(' ' + below(90));
  }
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

std::string damaged(const std::string& text, std::mt19937& random) {
  std::vector<std::string> lines = lines_of(text);
  for (unsigned changes = 1 + static_cast<unsigned>(random() % 6); changes != 0; --changes) damage(lines, random);
  return text_of(lines);
}

std::size_t gaps_in(const std::string& log) {
  std::size_t gaps = 0;
  for (const std::string& line : lines_of(log)) gaps += line.find("\"gap\":") != std::string::npos ? 1U : 0U;
  return gaps;
}

TEST(Convert, KeepsTheReportOfALossBehindAnyLine) {
  for (const std::string& file : files_in("traces/recorded", ".ftrace.txt")) {
    const std::vector<std::string> whole = lines_of(read_file(file));
    for (std::size_t at = 12; at < whole.size(); ++at) {
      SCOPED_TRACE(file + " " + std::to_string(at));
      std::vector<std::string> lines = whole;
      lines[at] += "\nCPU:0 [LOST 5 EVENTS]";
      const std::string log = converted(text_of(lines));
      ASSERT_EQ(report_of(log).json, report_of(text_of(lines)).json);
      ASSERT_EQ(gaps_in(converted(log)), gaps_in(log));
    }
  }
}

TEST(Convert, TellsTheIdleTasksOfProcessorsApart) {
  std::vector<std::string> lines = lines_of(read_file("traces/recorded/pipeline_keep.ftrace.txt"));
  std::size_t turn = 0;
  for (std::string& line : lines) {
    const auto processor = line.find(" [");
    if (line[0] != '#' && processor != std::string::npos && ++turn % 3 != 0)
      line = "          <idle>-0       [00" + std::to_string(turn % 3) + line.substr(processor + 5);
  }
  expect_same(text_of(lines));
  EXPECT_NE(converted(text_of(lines)).find("\"task\":"), std::string::npos);
}

TEST(Convert, KeepsThatAPersonWroteThatNothingRan) {
  const std::string sync = "sync_for_device b D TO\n  cache_none\n";
  const std::string text =
      "custody litmus: x\ndevice D\n\nexport b 64K\nattach b D\nmap b D TO\n  dma_map D TO\n    cache_clean\n" + sync +
      "unmap b D TO\n  dma_unmap D TO\ndetach b D\nrelease b\n";
  expect_same(text);
  EXPECT_NE(converted(text).find("\"maintenance\":\"none\""), std::string::npos);
}

TEST(Convert, KeepsTheReportOfDamagedTraces) {
  std::mt19937 random(17);
  auto files = files_in("traces/recorded", ".ftrace.txt");
  const auto logs = files_in("traces/recorded", ".jsonl");
  files.insert(files.end(), logs.begin(), logs.end());
  std::size_t compared = 0;
  for (int turn = 0; turn < 20; ++turn)
    for (const std::string& file : files) {
      const std::string text = damaged(read_file(file), random);
      const Report report = report_of(text);
      if (report.input_error) continue;
      SCOPED_TRACE(text);
      ASSERT_EQ(report_of(converted(text)).json, report.json);
      ++compared;
    }
  EXPECT_GT(compared, 250U);
}

}  // namespace
}  // namespace custody::checker::test
