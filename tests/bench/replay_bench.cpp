// SPDX-License-Identifier: BSD-2-Clause
// Replays a trace end to end and sets the time beside that of `wc -l` and `grep -c` on the same file. An event is a
// record of the trace, one line. Every program here runs on one core, so rates and ratios are those of its processor
// time: what else the machine does falls out.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/process.hpp"

namespace {

using custody::bench::Measured;
using custody::bench::median_run;

constexpr double kTargetText = 4e6, kTargetJson = 2e6;
constexpr double kMega = 1e6;

struct Options {
  std::string tool, trace, shorter;
  std::uint64_t events = 0;
  unsigned runs = 5;
};

/// Prints one row of the table. False where the program did not run as it should.
bool print_row(const std::string& title, const Measured& m, const Options& o, double wc, double grep) {
  if (m.status != 0) {
    fmt::print("{:24} failed with status {}\n", title, m.status);
    return false;
  }
  const auto bytes = static_cast<double>(std::filesystem::file_size(o.trace));
  fmt::print("{:24} {:8.3f} {:8.3f} {:10.2f} {:9.0f} {:9.1f} {:9.1f} {:10.1f}\n", title, m.wall_seconds, m.cpu_seconds,
             static_cast<double>(o.events) / m.cpu_seconds / kMega, bytes / m.cpu_seconds / kMega,
             static_cast<double>(m.peak_bytes) / kMega, m.cpu_seconds / wc, m.cpu_seconds / grep);
  return true;
}

bool judge_rate(const std::string& format, double target, const Measured& m, const Options& o) {
  const double rate = static_cast<double>(o.events) / m.cpu_seconds;
  const bool fast = rate >= target;
  fmt::print("target {:.0f} million events a second and core, {}: {} ({:.2f} million)\n", target / kMega, format,
             fast ? "met" : "MISSED", rate / kMega);
  return fast;
}

bool measure(const Options& o) {
  const std::vector<std::string> replay = {o.tool, "replay", "--quiet", "--format"};
  const auto with = [&](const std::string& format) {
    std::vector<std::string> words = replay;
    words.insert(words.end(), {format, o.trace});
    return words;
  };
  (void)custody::bench::run({"wc", "-l", o.trace});  // the file is in the page cache from here on
  const Measured wc = median_run({"wc", "-l", o.trace}, o.runs);
  const Measured grep = median_run({"grep", "-c", ".", o.trace}, o.runs);
  const Measured json = median_run(with("json"), o.runs);
  const Measured text = median_run(with("text"), o.runs);
  fmt::print("{} events, {:.0f} MB; medians of {} runs\n\n", o.events,
             static_cast<double>(std::filesystem::file_size(o.trace)) / kMega, o.runs);
  fmt::print("{:24} {:>8} {:>8} {:>10} {:>9} {:>9} {:>9} {:>10}\n", "", "wall s", "cpu s", "Mevents/s", "MB/s",
             "peak MB", "x wc -l", "x grep -c");
  bool ok = print_row("wc -l", wc, o, wc.cpu_seconds, grep.cpu_seconds);
  ok = print_row("grep -c .", grep, o, wc.cpu_seconds, grep.cpu_seconds) && ok;
  ok = print_row("custody replay, text", text, o, wc.cpu_seconds, grep.cpu_seconds) && ok;
  ok = print_row("custody replay, json", json, o, wc.cpu_seconds, grep.cpu_seconds) && ok;
  if (!ok) return false;
  const std::uint64_t findings = custody::bench::count_lines(with("json"), "{\"rule\":");
  fmt::print("\n{} findings, {:.1f} % of the events\n", findings,
             100.0 * static_cast<double>(findings) / static_cast<double>(o.events));
  const bool is_real_shaped = findings * 50 > o.events;
  if (!is_real_shaped) fmt::print("MISSED: a real trace has several per cent\n");
  ok = judge_rate("text, every cause", kTargetText, text, o) && is_real_shaped;
  return judge_rate("JSON, every finding", kTargetJson, json, o) && ok;
}

}  // namespace

int main(int argc, char** argv) {
  Options o;
  CLI::App app{"Measures the end-to-end replay of a generated trace. Exit status 1: a target is missed."};
  app.add_option("--tool", o.tool, "the executable custody")->required()->check(CLI::ExistingFile);
  app.add_option("--events", o.events, "events in the trace")->required();
  app.add_option("--runs", o.runs, "runs of each program; the median counts")->capture_default_str();
  app.add_option("--shorter", o.shorter, "a shorter trace with as many live buffers")->check(CLI::ExistingFile);
  app.add_option("trace", o.trace, "the trace")->required()->check(CLI::ExistingFile);
  CLI11_PARSE(app, argc, argv);
  bool ok = measure(o);
  if (!o.shorter.empty()) ok = custody::bench::compare_memory(o.tool, o.trace, o.shorter) && ok;
  return ok ? 0 : 1;
}
