// SPDX-License-Identifier: BSD-2-Clause
// Runs a program beside a recording.
#include "checker/cli/record_command.hpp"

#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include "checker/cli/spawn.hpp"

namespace custody::checker::cli {

RunningCommand::~RunningCommand() { stop(); }

std::string RunningCommand::start(const std::vector<std::string>& words, int input, bool apart) {
  const int error = spawn(words, {.input = input, .as_shell = true, .apart = apart}, child_);
  if (error == 0) return {};
  child_ = -1;
  return words[0] + ": cannot be run: " + std::strerror(error);
}

bool RunningCommand::has_ended() {
  if (child_ > 0 && ::waitpid(child_, &status_, WNOHANG) == child_) child_ = -1;
  return child_ < 0;
}

void RunningCommand::stop() {
  constexpr int kLooks = 200;
  if (!has_ended()) ::kill(child_, SIGTERM);
  for (int i = 0; i < kLooks && !has_ended(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  if (has_ended()) return;
  ::kill(child_, SIGKILL);
  static_cast<void>(wait());
}

std::optional<int> RunningCommand::wait() {
  while (child_ > 0) {
    const pid_t ended = ::waitpid(child_, &status_, 0);
    if (ended == child_ || errno != EINTR) child_ = -1;
  }
  return status_ >= 0 && WIFEXITED(status_) ? std::optional(WEXITSTATUS(status_)) : std::nullopt;
}

std::string RunningCommand::ending() const {
  if (status_ > 0 && WIFEXITED(status_)) return "ended with status " + std::to_string(WEXITSTATUS(status_));
  if (status_ > 0 && WIFSIGNALED(status_)) return "was ended by signal " + std::to_string(WTERMSIG(status_));
  return {};
}

}  // namespace custody::checker::cli
