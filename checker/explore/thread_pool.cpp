// SPDX-License-Identifier: BSD-2-Clause
// Threads that wait, awake for a moment, for the next job that all of them do.
#include "checker/explore/thread_pool.hpp"

#include <new>
#include <system_error>
#include <utility>

namespace custody::checker::explore {

namespace {

/// Returns when `value` is no longer `old`: looks for some ten microseconds, then sleeps.
void await_change(const std::atomic<unsigned>& value, unsigned old) {
  for (int looks = 0; looks < 20000; ++looks)
    if (value.load(std::memory_order_acquire) != old) return;
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

ThreadPool::ThreadPool(unsigned size) {
  threads_.reserve(size);
  try {
    for (unsigned member = 1; member < size; ++member) threads_.emplace_back([this, member] { serve(member); });
  } catch (const std::system_error&) {
    // Those that there are do the work.
  } catch (const std::bad_alloc&) {
  }
}

ThreadPool::~ThreadPool() {
  ends_ = true;
  ++round_;
  round_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::run(const std::function<void(unsigned)>& job) {
  job_ = &job;
  busy_.store(static_cast<unsigned>(threads_.size()), std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  work(0);
  for (unsigned left; (left = busy_.load(std::memory_order_acquire)) != 0;) await_change(busy_, left);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadPool::work(unsigned member) {
  try {
    (*job_)(member);
  } catch (...) {
    const std::lock_guard one(failing_);
    if (!failure_) failure_ = std::current_exception();
  }
}

void ThreadPool::serve(unsigned member) {
  for (unsigned round = 0;; ++round) {
    await_change(round_, round);
    if (ends_) return;
    work(member);
    busy_.fetch_sub(1, std::memory_order_release);
    busy_.notify_one();
  }
}

}  // namespace custody::checker::explore
