// SPDX-License-Identifier: GPL-2.0-only
// Programs that are run: the compiler, patch(1).
#include "kernel-ref/drive/process.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "kernel-ref/drive/source.hpp"
#include "kernel-ref/drive/workplace.hpp"

namespace custody::kernel_ref::drive {

Ran run_program(const std::vector<std::string>& words, const std::string& folder) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw InputProblem("no pipe is to be had");
  const pid_t child = fork_child();
  if (child == 0) {
    if (!folder.empty() && chdir(folder.c_str()) != 0) _exit(126);
    dup2(ends[1], 1);
    dup2(ends[1], 2);
    close(ends[0]);
    close(ends[1]);
    setenv("LC_ALL", "C", 1);
    std::vector<char*> arguments;
    for (const std::string& w : words) arguments.push_back(const_cast<char*>(w.c_str()));
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  close(ends[1]);
  Ran ran;
  std::array<char, 4096> part{};
  for (ssize_t n = 0; (n = read(ends[0], part.data(), part.size())) > 0;)
    if (ran.output.size() < (1U << 20U)) ran.output.append(part.data(), static_cast<std::size_t>(n));
  close(ends[0]);
  int status = 0;
  wait_for(child, status);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return ran;
}

}  // namespace custody::kernel_ref::drive
