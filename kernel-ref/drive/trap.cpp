// SPDX-License-Identifier: GPL-2.0-only
// Runs the kernel's code so that its crashes, endless loops and memory errors end the call and not the process.
#include "kernel-ref/drive/trap.hpp"

#include <sys/time.h>
#include <ucontext.h>

#include <array>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <utility>

#include "kernel-ref/drive/kernel.hpp"
#include "kernel-ref/machine/machine.hpp"

namespace custody::kernel_ref::drive {

struct Guard {
  sigjmp_buf back;
  Stop stop;
};

namespace {

constexpr int kTickMicroseconds = 50'000, kMostTicks = 6, kFewTicks = 2;
constexpr unsigned kPatience = 2;  // loops that are waited for in full
unsigned loops = 0;
Guard* guard_now = nullptr;
volatile std::sig_atomic_t ticks = 0;

bool is_over() { return ticks >= (loops < kPatience ? kMostTicks : kFewTicks); }

// What a handler can say: no memory is allocated there.
volatile std::sig_atomic_t signal_seen = 0;
volatile std::uintptr_t signal_pc = 0, signal_address = 0;

std::uintptr_t pc_of(const void* context) {
  return static_cast<std::uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
}

/// Of code that is not the kernel's (memset and what stands for it): who called it, which is the first word up the
/// stack that is a place in the kernel's code. 0: there is none near.
std::uintptr_t caller_of(const void* context) {
  constexpr std::size_t kNear = 64;
  const auto top = static_cast<std::uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RSP]);
  std::array<std::uintptr_t, kNear> words{};
  std::memcpy(words.data(), reinterpret_cast<const void*>(top), sizeof words);
  for (const std::uintptr_t word : words)
    if (the_kernel()->has_code(word)) return word;
  return 0;
}

void on_signal(int number, siginfo_t* info, void* context) {
  const std::uintptr_t pc = pc_of(context);
  if (number == SIGVTALRM) {
    ticks = ticks + 1;
    if (guard_now == nullptr || !is_over() || the_kernel() == nullptr || !the_kernel()->has_code(pc)) return;
  } else if (guard_now == nullptr) {
    std::signal(number, SIG_DFL);
    return;
  }
  signal_seen = number;
  signal_pc = pc;
  if (number == SIGSEGV && the_kernel() != nullptr && !the_kernel()->has_code(pc)) signal_pc = caller_of(context);
  signal_address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  siglongjmp(guard_now->back, 2);
}

Stop of_signal() {
  if (signal_seen == SIGVTALRM) return {Stop::Kind::kLoop, "does not come back: an endless loop", signal_pc};
  std::string what = signal_seen == SIGFPE   ? "divides by zero"
                     : signal_seen == SIGILL ? "runs into what is no code"
                                             : "";
  if (what.empty())
    what = signal_address < 4096 ? "follows a NULL pointer"
           : signal_address >= ~std::uintptr_t{4095} || (signal_address >> 47U) != 0
               ? "follows an error pointer or a wild one"
               : "touches memory that is not there";
  return {Stop::Kind::kFault, what, signal_pc};
}

}  // namespace

Guard* current_guard() { return guard_now; }
void set_current_guard(Guard* guard) { guard_now = guard; }

unsigned loops_seen() { return loops; }

void prepare_traps() {
  static std::array<char, 1U << 16U> stack;
  stack_t alternate{};
  alternate.ss_sp = stack.data();
  alternate.ss_size = stack.size();
  sigaltstack(&alternate, nullptr);
  struct sigaction action {};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGVTALRM}) sigaction(number, &action, nullptr);
  itimerval timer{};
  timer.it_interval.tv_usec = timer.it_value.tv_usec = kTickMicroseconds;
  setitimer(ITIMER_VIRTUAL, &timer, nullptr);
}

Stop guarded(const std::function<void()>& work) {
  Guard guard;
  Guard* const before = std::exchange(guard_now, &guard);
  ticks = 0;
  const int how = sigsetjmp(guard.back, 1);
  if (how == 0) {
    try {
      work();
    } catch (const machine::KernelBug& e) {
      std::string what = e.what();
      const std::size_t slash = what.rfind('/', what.find(':'));
      guard.stop = {Stop::Kind::kBug, "BUG at " + (slash == std::string::npos ? what : what.substr(slash + 1)), 0};
    }
  } else if (how == 2) {
    guard.stop = of_signal();
  }
  guard_now = before;
  if (guard.stop.kind == Stop::Kind::kLoop) ++loops;
  return std::move(guard.stop);
}

void stop_now(Stop stop) {
  guard_now->stop = std::move(stop);
  siglongjmp(guard_now->back, 1);
}

void end_loops() {
  if (guard_now != nullptr && is_over()) stop_now({Stop::Kind::kLoop, "does not come back: an endless loop", 0});
}

}  // namespace custody::kernel_ref::drive
