// SPDX-License-Identifier: BSD-2-Clause
// fork, exec and wait4, which tells the peak memory of exactly that child.
#include "tests/bench/process.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace custody::bench {

namespace {

constexpr int kCannotRun = 127;

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; }

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

[[noreturn]] void become(std::vector<char*>& arguments) {
  // It takes all that is written, as /dev/null does; but grep knows /dev/null, and stops at the first match there.
  const int nowhere = open("/dev/zero", O_WRONLY);
  if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0) _exit(kCannotRun);
  setenv("LC_ALL", "C", 1);
  execvp(arguments[0], arguments.data());
  _exit(kCannotRun);
}

}  // namespace

Measured run(const std::vector<std::string>& words) {
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  arguments.reserve(copies.size() + 1);
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  Measured measured;
  const auto before = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child < 0) return measured;
  if (child == 0) become(arguments);
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

}  // namespace custody::bench
