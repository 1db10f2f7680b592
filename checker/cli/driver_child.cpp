// SPDX-License-Identifier: BSD-2-Clause
// custody-drive as a child process: a program of its own, as it is under the kernel's licence.
#include "checker/cli/driver_child.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "checker/cli/child_program.hpp"
#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/interrupt.hpp"
#include "checker/cli/spawn.hpp"
#include "checker/cli/standard_streams.hpp"
#include "model/driver_names.hpp"

namespace custody::checker::cli {

namespace {

struct Passed {
  const char *name, *help;
  bool is_limit;
  bool is_list = false;  ///< may be given several times
};
constexpr Passed kPassed[] = {
    {"--depth", "of a driver: calls of a sequence", false},
    {"--failures", "of a driver: depth of sequences in which one request fails; 0: none does", false},
    {"--interleave", "of a driver: calls before two that run side by side; 0: none do", false},
    {"--preemptions", "of a driver: changes of task in an interleaving, where none is needed", false},
    {"--mix",
     "of a driver: plain, snooping, mixed, bounced, all of them without it; together: mixed, and mapped together",
     false, true},
    {"--random", "of a driver: so many random calls beyond the depth", false},
    {"--seed", "of a driver: of the random calls", false},
    {"--litmus", "of a driver: folder for a litmus file, and a schedule, for each finding", false},
    {"--devices", "devices", true},
    {"--windows", "CPU access windows open at a time", true},
    {"--client",
     "legal, maps-twice, ends-twice, maps-in-windows; all of them without it; and those of `custody check`: "
     "overlapping, unpaired, never-brackets, vmap. Several: each is told of by itself",
     true, true},
    {"--arch", "architecture profile; see `custody list archs`; several: the first everywhere, the others plain", true,
     true},
    {"--format", "text or json", true},
};

/// What the child writes. An interrupt of this process ends it.
std::string read_all(int fd, pid_t child) {
  const std::atomic<bool>& stop = end_with_a_summary();
  std::string out;
  std::array<char, 65536> part{};
  for (;;) {
    const ssize_t n = ::read(fd, part.data(), part.size());
    if (n > 0) out.append(part.data(), static_cast<std::size_t>(n));
    if (stop) ::kill(child, SIGTERM);
    if (n == 0 || (n < 0 && errno != EINTR)) return out;
  }
}

}  // namespace

void add_driver_options(CLI::App& command, DriverOptions& options, bool limits) {
  for (const Passed& p : kPassed) {
    if (p.is_limit && !limits) continue;
    const auto pass = [&options, name = p.name](const std::vector<std::string>& values) {
      for (const std::string& value : values) options.passed.insert(options.passed.end(), {name, value});
    };
    CLI::Option* const option = command.add_option_function<std::vector<std::string>>(p.name, pass, p.help);
    option->type_size(1)->expected(1)->allow_extra_args(false);
    option->multi_option_policy(p.is_list ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::TakeLast);
  }
}

void add_range_options(CLI::App& command, DriverRange& range) {
  command.add_option("--git", range.tree,
                     "a git repository of the kernel, for --range; without it the one around here");
  command.add_option("--range", range.range,
                     "commits of it, A..B, A...B or one: the driver is taken from there, by its path or name");
}

void add_words(std::vector<std::string>& words, const DriverRange& range) {
  if (range.range.empty()) return;
  words.insert(words.end(), {"--git", range.tree.empty() ? "." : range.tree, "--range", range.range});
}

std::string wrong_with(const DriverRange& range, const std::string& patch) {
  if (!range.tree.empty() && range.range.empty()) return "--git needs --range, as A..B";
  if (!range.range.empty() && !patch.empty()) return "--range and " + patch + " cannot be used together";
  return {};
}

bool is_driver_source(const std::string& argument) {
  return argument.ends_with(".c") || model::find_driver_name(argument) != nullptr ||
         model::find_called_driver_name(argument) != nullptr;
}

namespace {

/// Its exit status and what it wrote; or what this process has to end with, which was said.
struct Ended {
  bool is_over = false;
  int status = kUsage;
  std::string report;
};

Ended run_child(const std::string& command, const std::vector<std::string>& words) {
  const std::string program = find_child(kDrive);
  if (program.empty()) return complain(command, how_to_get(kDrive)), Ended{};
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
    return complain(command, std::string("no pipe: ") + std::strerror(errno)), Ended{};
  pid_t child = 0;
  std::vector<std::string> all = {program};
  all.insert(all.end(), words.begin(), words.end());
  const int error = spawn(std::move(all), {.output = pipe[1]}, child);
  ::close(pipe[1]);
  const std::string report = error == 0 ? read_all(pipe[0], child) : std::string();
  ::close(pipe[0]);
  if (error != 0) return complain(command, program + ": cannot be started: " + std::strerror(error)), Ended{};
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (was_interrupted()) return {false, end_without_a_summary(), {}};
  if (WIFEXITED(status)) return {true, WEXITSTATUS(status), report};
  return complain(command, std::string("custody-drive ended: ") + strsignal(WTERMSIG(status))), Ended{false, kBug, {}};
}

}  // namespace

int run_driver_child(const std::string& command, const std::vector<std::string>& words) {
  const Ended ended = run_child(command, words);
  if (ended.is_over && !print(ended.report)) return kUsage;
  return ended.status;
}

std::optional<std::string> report_of_driver(const std::string& command, const std::vector<std::string>& words,
                                            int& status) {
  Ended ended = run_child(command, words);
  status = ended.status;
  if (!ended.is_over || ended.status > kViolated) return std::nullopt;
  return std::move(ended.report);
}

}  // namespace custody::checker::cli
