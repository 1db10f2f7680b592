// SPDX-License-Identifier: BSD-2-Clause
// Reads a trace.dat, judging nothing, and sets the processor time beside that of `trace-cmd report` on the same file;
// then what a replay takes, which judges all of it.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ctime>
#include <string>
#include <vector>

#include "tests/bench/process.hpp"
#include "traces/open.hpp"

namespace {

constexpr double kTargetEventsPerSecond = 1e7;
constexpr double kTargetTimesPeer = 25;
constexpr double kMega = 1e6;

struct Counts : custody::traces::EventSink {
  void on_header(const custody::traces::Header&, const custody::traces::Directory&) override {}
  void on_event(const custody::traces::Event&, const custody::traces::Directory&) override { ++events; }
  std::uint64_t events = 0;
};

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The median time of reading `path`, and how many records it has.
double read_seconds(const std::string& path, unsigned runs, std::uint64_t& records) {
  std::vector<double> times;
  for (unsigned i = 0; i < runs; ++i) {
    Counts counts;
    const double begin = cpu_seconds();
    records = custody::traces::read_trace(path, counts).lines;
    times.push_back(cpu_seconds() - begin);
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(runs / 2), times.end());
  return times[runs / 2];
}

}  // namespace

int main(int argc, char** argv) {
  std::string path, tool, shorter;
  unsigned runs = 7;
  CLI::App app{"Measures the reading of a trace.dat. Exit status 1: a target is missed."};
  app.add_option("--runs", runs, "runs; the median counts")->capture_default_str()->check(CLI::Range(1U, 1000U));
  app.add_option("--tool", tool, "the executable custody")->required()->check(CLI::ExistingFile);
  app.add_option("--shorter", shorter, "a shorter trace with as many live buffers")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("trace", path, "the trace.dat")->required()->check(CLI::ExistingFile);
  CLI11_PARSE(app, argc, argv);
  std::uint64_t records = 0;
  const double read = read_seconds(path, runs, records);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const custody::bench::Measured peer = custody::bench::median_run({"trace-cmd", "report", path}, 3);
  const double rate = static_cast<double>(records) / read;
  fmt::print("{} records, {:.3f} s of processor time, peak {:.1f} MB\n", records, read,
             static_cast<double>(usage.ru_maxrss) * 1024 / kMega);
  const bool is_fast = rate >= kTargetEventsPerSecond;
  fmt::print("target {:.0f} million records a second and core: {} ({:.2f} million)\n", kTargetEventsPerSecond / kMega,
             is_fast ? "met" : "MISSED", rate / kMega);
  const double times = peer.status == 0 ? peer.cpu_seconds / read : 0;
  fmt::print("target {:.0f} times `trace-cmd report` ({:.3f} s): {} ({:.1f} times)\n", kTargetTimesPeer,
             peer.cpu_seconds, times >= kTargetTimesPeer ? "met" : "MISSED", times);
  const custody::bench::Measured judged =
      custody::bench::median_run({tool, "replay", "--quiet", "--format", "text", path}, runs);
  fmt::print("judged too, whole process: {:.3f} s of processor time, {:.2f} million records a second{}\n",
             judged.cpu_seconds, static_cast<double>(records) / judged.cpu_seconds / kMega,
             judged.status == 0 ? "" : ", FAILED");
  const bool is_bounded = custody::bench::compare_memory(tool, path, shorter);
  return is_fast && times >= kTargetTimesPeer && judged.status == 0 && is_bounded ? 0 : 1;
}
