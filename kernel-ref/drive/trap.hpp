// SPDX-License-Identifier: GPL-2.0-only
// Runs the kernel's code so that its crashes, endless loops and memory errors end the call and not the process.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace custody::kernel_ref::drive {

/// Why a call did not come back. The kernel's memory is then to be restored before anything else is called.
struct Stop {
  enum class Kind : std::uint8_t { kNone, kBug, kFault, kLoop, kMemory, kDeadlock } kind = Kind::kNone;
  std::string what;       ///< for people
  std::uintptr_t pc = 0;  ///< of the kernel's code; 0: unknown
  explicit operator bool() const { return kind != Kind::kNone; }
};

/// For the start of the process: signals and the timer that ends loops.
void prepare_traps();
/// Runs `work`, which calls the kernel.
[[nodiscard]] Stop guarded(const std::function<void()>& work);
/// From inside `guarded`: ends it.
[[noreturn]] void stop_now(Stop stop);
/// From inside `guarded`, at what the kernel calls: ends it where it ran for too long.
void end_loops();

/// How many calls did not come back. Each costs time: who explores gives up after some.
[[nodiscard]] unsigned loops_seen();

/// The place of a task's own guard: saved and put back where tasks are switched.
struct Guard;
[[nodiscard]] Guard* current_guard();
void set_current_guard(Guard* guard);

}  // namespace custody::kernel_ref::drive
