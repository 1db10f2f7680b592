// SPDX-License-Identifier: BSD-2-Clause
// What a pool of threads does when a job fails.
#include "checker/explore/thread_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <new>

namespace custody::checker::test {
namespace {

using explore::ThreadPool;

TEST(ThreadPool, ThrowsWhatAMemberThrewWhenAllHaveReturned) {
  ThreadPool pool(3);
  for (unsigned fails = 0; fails < pool.size(); ++fails) {
    std::atomic<unsigned> returned = 0;
    EXPECT_THROW(pool.run([&](unsigned member) {
      if (member == fails) throw std::bad_alloc();
      ++returned;
    }),
                 std::bad_alloc);
    EXPECT_EQ(returned, pool.size() - 1);
  }
  std::atomic<unsigned> ran = 0;
  pool.run([&](unsigned) { ++ran; });
  EXPECT_EQ(ran, pool.size()) << "the pool goes on";
}

}  // namespace
}  // namespace custody::checker::test
