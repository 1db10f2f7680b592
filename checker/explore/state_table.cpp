// SPDX-License-Identifier: BSD-2-Clause
// The set of states that a search has found, each with one byte of what is known of it.
#include "checker/explore/state_table.hpp"

#include <sys/mman.h>

#include <algorithm>
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
  return {{static_cast<Bucket*>(aligned), UnmapPages{memory, reserved}}, buckets};
}

StateTable::StateTable() {
  constexpr std::uint32_t kFirst = 2048;
  for (Part& part : parts_) part = make_part(kFirst);
}

void StateTable::grow_part(Part& part) {
  const Part old = std::exchange(part, make_part(part.count + part.count / 2));
  for (std::uint32_t b = 0; b < old.count; ++b) {
    const Bucket& bucket = old.buckets[b];
    for (unsigned s = 0; s < kSlots && bucket.states[s] != 0; ++s) {
      const Packed state = bucket.states[s] & ~kUsed;
      add(state, home(hash(state)), bucket.marks[s]);
    }
  }
}

void StateTable::grow(ThreadPool& pool) {
  pool.run([&](unsigned member) {
    for (unsigned p = member; p < kParts; p += pool.size()) grow_part(parts_[p]);
  });
}

std::uint64_t StateTable::limit() const {
  std::uint64_t least = parts_[0].count;
  for (const Part& part : parts_) least = std::min<std::uint64_t>(least, part.count);
  return least * kSlots * kParts / 4 * 3;
}

std::uint64_t StateTable::bytes() const {
  std::uint64_t buckets = 0;
  for (const Part& part : parts_) buckets += part.count;
  return buckets * kBucketBytes;
}

}  // namespace custody::checker::explore
