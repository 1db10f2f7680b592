// SPDX-License-Identifier: BSD-2-Clause
// Interrupts: the first one ends the work with what there is so far.
#include "checker/cli/interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <string_view>

#include "checker/cli/cli.hpp"

namespace custody::checker::cli {

namespace {

using namespace std::string_view_literals;

/// What the handler may look at: nothing but atomics, and the path while `has_temporary` says that it stands still.
std::atomic<bool> ends = false, interrupted = false, gives_a_summary = false, has_temporary = false;
std::array<char, PATH_MAX> temporary;
static_assert(std::atomic<bool>::is_always_lock_free);

void say_that_nothing_is_done() {
  constexpr std::string_view kSaid = "custody: interrupted before the work was done\n"sv;
  static_cast<void>(::write(2, kSaid.data(), kSaid.size()) < 0);
}

extern "C" void on_signal(int /*signal*/) {
  const bool is_first = !interrupted.exchange(true);
  ends = true;
  if (is_first && gives_a_summary) return;
  if (has_temporary) ::unlink(temporary.data());
  say_that_nothing_is_done();
  ::_exit(kInconclusive);
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGXCPU}) static_cast<void>(::sigaction(signal, &action, nullptr));
  // nohup says that the work is to go on.
  struct sigaction before {};
  if (::sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
    static_cast<void>(::sigaction(SIGHUP, &action, nullptr));
}

const std::atomic<bool>& end_with_a_summary() {
  gives_a_summary = true;
  return ends;
}

void end_the_work() { ends = true; }

bool was_interrupted() { return interrupted; }

int end_without_a_summary() {
  say_that_nothing_is_done();
  return kInconclusive;
}

int make_temporary_file(std::string& name) {
  sigset_t all, before;
  ::sigfillset(&all);
  // A signal that comes before the name is noted would leave the file.
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  const int error = errno;
  if (fd >= 0 && name.size() < temporary.size()) {
    temporary[name.copy(temporary.data(), name.size())] = '\0';
    has_temporary = true;
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return fd;
}

void forget_temporary_file() { has_temporary = false; }

}  // namespace custody::checker::cli
