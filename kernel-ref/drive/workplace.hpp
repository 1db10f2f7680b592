// SPDX-License-Identifier: GPL-2.0-only
// What a run leaves lying around unless it is taken away: a folder with files, and processes.
#pragma once

#include <sys/types.h>

#include <string>

namespace custody::kernel_ref::drive {

/// For the start of the process, before it has threads: SIGINT, SIGTERM, SIGQUIT and, where it is not ignored, SIGHUP
/// end it with status 3 and without a word, kill its children and take the folder with them. Throws std::bad_alloc.
void end_on_signals();

/// Status of a process for which memory ran out.
inline constexpr int kNoMemory = 3;

/// `fork`, of a child that is killed where a signal ends this process, until it is `wait_for`ed. To the child signals
/// do what they do by default, and its group of its own gets those of the terminal no more.
[[nodiscard]] pid_t fork_child();
/// `waitpid` of a child of fork_child().
pid_t wait_for(pid_t child, int& status, int options = 0);

/// A folder for the files of a run, and for the temporary files of the programs that it starts; gone at its end. At
/// most one at a time.
class Folder {
 public:
  Folder();  ///< throws InputProblem
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  /// A folder in it, which is made.
  [[nodiscard]] std::string sub(const std::string& name) const;

 private:
  std::string path_;
};

}  // namespace custody::kernel_ref::drive
