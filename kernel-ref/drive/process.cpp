// SPDX-License-Identifier: GPL-2.0-only
// Programs that are run: the compiler, patch(1), git(1).
#include "kernel-ref/drive/process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "kernel-ref/drive/source.hpp"
#include "kernel-ref/drive/workplace.hpp"

namespace custody::kernel_ref::drive {

namespace {

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> out;
  for (const std::string& w : words) out.push_back(const_cast<char*>(w.c_str()));
  out.push_back(nullptr);
  return out;
}

[[noreturn]] void become(const std::vector<std::string>& words, const RunOptions& options, int output) {
  if (!options.folder.empty() && chdir(options.folder.c_str()) != 0) _exit(126);
  dup2(output, 1);
  if (const int nowhere = options.errors_apart ? open("/dev/null", O_WRONLY) : -1; nowhere >= 0) dup2(nowhere, 2);
  else dup2(output, 2);
  setenv("LC_ALL", "C", 1);
  alarm(options.seconds);
  const std::vector<char*> arguments = pointers(words);
  if (options.environment.empty()) execvp(arguments[0], arguments.data());
  else execvpe(arguments[0], arguments.data(), pointers(options.environment).data());
  _exit(127);
}

}  // namespace

Ran run_program(const std::vector<std::string>& words, const RunOptions& options) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw InputProblem("no pipe is to be had");
  const pid_t child = fork_child();
  if (child == 0) become(words, options, ends[1]);
  close(ends[1]);
  Ran ran;
  std::array<char, 4096> part{};
  for (ssize_t n = 0; (n = read(ends[0], part.data(), part.size())) > 0;)
    if (ran.output.size() < options.most) ran.output.append(part.data(), static_cast<std::size_t>(n));
    else ran.is_cut = true;
  close(ends[0]);
  int status = 0;
  wait_for(child, status);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return ran;
}

}  // namespace custody::kernel_ref::drive
