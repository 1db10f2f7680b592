// SPDX-License-Identifier: BSD-2-Clause
// The set of states that a search has found, each with one byte of what is known of it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "checker/explore/system.hpp"
#include "checker/explore/thread_pool.hpp"

namespace custody::checker::explore {

/// Gives back pages of the system; what it owns begins somewhere in them.
struct UnmapPages {
  void* reserved = nullptr;
  std::size_t bytes = 0;
  void operator()(void*) const;
};

/// Exact, open addressing in buckets of one cache line, 9.2 bytes a slot, between a half and three quarters full once
/// it has grown. No predecessors are kept: a breadth-first depth is enough to find one again. Any number of threads may
/// `add` at the same time; all else is for one thread alone.
class StateTable {
 public:
  StateTable();

  static constexpr unsigned kMostDepth = 0x7f;

  struct Bucket;
  /// Where to look for `state` first, on its way into the caches of the processor. Stays valid until the next `grow`.
  [[nodiscard]] Bucket* prefetch(Packed state) const {
    Bucket* const bucket = home(hash(state));
    __builtin_prefetch(bucket);
    return bucket;
  }
  /// True where `state` is new; it then has that breadth-first depth. `first` is what `prefetch` said. The caller keeps
  /// the number of states below `limit()`.
  bool add(Packed state, Bucket* first, std::uint8_t depth);
  /// A mark on a state of the set: no way to the release is known.
  [[nodiscard]] bool is_doubtful(Packed state) const { return (mark_of(state) & kDoubtful) != 0; }
  void set_doubtful(Packed state) { mark_of(state) |= kDoubtful; }
  void clear_doubtful(Packed state) { mark_of(state) &= kMostDepth; }
  /// `visit(state, depth)` for every state of a breadth-first depth below `end`, in no order.
  template <typename Visit>
  void each_above(unsigned end, const Visit& visit) const;

  /// How many states may be in it before it must grow.
  [[nodiscard]] std::uint64_t limit() const;
  /// Half as big again. Each member of the pool takes one part after the other, so that no second table is needed
  /// beside it. Throws std::bad_alloc; the set is then what it was.
  void grow(ThreadPool& pool);
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  static constexpr unsigned kPartBits = 2, kParts = 1U << kPartBits, kSlots = 7,
                            kBucketBytes = 64;       ///< a cache line
  static constexpr Packed kUsed = Packed{1} << 63U;  ///< a state needs 63 bits at most
  static constexpr std::uint8_t kDoubtful = 0x80;
  /// Has its own size: memory may run out when some have grown.
  struct Part {
    std::unique_ptr<Bucket[], UnmapPages> buckets;
    std::uint32_t count = 0;
  };
  static Part make_part(std::uint32_t buckets);
  void grow_part(Part& part);

  [[nodiscard]] std::uint8_t& mark_of(Packed state) const;
  [[nodiscard]] static std::uint64_t hash(Packed state) { return (state ^ (state >> 31U)) * 0x9e3779b97f4a7c15ULL; }
  [[nodiscard]] Bucket* home(std::uint64_t hash) const;
  /// The bucket where a state is looked for after `bucket`.
  [[nodiscard]] Bucket* after(Packed state, Bucket* bucket) const;

  std::array<Part, kParts> parts_;
};

struct alignas(64) StateTable::Bucket {
  std::array<Packed, kSlots> states;       ///< used from the first on; 0 where empty
  std::array<std::uint8_t, kSlots> marks;  ///< depth, and kDoubtful
};

inline StateTable::Bucket* StateTable::home(std::uint64_t hash) const {
  const auto in_part = static_cast<std::uint64_t>(static_cast<std::uint32_t>(hash >> (32U - kPartBits)));
  const Part& part = parts_[hash >> (64U - kPartBits)];
  return &part.buckets[(in_part * part.count) >> 32U];
}

inline StateTable::Bucket* StateTable::after(Packed state, Bucket* bucket) const {
  const Part& part = parts_[hash(state) >> (64U - kPartBits)];
  return bucket + 1 == part.buckets.get() + part.count ? part.buckets.get() : bucket + 1;
}

inline bool StateTable::add(Packed state, Bucket* first, std::uint8_t depth) {
  const Packed wanted = state | kUsed;
  for (Bucket* bucket = first;; bucket = after(state, bucket)) {
    // Most states that are asked for are there: looking at all slots at once spares a branch that nobody can predict.
    bool there = false;
#pragma GCC unroll 7
    for (unsigned s = 0; s < kSlots; ++s)
      there |= std::atomic_ref(bucket->states[s]).load(std::memory_order_relaxed) == wanted;
    if (there) return false;
    for (unsigned s = 0; s < kSlots; ++s) {
      const std::atomic_ref slot(bucket->states[s]);
      Packed found = slot.load(std::memory_order_relaxed);
      if (found == 0 && slot.compare_exchange_strong(found, wanted, std::memory_order_relaxed)) {
        bucket->marks[s] = depth;
        return true;
      }
      if (found == wanted) return false;
    }
  }
}

inline std::uint8_t& StateTable::mark_of(Packed state) const {
  for (Bucket* bucket = home(hash(state));; bucket = after(state, bucket))
    for (unsigned s = 0; s < kSlots; ++s)
      if (bucket->states[s] == (state | kUsed)) return bucket->marks[s];
}

template <typename Visit>
void StateTable::each_above(unsigned end, const Visit& visit) const {
  for (const Part& part : parts_)
    for (std::uint32_t b = 0; b < part.count; ++b) {
      const Bucket& bucket = part.buckets[b];
      for (unsigned s = 0; s < kSlots && bucket.states[s] != 0; ++s)
        if (const unsigned depth = bucket.marks[s] & kMostDepth; depth < end) visit(bucket.states[s] & ~kUsed, depth);
    }
}

}  // namespace custody::checker::explore
