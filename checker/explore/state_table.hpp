// SPDX-License-Identifier: BSD-2-Clause
// The set of states that a search has found, each with one byte of what is known of it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "checker/explore/system.hpp"

namespace custody::checker {

struct UnmapPages {
  std::size_t bytes = 0;
  void operator()(void* memory) const;
};

/// Exact, open addressing in buckets of one cache line, 9.2 bytes a slot, between a half and three quarters full once it
/// has grown. No predecessors are kept: a breadth-first depth is enough to find one again. Any number of threads may
/// `add` and `find` at the same time; `grow` and the visits are for one thread alone.
class StateTable {
 public:
  StateTable();

  /// Where a state is; stays valid until the next `grow`.
  struct Place {
    std::uint32_t part = 0;
    std::uint32_t bucket = 0;
    std::uint32_t slot = 0;
  };
  /// A mark is a breadth-first depth and, until one is known, a doubt: is there a way to the release?
  static constexpr std::uint8_t kDepthMask = 0x7f, kDoubtful = 0x80;
  static constexpr unsigned kMostDepth = kDepthMask;

  [[nodiscard]] static std::uint64_t hash(Packed state) {
    std::uint64_t h = (state ^ (state >> 32U)) * 0x9e3779b97f4a7c15ULL;
    h = (h ^ (h >> 29U)) * 0xbf58476d1ce4e5b9ULL;
    return h ^ (h >> 32U);
  }
  void prefetch(std::uint64_t hash) const {
    const Place p = home(hash);
    __builtin_prefetch(&parts_[p.part][p.bucket]);
  }
  /// True where `state` is new; it then has the mark `mark`. The caller keeps the number of states below `limit()`.
  bool add(Packed state, std::uint64_t hash, std::uint8_t mark, Place& place);
  /// The place of a state that is in the set.
  [[nodiscard]] Place find(Packed state, std::uint64_t hash) const;
  [[nodiscard]] Place find(Packed state) const { return find(state, hash(state)); }

  [[nodiscard]] std::uint8_t mark(Place p) const {
    return std::atomic_ref(parts_[p.part][p.bucket].marks[p.slot]).load(std::memory_order_relaxed);
  }
  void clear_doubtful(Place p) { put_mark(p, mark(p) & kDepthMask); }
  /// `visit(state)` for every state of that breadth-first depth, in no order.
  template <typename Visit>
  void each_of_depth(unsigned depth, const Visit& visit) const {
    for (const Part& part : parts_)
      for (std::uint32_t b = 0; b < buckets_; ++b)
        for (unsigned s = 0; s < kSlots; ++s)
          if ((part[b].marks[s] & kDepthMask) == depth && part[b].states[s] != 0) visit(part[b].states[s] & ~kUsed);
  }

  /// How many states may be in it before it must grow.
  [[nodiscard]] std::uint64_t limit() const { return std::uint64_t{buckets_} * kSlots * kParts / 4 * 3; }
  /// Half as big again. One part at a time, so that no second table is needed beside it.
  void grow();
  [[nodiscard]] std::uint64_t bytes() const { return std::uint64_t{buckets_} * kParts * sizeof(Bucket); }

 private:
  static constexpr unsigned kPartBits = 4, kParts = 1U << kPartBits, kSlots = 7;
  static constexpr Packed kUsed = Packed{1} << 63U;  ///< a state needs 63 bits at most
  struct alignas(64) Bucket {
    std::array<Packed, kSlots> states;  ///< used from the first on; 0 where empty
    std::array<std::uint8_t, kSlots> marks;
  };
  using Part = std::unique_ptr<Bucket[], UnmapPages>;
  static Part make_part(std::uint32_t buckets);

  void put_mark(Place p, std::uint8_t mark) {
    std::atomic_ref(parts_[p.part][p.bucket].marks[p.slot]).store(mark, std::memory_order_relaxed);
  }
  [[nodiscard]] Place home(std::uint64_t hash) const {
    const auto in_part = static_cast<std::uint64_t>(static_cast<std::uint32_t>(hash >> (32U - kPartBits)));
    return {static_cast<std::uint32_t>(hash >> (64U - kPartBits)),
            static_cast<std::uint32_t>((in_part * buckets_) >> 32U), 0};
  }

  std::uint32_t buckets_ = 512;  ///< of each part
  std::array<Part, kParts> parts_;
};

inline bool StateTable::add(Packed state, std::uint64_t hash, std::uint8_t mark, Place& place) {
  place = home(hash);
  const Part& part = parts_[place.part];
  const Packed wanted = state | kUsed;
  for (;;) {
    Bucket& bucket = part[place.bucket];
    // Most states that are asked for are there: looking at all slots at once spares a branch that nobody can predict.
    unsigned hits = 0;
    for (unsigned s = 0; s < kSlots; ++s)
      hits |= (std::atomic_ref(bucket.states[s]).load(std::memory_order_relaxed) == wanted ? 1U : 0U) << s;
    if (hits != 0) {
      place.slot = static_cast<std::uint32_t>(std::countr_zero(hits));
      return false;
    }
    for (place.slot = 0; place.slot < kSlots; ++place.slot) {
      const std::atomic_ref slot(bucket.states[place.slot]);
      Packed found = slot.load(std::memory_order_relaxed);
      if (found == 0 && slot.compare_exchange_strong(found, wanted, std::memory_order_relaxed)) {
        std::atomic_ref(bucket.marks[place.slot]).store(mark, std::memory_order_relaxed);
        return true;
      }
      if (found == wanted) return false;
    }
    if (++place.bucket == buckets_) place.bucket = 0;
  }
}

inline StateTable::Place StateTable::find(Packed state, std::uint64_t hash) const {
  Place place = home(hash);
  const Part& part = parts_[place.part];
  for (;;) {
    const Bucket& bucket = part[place.bucket];
    for (place.slot = 0; place.slot < kSlots; ++place.slot)
      if (bucket.states[place.slot] == (state | kUsed)) return place;
    if (++place.bucket == buckets_) place.bucket = 0;
  }
}

}  // namespace custody::checker
