// SPDX-License-Identifier: BSD-2-Clause
// The generated traces are what the benchmarks say of them: as long as asked, repeatable, and legal.
#include "tests/bench/workload.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <string>

namespace custody::bench {
namespace {

WorkloadOptions small(std::uint64_t seed = 1) {
  return {.events = 20'000, .buffers = 40, .pipelines = 3, .seed = seed};
}

std::string contents(std::FILE* file) {
  std::string text;
  std::array<char, 4096> chunk{};
  for (std::size_t got = 0; (got = std::fread(chunk.data(), 1, chunk.size(), file)) > 0;)
    text.append(chunk.data(), got);
  return text;
}

std::string trace(const WorkloadOptions& options) {
  std::FILE* file = std::tmpfile();
  EXPECT_NE(file, nullptr);
  EXPECT_TRUE(Workload(options).write(file));
  std::rewind(file);
  std::string text = contents(file);
  std::fclose(file);
  return text;
}

/// Calls `use` on each line that is not of the header.
template <class Use>
void on_each_event(const std::string& text, const Use& use) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line[0] != '#') use(line);
}

TEST(Workload, WritesAsManyEventsAsAsked) {
  std::uint64_t events = 0;
  on_each_event(trace(small()), [&](const std::string&) { ++events; });
  EXPECT_EQ(events, small().events);
}

TEST(Workload, WritesTheSameTraceForTheSameSeedAlone) {
  EXPECT_EQ(trace(small(1)), trace(small(1)));
  EXPECT_NE(trace(small(1)), trace(small(2)));
}

TEST(Workload, TimeGoesForward) {
  double last = 0;
  on_each_event(trace(small()), [&](const std::string& line) {
    const double now = std::strtod(line.c_str() + line.find("] ") + 8, nullptr);
    EXPECT_GT(now, last) << line;
    last = now;
  });
}

TEST(Workload, UsesKernelPointersAgainAndTasksInTurns) {
  std::map<std::string, int> exports;
  int turns = 0;
  std::string last_task;
  on_each_event(trace(small()), [&](const std::string& line) {
    const std::string task = line.substr(0, line.find(" ["));
    turns += task == last_task ? 0 : 1;
    last_task = task;
    if (line.find(": export: ") != std::string::npos) ++exports[line.substr(line.find("dmabuf="), 25)];
  });
  EXPECT_LE(exports.size(), small().buffers + small().pipelines);
  int most = 0;
  for (const auto& [pointer, count] : exports) most = std::max(most, count);
  EXPECT_GE(most, 2);
  EXPECT_GT(turns, 1'000);
}

/// The address after `key` on a line of the event `event`; empty on other lines.
std::string address(const std::string& line, const std::string& event, const std::string& key) {
  constexpr std::size_t kDigits = 18;
  const bool is_event = line.find(": " + event + ": ") != std::string::npos;
  return is_event ? line.substr(line.find(key) + key.size(), kDigits) : std::string();
}

TEST(Workload, GivesNoAddressOutThatIsInUse) {
  std::set<std::string> live;
  const auto comes = [&](const std::string& a) { EXPECT_TRUE(a.empty() || live.insert(a).second) << a; };
  const auto goes = [&](const std::string& a) { EXPECT_TRUE(a.empty() || live.erase(a) == 1) << a; };
  on_each_event(trace(small()), [&](const std::string& line) {
    comes(address(line, "export", "dmabuf="));
    comes(address(line, "attach", "attach="));
    goes(address(line, "detach", "attach="));
    goes(address(line, "release", "dmabuf="));
  });
}

TEST(Workload, IsLegalUseThatMissesNoSync) {
  const char* tool = std::getenv("CUSTODY_TOOL");
  if (tool == nullptr) GTEST_SKIP() << "CUSTODY_TOOL does not name the executable";
  std::string path = testing::TempDir() + "workload_XXXXXX";
  const int fd = mkstemp(path.data());
  ASSERT_GE(fd, 0);
  std::FILE* file = fdopen(fd, "wb");
  ASSERT_TRUE(Workload(small()).write(file));
  std::fclose(file);

  std::FILE* report = popen((std::string(tool) + " replay --quiet --format json '" + path + "'").c_str(), "r");
  ASSERT_NE(report, nullptr);
  const std::string json = contents(report);

  EXPECT_EQ(pclose(report), 0);
  EXPECT_NE(json.find(R"("illegal":0,"missing":0,"mixed":0,"lost_write":0)"), std::string::npos)
      << json.substr(0, 2000);
  EXPECT_NE(json.find(R"("unknown_events":0,"unattributed":0,"lost":0)"), std::string::npos);
  unlink(path.c_str());
}

}  // namespace
}  // namespace custody::bench
