// SPDX-License-Identifier: BSD-2-Clause
// The set of states that a search has found, in cells, each with one byte of what is known of it.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>

#include "checker/explore/cells.hpp"
#include "checker/explore/system.hpp"
#include "checker/explore/thread_pool.hpp"

namespace custody::checker::explore {

/// Gives back pages of the system; what it owns begins somewhere in them.
struct UnmapPages {
  void* reserved = nullptr;
  std::size_t bytes = 0;
  void operator()(void*) const;
};

/// Exact, open addressing in buckets of one cache line, each a cell, between a half and three quarters of them used
/// once it has grown. No predecessors are kept: a breadth-first depth is enough to find one again. Any number of
/// threads may `add` and ask for `of_depth` at the same time; all else is for one thread alone.
class StateTable {
 public:
  /// Of states of the system, which must outlive it.
  explicit StateTable(const System& system);

  static constexpr unsigned kMostDepth = 0x7f;

  struct Bucket;
  /// Where to look for a cell first, on its way into the caches of the processor. Stays valid until the next `grow`.
  [[nodiscard]] Bucket* prefetch(const Cell& cell) const {
    Bucket* const bucket = home(hash(key_of(cell)));
    __builtin_prefetch(bucket);
    return bucket;
  }
  struct Added {
    CellMask states = 0;             ///< those that are new
    bool is_new_cell = false;        ///< counts against `limit()`
    bool is_first_of_depth = false;  ///< the cell had no state of that depth
  };
  /// New states have that breadth-first depth, which no call before exceeds. `first` is what `prefetch` said. The
  /// caller keeps the number of cells below `limit()`.
  Added add(const Cell& cell, CellMask states, Bucket* first, unsigned depth);
  /// The states of a cell of the set that have this depth; no call of `set_doubtful` went before.
  [[nodiscard]] CellMask of_depth(const Cell& cell, unsigned depth) const;
  /// A mark on a state of the set: no way to the release is known.
  [[nodiscard]] bool is_doubtful(const Place& place) const { return (mark_of(place) & kDoubtful) != 0; }
  void set_doubtful(const Place& place) { mark_of(place) |= kDoubtful; }
  void clear_doubtful(const Place& place) { mark_of(place) &= kMostDepth; }
  /// `visit(cell, slot, depth)` for every state of a breadth-first depth below `end`, in no order.
  template <typename Visit>
  void each_above(unsigned end, const Visit& visit) const;
  [[nodiscard]] Residues& residues() { return residues_; }

  /// How many cells may be in it before it must grow.
  [[nodiscard]] std::uint64_t limit() const;
  /// Half as big again. Each member of the pool takes one part after the other, so that no second table is needed
  /// beside it. Throws std::bad_alloc; the set is then what it was.
  void grow(ThreadPool& pool);
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  static constexpr unsigned kPartBits = 2, kParts = 1U << kPartBits,
                            kBucketBytes = 64;       ///< a cache line
  static constexpr Packed kUsed = Packed{1} << 63U;  ///< a state needs 63 bits at most, a key no more
  static constexpr std::uint8_t kDoubtful = 0x80;
  /// Has its own size: memory may run out when some have grown.
  struct Part {
    std::unique_ptr<Bucket[], UnmapPages> buckets;
    std::uint32_t count = 0;
  };
  static Part make_part(std::uint32_t buckets);
  void grow_part(Part& part);

  [[nodiscard]] std::uint8_t& mark_of(const Place& place) const;
  /// The blocks, and the page above them, where a state has its buffer's part.
  [[nodiscard]] Packed key_of(const Cell& cell) const {
    return (cell.devices >> devices_at_) | (Packed{cell.page} << page_at_) | kUsed;
  }
  [[nodiscard]] Cell cell_of(Packed key) const;
  [[nodiscard]] static std::uint64_t hash(Packed key) { return (key ^ (key >> 31U)) * 0x9e3779b97f4a7c15ULL; }
  [[nodiscard]] Bucket* home(std::uint64_t hash) const;
  /// The bucket where a key is looked for after `bucket`.
  [[nodiscard]] Bucket* after(Packed key, Bucket* bucket) const;
  /// Of a cell of the set.
  [[nodiscard]] Bucket* find(const Cell& cell) const;

