// SPDX-License-Identifier: BSD-2-Clause
// A program that runs while `record` records: what is recorded, or what reads along.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace custody::checker::cli {

class RunningCommand {
 public:
  RunningCommand() = default;
  /// What still runs is told to end.
  ~RunningCommand();
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;

  /// What is wrong, or empty. `input` (-1: this process's own) becomes its standard input. `apart`: signals of the
  /// terminal are not for it.
  [[nodiscard]] std::string start(const std::vector<std::string>& words, int input = -1, bool apart = false);
  /// Has it ended, or was it never started? Does not wait.
  [[nodiscard]] bool has_ended();
  /// Tells it to end, and ends it where it does not within two seconds.
  void stop();
  /// Waits for its end. Its exit status; nullopt: it was never started, or a signal ended it.
  [[nodiscard]] std::optional<int> wait();
  /// How it ended, where that is worth a word: `ended with status 3`.
  [[nodiscard]] std::string ending() const;

 private:
  pid_t child_ = -1;
  int status_ = -1;
};

}  // namespace custody::checker::cli
