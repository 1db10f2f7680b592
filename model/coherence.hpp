// SPDX-License-Identifier: BSD-2-Clause
// The coherence automaton: what one cache line and its memory may hold, as a set of possible states.
//
// The checker never knows what a cache holds, only what it may hold. That set is a `Belief`; everything
// that can happen to a line is a table from belief to belief, made at compile time. Each table is the
// union of what happens to the single states, so a belief is exact: no state too many, none too few.
#pragma once

#include <array>
#include <cstdint>

namespace custody::model {

/// Does memory hold the newest data of the line?
enum class Memory : std::uint8_t { kCurrent, kOld };

/// What the CPU cache holds of the line. `Old` means: not the newest data.
enum class Line : std::uint8_t { kAbsent, kCleanCurrent, kCleanOld, kDirtyCurrent, kDirtyOld };

inline constexpr unsigned kLineStates = 10;

/// One hardware state of a line, as an index below `kLineStates`.
[[nodiscard]] constexpr unsigned state_index(Memory m, Line l) {
  return static_cast<unsigned>(l) * 2U + static_cast<unsigned>(m);
}
[[nodiscard]] constexpr Memory memory_of(unsigned state) { return static_cast<Memory>(state % 2U); }
[[nodiscard]] constexpr Line line_of(unsigned state) { return static_cast<Line>(state / 2U); }

/// A set of hardware states: bit `state_index(m, l)` is set where that state is possible.
struct Belief {
  std::uint16_t bits = 0;
  bool operator==(const Belief&) const = default;
  [[nodiscard]] constexpr bool has(Memory m, Line l) const { return ((bits >> state_index(m, l)) & 1U) != 0; }
  [[nodiscard]] constexpr bool intersects(Belief other) const { return (bits & other.bits) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits == 0; }
  friend constexpr Belief operator|(Belief a, Belief b) { return Belief{static_cast<std::uint16_t>(a.bits | b.bits)}; }
};

[[nodiscard]] constexpr Belief only(Memory m, Line l) {
  return Belief{static_cast<std::uint16_t>(1U << state_index(m, l))};
}

/// What an agent can do to a line.
enum class Access : std::uint8_t {
  kCpuRead,             ///< a load; changes nothing beyond what a speculative fill may do
  kCpuWrite,            ///< stores that overwrite whole lines
  kCpuWritePart,        ///< a store into a part of the line: what else the line holds stays as it was
  kDeviceRead,          ///< a device that does not snoop
  kDeviceWrite,         ///< a device that does not snoop
  kCoherentRead,        ///< a snooping device
  kCoherentWrite,       ///< a snooping device whose write leaves the line absent
  kCoherentWriteDirty,  ///< a snooping device whose write stays dirty in the cache
};
inline constexpr unsigned kAccesses = 8;

/// A set of accesses that may happen, in any order and number.
struct AccessSet {
  std::uint8_t bits = 0;
  bool operator==(const AccessSet&) const = default;
  constexpr AccessSet& add(Access a) {
    bits = static_cast<std::uint8_t>(bits | (1U << static_cast<unsigned>(a)));
    return *this;
  }
  constexpr AccessSet& add(AccessSet other) {
    bits = static_cast<std::uint8_t>(bits | other.bits);
    return *this;
  }
  [[nodiscard]] constexpr bool has(Access a) const { return ((bits >> static_cast<unsigned>(a)) & 1U) != 0; }
};

/// A cache maintenance operation over the line.
enum class Operation : std::uint8_t { kNone, kClean, kInvalidate, kCleanInvalidate };
inline constexpr unsigned kOperations = 4;

/// Where a buffer can start.
namespace start {
/// The CPU wrote it through the cache (zeroing) and nothing was cleaned.
inline constexpr Belief kDirty = only(Memory::kOld, Line::kDirtyCurrent);
/// Nothing is cached and memory holds the data.
inline constexpr Belief kClean = only(Memory::kCurrent, Line::kAbsent);
/// Nothing is known.
inline constexpr Belief kAnything = Belief{(1U << kLineStates) - 1U};
}  // namespace start

namespace detail {

/// The states that one step of `a` leads to from `state`.
[[nodiscard]] constexpr Belief access_image(Access a, unsigned state) {
  const Memory m = memory_of(state);
  const Line l = line_of(state);
  const bool line_old = l == Line::kCleanOld || l == Line::kDirtyOld || (l == Line::kAbsent && m == Memory::kOld);
  switch (a) {
    case Access::kCpuWrite:
    case Access::kCoherentWriteDirty: return only(Memory::kOld, Line::kDirtyCurrent);
    case Access::kCpuWritePart: return line_old ? only(m, Line::kDirtyOld) : only(Memory::kOld, Line::kDirtyCurrent);
    case Access::kDeviceWrite:
      if (l == Line::kCleanCurrent) return only(Memory::kCurrent, Line::kCleanOld);
      if (l == Line::kDirtyCurrent) return only(Memory::kCurrent, Line::kDirtyOld);
      return only(Memory::kCurrent, l);
    case Access::kCoherentWrite: return only(Memory::kCurrent, Line::kAbsent);
    case Access::kCpuRead:
    case Access::kDeviceRead:
    case Access::kCoherentRead: break;
  }
  return only(m, l);
}

/// The states that the hardware reaches from `state` in one move of its own: it fills an absent line,
/// drops a clean one, writes a dirty one back (a dirty-old line then overwrites newer memory).
[[nodiscard]] constexpr Belief hardware_image(unsigned state) {
  const Memory m = memory_of(state);
  switch (line_of(state)) {
    case Line::kAbsent: return only(m, m == Memory::kCurrent ? Line::kCleanCurrent : Line::kCleanOld);
    case Line::kCleanCurrent:
    case Line::kCleanOld: return only(m, Line::kAbsent);
    case Line::kDirtyCurrent: return only(Memory::kCurrent, Line::kCleanCurrent);
    case Line::kDirtyOld: break;
  }
  return only(Memory::kOld, Line::kCleanOld);
}

[[nodiscard]] constexpr Belief operation_image(Operation op, unsigned state) {
  const Memory m = memory_of(state);
  const Line l = line_of(state);
  const bool dirty = l == Line::kDirtyCurrent || l == Line::kDirtyOld;
  const Memory written = l == Line::kDirtyCurrent ? Memory::kCurrent : Memory::kOld;
  switch (op) {
    case Operation::kClean: return dirty ? hardware_image(state) : only(m, l);
    case Operation::kInvalidate: return only(m, Line::kAbsent);
    case Operation::kCleanInvalidate: return only(dirty ? written : m, Line::kAbsent);
    case Operation::kNone: break;
  }
  return only(m, l);
}

inline constexpr unsigned kBeliefs = 1U << kLineStates;
using BeliefTable = std::array<std::uint16_t, kBeliefs>;

/// Extends a map on single states to all sets of states, by union.
[[nodiscard]] constexpr BeliefTable extend(const std::array<std::uint16_t, kLineStates>& single) {
  BeliefTable table{};
  for (unsigned b = 1; b < kBeliefs; ++b) {
    unsigned low = 0;
    while (((b >> low) & 1U) == 0) ++low;
    table[b] = static_cast<std::uint16_t>(table[b & (b - 1U)] | single[low]);
  }
  return table;
}

/// The states that become writers of the line: reads change nothing, so sets of accesses are told apart
/// by their writes alone. Bits: CPU write, CPU write of a part, device write, coherent write, the same dirty.
inline constexpr std::array<Access, 5> kWrites = {Access::kCpuWrite, Access::kCpuWritePart, Access::kDeviceWrite,
                                                  Access::kCoherentWrite, Access::kCoherentWriteDirty};
[[nodiscard]] constexpr unsigned write_index(AccessSet may) {
  unsigned index = 0;
  for (unsigned i = 0; i < kWrites.size(); ++i) index |= may.has(kWrites[i]) ? 1U << i : 0U;
  return index;
}

/// Everything reachable from `state` by the hardware's moves and the writes in `writes`.
[[nodiscard]] constexpr std::uint16_t reachable(unsigned writes, unsigned state) {
  auto seen = static_cast<std::uint16_t>(1U << state);
  for (std::uint16_t before = 0; before != seen;) {
    before = seen;
    for (unsigned s = 0; s < kLineStates; ++s) {
      if (((before >> s) & 1U) == 0) continue;
      seen = static_cast<std::uint16_t>(seen | hardware_image(s).bits);
      for (unsigned i = 0; i < kWrites.size(); ++i)
        if (((writes >> i) & 1U) != 0) seen = static_cast<std::uint16_t>(seen | access_image(kWrites[i], s).bits);
    }
  }
  return seen;
}

/// Indexed by [set of writes][belief]: 64 KiB of data, made at compile time.
[[nodiscard]] consteval std::array<BeliefTable, 32> make_advance() {
  std::array<BeliefTable, 32> tables{};
  for (unsigned w = 0; w < tables.size(); ++w) {
    std::array<std::uint16_t, kLineStates> single{};
    for (unsigned s = 0; s < kLineStates; ++s) single[s] = reachable(w, s);
    tables[w] = extend(single);
  }
  return tables;
}

[[nodiscard]] consteval std::array<BeliefTable, kOperations> make_operations() {
  std::array<BeliefTable, kOperations> tables{};
  for (unsigned op = 0; op < kOperations; ++op) {
    std::array<std::uint16_t, kLineStates> single{};
    for (unsigned s = 0; s < kLineStates; ++s) single[s] = operation_image(static_cast<Operation>(op), s).bits;
    tables[op] = extend(single);
  }
  return tables;
}

[[nodiscard]] consteval std::array<BeliefTable, kAccesses> make_accesses() {
  std::array<BeliefTable, kAccesses> tables{};
  for (unsigned a = 0; a < kAccesses; ++a) {
    std::array<std::uint16_t, kLineStates> single{};
    for (unsigned s = 0; s < kLineStates; ++s) single[s] = access_image(static_cast<Access>(a), s).bits;
    tables[a] = extend(single);
  }
  return tables;
}

inline constexpr std::array<BeliefTable, 32> kAdvance = make_advance();
inline constexpr std::array<BeliefTable, kOperations> kApply = make_operations();
inline constexpr std::array<BeliefTable, kAccesses> kImage = make_accesses();

/// AccessSet bits -> index of its writes, so that the hot path does no loop.
[[nodiscard]] consteval std::array<std::uint8_t, 256> make_write_index() {
  std::array<std::uint8_t, 256> table{};
  for (unsigned b = 0; b < table.size(); ++b)
    table[b] = static_cast<std::uint8_t>(write_index(AccessSet{static_cast<std::uint8_t>(b)}));
  return table;
}
inline constexpr std::array<std::uint8_t, 256> kWriteIndex = make_write_index();

}  // namespace detail

/// States in which a line would be read stale by whoever reads through the cache.
inline constexpr Belief kStaleThroughCache =
    only(Memory::kCurrent, Line::kCleanOld) | only(Memory::kOld, Line::kCleanOld) |
    only(Memory::kCurrent, Line::kDirtyOld) | only(Memory::kOld, Line::kDirtyOld) | only(Memory::kOld, Line::kAbsent);
/// States in which memory misses the newest data.
inline constexpr Belief kMemoryOld = only(Memory::kOld, Line::kAbsent) | only(Memory::kOld, Line::kCleanCurrent) |
                                     only(Memory::kOld, Line::kCleanOld) | only(Memory::kOld, Line::kDirtyCurrent) |
                                     only(Memory::kOld, Line::kDirtyOld);
/// States with a line that can be written back over what a device writes.
inline constexpr Belief kDirtyLine = only(Memory::kCurrent, Line::kDirtyCurrent) |
                                     only(Memory::kOld, Line::kDirtyCurrent) | only(Memory::kCurrent, Line::kDirtyOld) |
                                     only(Memory::kOld, Line::kDirtyOld);
/// States in which dropping the line destroys the only copy of the newest data.
inline constexpr Belief kOnlyCopyInCache = only(Memory::kOld, Line::kDirtyCurrent);

/// The belief after any number of the hardware's own moves. Idempotent.
[[nodiscard]] constexpr Belief hardware_closure(Belief b) { return Belief{detail::kAdvance[0][b.bits]}; }

/// The belief closed under the hardware's moves and the accesses in `may`. Idempotent.
[[nodiscard]] constexpr Belief advance(Belief b, AccessSet may) {
  return Belief{detail::kAdvance[detail::kWriteIndex[may.bits]][b.bits]};
}

/// The belief right after `op` ran, not closed.
[[nodiscard]] constexpr Belief apply(Operation op, Belief b) {
  return Belief{detail::kApply[static_cast<unsigned>(op)][b.bits]};
}

/// The belief right after `a` certainly happened, not closed.
[[nodiscard]] constexpr Belief perform(Access a, Belief b) {
  return Belief{detail::kImage[static_cast<unsigned>(a)][b.bits]};
}

/// The states in which `a` reads wrong data, or writes what a dirty line can later destroy.
[[nodiscard]] constexpr Belief hazards(Access a) {
  switch (a) {
    case Access::kCpuRead:
    case Access::kCoherentRead: return kStaleThroughCache;
    case Access::kDeviceRead: return kMemoryOld;
    case Access::kDeviceWrite: return kDirtyLine;
    case Access::kCpuWritePart: return kStaleThroughCache;
    case Access::kCpuWrite:
    case Access::kCoherentWrite:
    case Access::kCoherentWriteDirty: break;
  }
  return Belief{};
}

/// True where some run within the belief makes `a` a hazard.
[[nodiscard]] constexpr bool is_hazard(Access a, Belief b) { return b.intersects(hazards(a)); }

/// True where `op` can destroy data: an invalidate meets the only copy, or a clean writes a dirty-old
/// line over newer memory.
[[nodiscard]] constexpr bool can_lose(Operation op, Belief b) {
  const Belief dirty_old = only(Memory::kCurrent, Line::kDirtyOld);
  if (op == Operation::kInvalidate) return b.intersects(kOnlyCopyInCache);
  return op != Operation::kNone && b.intersects(dirty_old);
}

/// True where running `op` on an advanced belief changes nothing that any run could ever see.
/// `b` must be closed (`advance` or `hardware_closure` made it).
[[nodiscard]] constexpr bool has_no_effect(Operation op, Belief b) { return hardware_closure(apply(op, b)) == b; }

}  // namespace custody::model