  const System& system_;
  unsigned devices_at_, page_at_;
  std::array<Part, kParts> parts_;
  Residues residues_;
};

struct alignas(64) StateTable::Bucket {
  Packed key;                                   ///< 0 where empty
  std::uint64_t found;                          ///< its states, and above them one more than the last depth of one
  std::array<std::uint8_t, kCellStates> marks;  ///< of each state: depth, and kDoubtful
};

inline StateTable::Bucket* StateTable::home(std::uint64_t hash) const {
  const auto in_part = static_cast<std::uint64_t>(static_cast<std::uint32_t>(hash >> (32U - kPartBits)));
  const Part& part = parts_[hash >> (64U - kPartBits)];
  return &part.buckets[(in_part * part.count) >> 32U];
}

inline StateTable::Bucket* StateTable::after(Packed key, Bucket* bucket) const {
  const Part& part = parts_[hash(key) >> (64U - kPartBits)];
  return bucket + 1 == part.buckets.get() + part.count ? part.buckets.get() : bucket + 1;
}

inline StateTable::Bucket* StateTable::find(const Cell& cell) const {
  const Packed key = key_of(cell);
  Bucket* bucket = home(hash(key));
  while (std::atomic_ref(bucket->key).load(std::memory_order_relaxed) != key) bucket = after(key, bucket);
  return bucket;
}

inline StateTable::Added StateTable::add(const Cell& cell, CellMask states, Bucket* first, unsigned depth) {
  const Packed wanted = key_of(cell);
  Added added;
  Bucket* bucket = first;
  for (;; bucket = after(wanted, bucket)) {
    const std::atomic_ref key(bucket->key);
    Packed there = key.load(std::memory_order_relaxed);
    if (there == 0) added.is_new_cell = key.compare_exchange_strong(there, wanted, std::memory_order_relaxed);
    if (added.is_new_cell || there == wanted) break;
  }
  const std::atomic_ref found(bucket->found);
  std::uint64_t before = found.load(std::memory_order_relaxed);
  const std::uint64_t stamp = std::uint64_t{depth + 1U} << kCellStates;
  constexpr CellMask kAll = (CellMask{1} << kCellStates) - 1U;
  do {
    added.states = states & ~before;
    if (added.states == 0) return added;
  } while (!found.compare_exchange_weak(before, (before & kAll) | states | stamp, std::memory_order_relaxed));
  added.is_first_of_depth = (before & ~kAll) != stamp;
  for (CellMask left = added.states; left != 0; left &= left - 1)
    std::atomic_ref(bucket->marks[static_cast<unsigned>(std::countr_zero(left))])
        .store(static_cast<std::uint8_t>(depth), std::memory_order_relaxed);
  return added;
}

inline CellMask StateTable::of_depth(const Cell& cell, unsigned depth) const {
  Bucket* const bucket = find(cell);
  CellMask states = 0;
  for (CellMask left =
           std::atomic_ref(bucket->found).load(std::memory_order_relaxed) & ((CellMask{1} << kCellStates) - 1U);
       left != 0; left &= left - 1) {
    const auto slot = static_cast<unsigned>(std::countr_zero(left));
    if (std::atomic_ref(bucket->marks[slot]).load(std::memory_order_relaxed) == depth) states |= left & (~left + 1);
  }
  return states;
}

inline std::uint8_t& StateTable::mark_of(const Place& place) const { return find(place.cell)->marks[place.slot]; }

template <typename Visit>
void StateTable::each_above(unsigned end, const Visit& visit) const {
  for (const Part& part : parts_)
    for (std::uint32_t b = 0; b < part.count; ++b) {
      const Bucket& bucket = part.buckets[b];
      if (bucket.key == 0) continue;
      const Cell cell = cell_of(bucket.key);
      for (unsigned slot = 0; slot < kCellStates; ++slot)
        if (const unsigned depth = bucket.marks[slot] & kMostDepth; ((bucket.found >> slot) & 1U) != 0 && depth < end)
          visit(cell, slot, depth);
    }
}

}  // namespace custody::checker::explore
