// SPDX-License-Identifier: GPL-2.0-only
// Two tasks of one process that take turns at locks and DMA calls, as a schedule says; and what they race for.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernel-ref/drive/trap.hpp"

namespace custody::kernel_ref::drive {

/// At each place where both tasks can go on: 0 stays with the one that runs, 1 changes to the other. The first says
/// which of them begins.
using Schedule = std::vector<std::uint8_t>;

/// A step of one of the tasks.
struct TaskStep {
  unsigned task = 0;
  const char* what = "";
};

/// Two accesses that nothing orders, one of them a write.
struct Race {
  std::uintptr_t one = 0, other = 0;  ///< code
  bool both_write = false;
};

/// One at a time in a process. Of each pair a new one.
class Tasks {
 public:
  struct Result {
    Stop stop;
    unsigned stopped = 0;  ///< the task
    Schedule taken;
    std::vector<TaskStep> steps;
    std::vector<Race> races;
  };

  /// `as_task` is told who runs from now on.
  Tasks(std::array<std::function<void()>, 2> work, Schedule schedule, std::function<void(unsigned)> as_task);
  Tasks(const Tasks&) = delete;
  Tasks& operator=(const Tasks&) = delete;
  ~Tasks();
  [[nodiscard]] Result run();

  /// From the running task.
  void point(const char* what);
  void wait_for(const int* held);
  void took(const int* held);
  void dropped(const int* held);
  void access(std::uintptr_t at, std::size_t n, bool writes, std::uintptr_t pc);

 private:
  struct Clock {
    std::array<std::uint64_t, 2> seen{};
  };
  struct Touched {
    std::array<std::uint64_t, 2> read{}, written{};
    std::array<std::uintptr_t, 2> read_pc{}, write_pc{};
  };
  static void enter();
  [[nodiscard]] bool can_run(unsigned task) const;
  [[nodiscard]] std::uint8_t choose();
  void change_to(unsigned task);
  void leave();

  std::array<std::function<void()>, 2> work_;
  Schedule schedule_;
  std::function<void(unsigned)> as_task_;
  Result result_;
  unsigned now_ = 0;
  std::array<bool, 2> done_{};
  std::array<const int*, 2> waits_{};
  std::array<Guard*, 2> guards_{};
  std::array<Clock, 2> clocks_;
  std::map<const int*, Clock> of_lock_;
  std::unordered_map<std::uintptr_t, Touched> touched_;
};

/// Who is told of a WARN_ON; empty: nobody.
[[nodiscard]] std::function<void(std::string what, std::string file, int line)>& on_warning();
/// The pair that runs; null: one task runs alone.
[[nodiscard]] Tasks* the_tasks();

}  // namespace custody::kernel_ref::drive
