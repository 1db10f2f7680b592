// SPDX-License-Identifier: BSD-2-Clause
#include "checker/cli/supervisor.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace custody::checker::cli {

namespace {

constexpr char kAllIsWell = 'w';

/// It came from another program's group of processes, and must outlive that.
void leave_the_terminal(int from) {
  static_cast<void>(::setsid());
  struct sigaction ignored {};
  ignored.sa_handler = SIG_IGN;
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGPIPE, SIGXCPU})
    static_cast<void>(::sigaction(signal, &ignored, nullptr));
  static_cast<void>(::prctl(PR_SET_NAME, "custody-cleanup"));
  // Whoever waits for the end of this process's output waits for no supervisor; the pipe is the one that stays.
  constexpr int kPipe = 3;
  if (from != kPipe) static_cast<void>(::dup2(from, kPipe));
  static_cast<void>(::syscall(SYS_close_range, kPipe + 1U, ~0U, 0U));
  const int nothing = ::open("/dev/null", O_RDWR);
  for (const int stream : {0, 1, 2}) static_cast<void>(::dup2(nothing, stream));
}

[[noreturn]] void supervise(int from, const std::function<void()>& clean_up) {
  leave_the_terminal(from);
  char word = 0;
  ssize_t count = -1;
  while ((count = ::read(3, &word, 1)) < 0 && errno == EINTR) {
  }
  if (count != 1 || word != kAllIsWell) clean_up();
  ::_exit(0);
}

}  // namespace

Supervisor::Supervisor(const std::function<void()>& clean_up) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  child_ = ::fork();
  if (child_ == 0) {
    ::close(ends[1]);
    supervise(ends[0], clean_up);
  }
  ::close(ends[0]);
  to_ = ends[1];
}

Supervisor::~Supervisor() {
  if (to_ >= 0) {
    static_cast<void>(::write(to_, &kAllIsWell, 1) < 0);
    ::close(to_);
  }
  while (child_ > 0 && ::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace custody::checker::cli
