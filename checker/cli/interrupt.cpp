// SPDX-License-Identifier: BSD-2-Clause
// Interrupts: the first one ends the work with what there is so far.
#include "checker/cli/interrupt.hpp"

#include <csignal>

namespace custody::checker::cli {

namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void note_signal(int /*signal*/) { interrupted = true; }

}  // namespace

const std::atomic<bool>& end_with_a_summary() {
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM}) static_cast<void>(::sigaction(signal, &action, nullptr));
  return interrupted;
}

}  // namespace custody::checker::cli
