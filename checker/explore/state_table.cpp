// SPDX-License-Identifier: BSD-2-Clause
#include "checker/explore/state_table.hpp"

#include <sys/mman.h>

#include <new>
#include <utility>

namespace custody::checker {

void UnmapPages::operator()(void* memory) const {
  if (memory != nullptr) ::munmap(memory, bytes);
}

/// Zeroed; where it is big, on big pages if the kernel has any: the buckets are looked up at random.
StateTable::Part StateTable::make_part(std::uint32_t buckets) {
  const std::size_t bytes = buckets * sizeof(Bucket);
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  static_cast<void>(::madvise(memory, bytes, MADV_HUGEPAGE));  // advice only: without it the table is slower
  return Part(static_cast<Bucket*>(memory), UnmapPages{bytes});
}

StateTable::StateTable() {
  for (Part& part : parts_) part = make_part(buckets_);
}

void StateTable::grow() {
  const std::uint32_t before = buckets_;
  buckets_ = before + before / 2;
  for (Part& part : parts_) {
    const Part old = std::exchange(part, make_part(buckets_));
    for (std::uint32_t b = 0; b < before; ++b)
      for (unsigned s = 0; s < kSlots && old[b].states[s] != 0; ++s) {
        const Packed state = old[b].states[s] & ~kUsed;
        Place place;
        add(state, hash(state), old[b].marks[s], place);
      }
  }
}

}  // namespace custody::checker
