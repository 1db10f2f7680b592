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

/// Exact, open addressing, 9 bytes a slot, between a half and three quarters full once it has grown. No predecessors are
/// kept: a breadth-first depth is enough to find one again. Any number of threads may `add` and `find` at the same time;
/// `grow` and the visits are for one thread alone.
class StateTable {
 public:
  StateTable();

  /// Where a state is; stays valid until the next `grow`.
  struct Place {
    std::uint32_t part = 0;
    std::uint32_t slot = 0;
  };
  /// A mark is a breadth-first depth and, of a state that was expanded, a doubt: no way to the release is known.
  static constexpr std::uint8_t kDepthMask = 0x7f, kDoubtful = 0x80;
  static constexpr unsigned kMostDepth = kDepthMask;

  [[nodiscard]] static std::uint64_t hash(Packed state) {
    std::uint64_t h = (state ^ (state >> 32U)) * 0x9e3779b97f4a7c15ULL;
    h = (h ^ (h >> 29U)) * 0xbf58476d1ce4e5b9ULL;
    return h ^ (h >> 32U);
  }
  void prefetch(std::uint64_t hash) const {
    const Place p = home(hash);
    __builtin_prefetch(&parts_[p.part].states[p.slot]);
    __builtin_prefetch(&parts_[p.part].marks[p.slot]);
  }
  /// True where `state` is new; it then has the mark `mark`. The caller keeps `size()` below `limit()`.
  bool add(Packed state, std::uint64_t hash, std::uint8_t mark, Place& place);
  /// The place of a state that is in the set.
  [[nodiscard]] Place find(Packed state) const;

  [[nodiscard]] std::uint8_t mark(Place p) const {
    return std::atomic_ref(parts_[p.part].marks[p.slot]).load(std::memory_order_relaxed);
  }
  /// For the thread that expands the state.
  void set_doubtful(Place p) { put_mark(p, static_cast<std::uint8_t>(mark(p) | kDoubtful)); }
  void clear_doubtful(Place p) { put_mark(p, mark(p) & kDepthMask); }
  /// `visit(state, place)` for every state whose mark fits `wanted` under `mask`, in no order.
  template <typename Visit>
  void each(std::uint8_t mask, std::uint8_t wanted, const Visit& visit) const {
    for (std::uint32_t p = 0; p < kParts; ++p)
      for (std::uint32_t s = 0; s < slots_; ++s)
        if ((parts_[p].marks[s] & mask) == wanted && parts_[p].states[s] != 0)
          visit(parts_[p].states[s] & ~kUsed, Place{p, s});
  }

  /// How many states may be in it before it must grow.
  [[nodiscard]] std::uint64_t limit() const { return std::uint64_t{slots_} * kParts / 4 * 3; }
  /// Half as big again. One part at a time, so that no second table is needed beside it.
  void grow();
  [[nodiscard]] std::uint64_t bytes() const { return std::uint64_t{slots_} * kParts * (sizeof(Packed) + 1); }

 private:
  static constexpr unsigned kPartBits = 4, kParts = 1U << kPartBits;
  static constexpr Packed kUsed = Packed{1} << 63U;  ///< a state needs 63 bits at most
  template <typename T>
  using Memory = std::unique_ptr<T[], UnmapPages>;
  struct Part {
    Memory<Packed> states;
    Memory<std::uint8_t> marks;
  };
  template <typename T>
  static Memory<T> reserve(std::size_t count);
  static Part make_part(std::uint32_t slots);

  void put_mark(Place p, std::uint8_t mark) {
    std::atomic_ref(parts_[p.part].marks[p.slot]).store(mark, std::memory_order_relaxed);
  }
  [[nodiscard]] Place home(std::uint64_t hash) const {
    const auto in_part = static_cast<std::uint64_t>(static_cast<std::uint32_t>(hash >> (32U - kPartBits)));
    return {static_cast<std::uint32_t>(hash >> (64U - kPartBits)), static_cast<std::uint32_t>((in_part * slots_) >> 32U)};
  }

  std::uint32_t slots_ = 1U << 12U;  ///< of each part
  std::array<Part, kParts> parts_;
};

inline bool StateTable::add(Packed state, std::uint64_t hash, std::uint8_t mark, Place& place) {
  place = home(hash);
  const Part& part = parts_[place.part];
  const Packed wanted = state | kUsed;
  for (;;) {
    const std::atomic_ref slot(part.states[place.slot]);
    Packed found = slot.load(std::memory_order_relaxed);
    if (found == 0 && slot.compare_exchange_strong(found, wanted, std::memory_order_relaxed)) {
      std::atomic_ref(part.marks[place.slot]).store(mark, std::memory_order_relaxed);
      return true;
    }
    if (found == wanted) return false;
    if (++place.slot == slots_) place.slot = 0;
  }
}

inline StateTable::Place StateTable::find(Packed state) const {
  Place place = home(hash(state));
  while (parts_[place.part].states[place.slot] != (state | kUsed))
    if (++place.slot == slots_) place.slot = 0;
  return place;
}

}  // namespace custody::checker
