// SPDX-License-Identifier: BSD-2-Clause
// Threads that wait, awake for a moment, for the next job that all of them do.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace custody::checker::explore {

/// A search hands out a job hundreds of times, each a fraction of a millisecond long: starting threads for each would
/// cost as much as the job.
class ThreadPool {
 public:
  /// The caller is one of the `size` members; of the others there are fewer where the system gives no more threads.
  explicit ThreadPool(unsigned size);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  [[nodiscard]] unsigned size() const { return static_cast<unsigned>(threads_.size()) + 1; }
  /// `job(member)` for each member, 0 in the caller's own thread; returns when all have returned. Throws what one of
  /// them threw.
  void run(const std::function<void(unsigned member)>& job);

 private:
  void serve(unsigned member);
  void work(unsigned member);

  const std::function<void(unsigned)>* job_ = nullptr;
  std::atomic<unsigned> round_ = 0, busy_ = 0;
  std::atomic<bool> ends_ = false;
  std::mutex failing_;
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;
};

}  // namespace custody::checker::explore
