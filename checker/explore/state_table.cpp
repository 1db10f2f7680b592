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

StateTable::StateTable(const System& system)
    : system_(system), devices_at_(system.layout().devices_at), page_at_(system.layout().bits - devices_at_) {
  constexpr std::uint32_t kFirst = 1024;
  for (Part& part : parts_) part = make_part(kFirst);
}

void StateTable::grow_part(Part& part) {
  const Part old = std::exchange(part, make_part(part.count + part.count / 2));
  for (std::uint32_t b = 0; b < old.count; ++b) {
    const Bucket& bucket = old.buckets[b];
    if (bucket.key == 0) continue;
    Bucket* to = home(hash(bucket.key));
    while (to->key != 0) to = after(bucket.key, to);
    *to = bucket;
  }
}

Cell StateTable::cell_of(Packed key) const {
  key &= ~kUsed;
  const Packed blocks = key & ((Packed{1} << page_at_) - 1U);
  Cell cell{blocks << devices_at_, static_cast<std::uint32_t>(key >> page_at_)};
  count_devices(cell.devices, system_.layout(), system_.configuration());
  return cell;
}

void StateTable::grow(ThreadPool& pool) {
  pool.run([&](unsigned member) {
    for (unsigned p = member; p < kParts; p += pool.size()) grow_part(parts_[p]);
  });
}

std::uint64_t StateTable::limit() const {
  std::uint64_t least = parts_[0].count;
  for (const Part& part : parts_) least = std::min<std::uint64_t>(least, part.count);
  return least * kParts / 4 * 3;
}

std::uint64_t StateTable::bytes() const {
  std::uint64_t buckets = 0;
  for (const Part& part : parts_) buckets += part.count;
  return buckets * kBucketBytes;
}

}  // namespace custody::checker::explore
