// SPDX-License-Identifier: BSD-2-Clause
// The set of states that a search has found, each with one byte of what is known of it.
#include "checker/explore/state_table.hpp"

#include <sys/mman.h>

#include <new>
#include <utility>

namespace custody::checker::explore {

void UnmapPages::operator()(void*) const { ::munmap(reserved, bytes); }

/// Zeroed; where it is big, on big pages if the kernel has any: the buckets are looked up at random.
StateTable::Part StateTable::make_part(std::uint32_t buckets) {
  constexpr std::size_t kBigPage = std::size_t{2} << 20U;
  const std::size_t bytes = buckets * sizeof(Bucket), reserved = bytes + kBigPage;
  void* const memory = ::mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  void* aligned = memory;
  std::size_t space = reserved;
  if (bytes >= kBigPage) std::align(kBigPage, bytes, aligned, space);
  // Advice only: without it the table is slower. A page that is read before it is written costs a fault twice, and the
  // second one interrupts the other threads.
  static_cast<void>(::madvise(aligned, bytes, MADV_HUGEPAGE));
  static_cast<void>(::madvise(aligned, bytes, MADV_POPULATE_WRITE));
  return Part(static_cast<Bucket*>(aligned), UnmapPages{memory, reserved});
}

StateTable::StateTable() {
  for (Part& part : parts_) part = make_part(buckets_);
}

void StateTable::grow_part(Part& part, std::uint32_t before) {
  const Part old = std::exchange(part, make_part(buckets_));
  for (std::uint32_t b = 0; b < before; ++b)
    for (unsigned s = 0; s < kSlots && old[b].states[s] != 0; ++s) {
      const Packed state = old[b].states[s] & ~kUsed;
      add(state, home(hash(state)), old[b].marks[s]);
    }
}

void StateTable::grow(ThreadPool& pool) {
  const std::uint32_t before = buckets_;
  buckets_ = before + before / 2;
  pool.run([&](unsigned member) {
    for (unsigned p = member; p < kParts; p += pool.size()) grow_part(parts_[p], before);
  });
}

}  // namespace custody::checker::explore
