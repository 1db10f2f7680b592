// SPDX-License-Identifier: BSD-2-Clause
#include "checker/explore/state_table.hpp"

#include <sys/mman.h>

#include <new>
#include <utility>

namespace custody::checker {

void UnmapPages::operator()(void* memory) const {
  if (memory != nullptr) ::munmap(memory, bytes);
}

/// Zeroed; where it is big, on big pages if the kernel has any: the slots are looked up at random.
template <typename T>
StateTable::Memory<T> StateTable::reserve(std::size_t count) {
  const std::size_t bytes = count * sizeof(T);
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  static_cast<void>(::madvise(memory, bytes, MADV_HUGEPAGE));  // advice only: without it the table is slower
  return Memory<T>(static_cast<T*>(memory), UnmapPages{bytes});
}

StateTable::Part StateTable::make_part(std::uint32_t slots) {
  return {reserve<Packed>(slots), reserve<std::uint8_t>(slots)};
}

StateTable::StateTable() {
  for (Part& part : parts_) part = make_part(slots_);
}

void StateTable::grow() {
  const std::uint32_t before = slots_;
  slots_ = before / 2 * 3;
  for (Part& part : parts_) {
    const Part old = std::exchange(part, make_part(slots_));
    for (std::uint32_t s = 0; s < before; ++s) {
      if (old.states[s] == 0) continue;
      Place place;
      add(old.states[s] & ~kUsed, hash(old.states[s] & ~kUsed), old.marks[s], place);
    }
  }
}

}  // namespace custody::checker
