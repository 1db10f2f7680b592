// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/damage/live_bytes.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace custody::checker::test {

namespace {
std::int64_t live = 0, most_live = 0;
}

LiveBytes::LiveBytes() : before_(live) { most_live = live; }
std::uint64_t LiveBytes::most() const {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(most_live - before_, 0));
}

}  // namespace custody::checker::test

#ifndef __SANITIZE_ADDRESS__
// Of one thread: nothing that is tested here starts another.
void* operator new(std::size_t size) {
  void* p = std::malloc(size);
  if (p == nullptr) throw std::bad_alloc();
  using namespace custody::checker::test;
  live += static_cast<std::int64_t>(::malloc_usable_size(p));
  most_live = std::max(most_live, live);
  return p;
}
void operator delete(void* p) noexcept {
  if (p == nullptr) return;
  custody::checker::test::live -= static_cast<std::int64_t>(::malloc_usable_size(p));
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept { operator delete(p); }
#endif
