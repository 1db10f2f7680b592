// SPDX-License-Identifier: BSD-2-Clause
// fork, exec and wait4, which tells the peak memory of exactly that child.
#include "tests/bench/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace custody::bench {

namespace {

constexpr int kCannotRun = 127;

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; }

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// `output`: where it writes to; -1: nowhere.
[[noreturn]] void become(std::vector<char*>& arguments, int output) {
  // It takes all that is written, as /dev/null does; but grep knows /dev/null, and stops at the first match there.
  if (output < 0) output = open("/dev/zero", O_WRONLY);
  if (output < 0 || dup2(output, STDOUT_FILENO) < 0) _exit(kCannotRun);
  setenv("LC_ALL", "C", 1);
  execvp(arguments[0], arguments.data());
  _exit(kCannotRun);
}

pid_t start(std::vector<std::string> words, int output) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) become(arguments, output);
  return child;
}

/// How much more memory a trace of four times the length may take: what the allocator rounds and the kernel counts.
constexpr double kMemoryMargin = 0.10;

}  // namespace

Measured run(const std::vector<std::string>& words) {
  Measured measured;
  const auto before = std::chrono::steady_clock::now();
  const pid_t child = start(words, -1);
  if (child < 0) return measured;
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child) return measured;
  measured.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
  measured.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  measured.peak_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024U;
  if (WIFEXITED(status) && WEXITSTATUS(status) != kCannotRun) measured.status = WEXITSTATUS(status);
  return measured;
}

Measured median_run(const std::vector<std::string>& words, unsigned times, int expected) {
  Measured result;
  result.status = expected;
  std::vector<double> wall;
  std::vector<double> cpu;
  for (unsigned i = 0; i < times; ++i) {
    const Measured one = run(words);
    wall.push_back(one.wall_seconds);
    cpu.push_back(one.cpu_seconds);
    result.peak_bytes = std::max(result.peak_bytes, one.peak_bytes);
    if (result.status == expected) result.status = one.status;
  }
  result.wall_seconds = median(wall);
  result.cpu_seconds = median(cpu);
  return result;
}

std::uint64_t count_lines(const std::vector<std::string>& words, std::string_view begin) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return 0;
  const pid_t child = start(words, ends[1]);
  close(ends[1]);
  std::FILE* const lines = fdopen(ends[0], "r");
  std::uint64_t count = 0;
  char* line = nullptr;
  std::size_t room = 0;
  for (ssize_t size = 0; (size = getline(&line, &room, lines)) >= 0;)
    count += std::string_view(line, static_cast<std::size_t>(size)).substr(0, begin.size()) == begin ? 1U : 0U;
  std::free(line);
  std::fclose(lines);
  if (child > 0) waitpid(child, nullptr, 0);
  return count;
}

bool compare_memory(const std::string& tool, const std::string& longer, const std::string& shorter) {
  constexpr double kMega = 1e6;
  const auto measured = [&](const std::string& trace) {
    return median_run({tool, "replay", "--quiet", "--format", "json", trace}, 3);
  };
  const auto megabytes = [](const std::string& trace) {
    return static_cast<double>(std::filesystem::file_size(trace)) / kMega;
  };
  const Measured big = measured(longer), small = measured(shorter);
  const auto big_peak = static_cast<double>(big.peak_bytes), small_peak = static_cast<double>(small.peak_bytes);
  const bool same = big.status == 0 && small.status == 0 && big_peak <= small_peak * (1 + kMemoryMargin);
  fmt::print(
      "target memory by live buffers only: {} (as many of them, peak {:.1f} MB for {:.0f} MB of trace, {:.1f} MB for "
      "{:.0f} MB)\n",
      same ? "met" : "MISSED", small_peak / kMega, megabytes(shorter), big_peak / kMega, megabytes(longer));
  return same;
}

}  // namespace custody::bench
