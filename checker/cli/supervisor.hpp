// SPDX-License-Identifier: BSD-2-Clause
// A process beside a recording that cleans up after it, however it ends.
#pragma once

#include <sys/types.h>

#include <functional>

namespace custody::checker::cli {

/// A child process that waits until this one says that all is well, or is gone: killed, crashed or out of memory. Then
/// it runs `clean_up`. It ignores the signals of a terminal, has no terminal and no open file of this process.
class Supervisor {
 public:
  /// Before anything is set that has to be taken away, and before threads are started. Without a child, where there
  /// can be none, `is_there` is false.
  explicit Supervisor(const std::function<void()>& clean_up);
  /// All is well: the child ends and does nothing.
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;
  [[nodiscard]] bool is_there() const { return child_ > 0; }

 private:
  pid_t child_ = -1;
  int to_ = -1;
};

}  // namespace custody::checker::cli
