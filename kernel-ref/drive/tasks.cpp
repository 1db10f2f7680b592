// SPDX-License-Identifier: GPL-2.0-only
// Two tasks of one process that take turns at locks and DMA calls, as a schedule says; and what they race for.
#include "kernel-ref/drive/tasks.hpp"

#include <ucontext.h>

#include <algorithm>
#include <memory>

#include "kernel-ref/drive/kernel.hpp"
#include "kernel-ref/shim/machine_abi.h"

namespace custody::kernel_ref::drive {

namespace {
Tasks* tasks_now = nullptr;
constexpr std::size_t kStack = std::size_t{256} << 10U;
// Stacks and contexts are used again: each pair begins anew with them.
ucontext_t home;
std::array<ucontext_t, 2> contexts;
std::array<std::unique_ptr<char[]>, 2> stacks;
}  // namespace

Tasks* the_tasks() { return tasks_now; }

std::function<void(std::string, std::string, int)>& on_warning() {
  static std::function<void(std::string, std::string, int)> hear;
  return hear;
}

Tasks::Tasks(std::array<std::function<void()>, 2> work, Schedule schedule, std::function<void(unsigned)> as_task)
    : work_(std::move(work)), schedule_(std::move(schedule)), as_task_(std::move(as_task)) {
  tasks_now = this;
  for (Clock& c : clocks_) c.seen = {0, 0};
  clocks_[0].seen[0] = clocks_[1].seen[1] = 1;
}

Tasks::~Tasks() { tasks_now = nullptr; }

void Tasks::enter() {
  Tasks& t = *tasks_now;
  const unsigned me = t.now_;
  Stop stop = guarded(t.work_[me]);
  if (stop) {
    t.result_.stop = std::move(stop);
    t.result_.stopped = me;
    t.leave();
  }
  t.done_[me] = true;
  const unsigned other = 1 - me;
  if (t.done_[other]) t.leave();
  if (!t.can_run(other)) {
    t.result_.stop = {Stop::Kind::kDeadlock, "waits for a lock that nobody will drop", 0};
    t.result_.stopped = other;
    t.leave();
  }
  t.change_to(other);
}

void Tasks::leave() { setcontext(&home); }

Tasks::Result Tasks::run() {
  for (unsigned i = 0; i < 2; ++i) {
    if (!stacks[i]) stacks[i] = std::make_unique<char[]>(kStack);
    getcontext(&contexts[i]);
    contexts[i].uc_stack.ss_sp = stacks[i].get();
    contexts[i].uc_stack.ss_size = kStack;
    contexts[i].uc_link = &home;
    makecontext(&contexts[i], &Tasks::enter, 0);
  }
  Guard* const before = current_guard();
  now_ = choose();
  as_task_(now_);
  swapcontext(&home, &contexts[now_]);
  set_current_guard(before);
  return std::move(result_);
}

std::uint8_t Tasks::choose() {
  const std::size_t at = result_.taken.size();
  const std::uint8_t way = at < schedule_.size() && schedule_[at] != 0 ? 1 : 0;
  result_.taken.push_back(way);
  return way;
}

bool Tasks::can_run(unsigned task) const { return !done_[task] && (waits_[task] == nullptr || *waits_[task] == 0); }

void Tasks::change_to(unsigned task) {
  const unsigned me = now_;
  guards_[me] = current_guard();
  now_ = task;
  as_task_(task);
  set_current_guard(guards_[task]);
  swapcontext(&contexts[me], &contexts[task]);
}

void Tasks::point(const char* what) {
  const unsigned me = now_, other = 1 - me;
  if (can_run(other) && choose() != 0) change_to(other);
  result_.steps.push_back({me, what});
}

void Tasks::wait_for(const int* held) {
  const unsigned me = now_;
  while (*held != 0) {
    waits_[me] = held;
    if (!can_run(1 - me))
      stop_now(
          {Stop::Kind::kDeadlock, done_[1 - me] ? "takes a lock that nobody will drop" : "deadlock of two tasks", 0});
    result_.steps.push_back({me, "waits for the lock"});
    change_to(1 - me);
  }
  waits_[me] = nullptr;
}

void Tasks::took(const int* held) {
  const auto it = of_lock_.find(held);
  if (it == of_lock_.end()) return;
  for (unsigned i = 0; i < 2; ++i) clocks_[now_].seen[i] = std::max(clocks_[now_].seen[i], it->second.seen[i]);
}

void Tasks::dropped(const int* held) {
  Clock& lock = of_lock_[held];
  for (unsigned i = 0; i < 2; ++i) lock.seen[i] = std::max(lock.seen[i], clocks_[now_].seen[i]);
  ++clocks_[now_].seen[now_];
}

void Tasks::access(std::uintptr_t at, std::size_t n, bool writes, std::uintptr_t pc) {
  const unsigned me = now_, other = 1 - me;
  const std::uint64_t seen = clocks_[me].seen[other];
  for (std::size_t i = 0; i < n; ++i) {
    Touched& t = touched_[at + i];
    const bool after_write = t.written[other] > seen, after_read = writes && t.read[other] > seen;
    if ((after_write || after_read) && result_.races.size() < 4) {
      const std::uintptr_t theirs = after_write ? t.write_pc[other] : t.read_pc[other];
      if (std::none_of(result_.races.begin(), result_.races.end(),
                       [&](const Race& r) { return r.one == theirs && r.other == pc; }))
        result_.races.push_back({theirs, pc, after_write && writes});
    }
    (writes ? t.written : t.read)[me] = clocks_[me].seen[me];
    (writes ? t.write_pc : t.read_pc)[me] = pc;
  }
}

}  // namespace custody::kernel_ref::drive

using custody::kernel_ref::drive::end_loops;
using custody::kernel_ref::drive::Stop;
using custody::kernel_ref::drive::stop_now;
using custody::kernel_ref::drive::the_kernel;
using custody::kernel_ref::drive::the_tasks;

// The shim's border, of this machine.
extern "C" {

void* machine_allocate(unsigned long n) {
  end_loops();
  return the_kernel()->arena().allocate(n);
}

void machine_free(void* p) {
  if (p == nullptr) return;
  if (const std::string wrong = the_kernel()->arena().free(p); !wrong.empty())
    stop_now({Stop::Kind::kMemory, wrong, 0});
}

void* machine_reallocate(void* p, unsigned long n) {
  void* const to = machine_allocate(n);
  if (p == nullptr || to == nullptr) return to;
  const auto* from = static_cast<const unsigned char*>(p);
  std::copy_n(from, std::min<std::size_t>(n, the_kernel()->arena().size_of(p)), static_cast<unsigned char*>(to));
  machine_free(p);
  return to;
}

void machine_warn(const char* what, const char* file, int line) {
  if (const auto& hear = custody::kernel_ref::drive::on_warning()) hear(what, file, line);
}

void machine_before_take(const int* held) {
  end_loops();
  if (the_tasks() != nullptr) {
    the_tasks()->point("takes a lock");
    the_tasks()->wait_for(held);
  } else if (*held != 0) {
    stop_now({Stop::Kind::kDeadlock, "takes a lock that it holds: deadlock", 0});
  }
}

void machine_after_take(const int* held) {
  if (the_tasks() != nullptr) the_tasks()->took(held);
}

void machine_after_drop(const int* held) {
  if (the_tasks() == nullptr) return;
  the_tasks()->dropped(held);
  the_tasks()->point("has dropped the lock");
}
}
