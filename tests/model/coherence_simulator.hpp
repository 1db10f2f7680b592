// SPDX-License-Identifier: BSD-2-Clause
// The oracle of the coherence automaton: memory and one cache line with version numbers, by brute force.
//
// Slow, and linked into tests only. It must not include "model/coherence.hpp": what it finds is compared with that
// file, so it may not share a single rule with it.
#pragma once

#include <array>
#include <set>
#include <tuple>
#include <vector>

namespace custody::model::test {

/// What memory and the cache really hold of one line. A version is the number of the write that made the data, so
/// "newest" and "old" are comparisons and never stored.
struct Hardware {
  int newest = 0;  ///< the version that a correct reader must see, held by somebody or lost
  int memory = 0;
  bool present = false;
  bool dirty = false;
  int cached = 0;  ///< 0 where the line is absent
  bool operator==(const Hardware&) const = default;
  bool operator<(const Hardware& o) const {
    return std::tie(newest, memory, present, dirty, cached) <
           std::tie(o.newest, o.memory, o.present, o.dirty, o.cached);
  }
};

/// What an agent or the cache maintenance does to the line.
enum class Action {
  kLoad,                ///< the CPU reads
  kStoreLine,           ///< the CPU overwrites the whole line
  kStorePart,           ///< the CPU overwrites a part of the line
  kFetch,               ///< a device reads memory
  kPut,                 ///< a device writes memory
  kSnoopingFetch,       ///< a device reads through the cache
  kSnoopingPut,         ///< a device writes memory and throws the line out
  kSnoopingPutInCache,  ///< a device writes into the cache
  kCleanLine,
  kInvalidateLine,
  kCleanInvalidateLine,
};
inline constexpr std::array kAllActions = {
    Action::kLoad,      Action::kStoreLine,      Action::kStorePart,          Action::kFetch,
    Action::kPut,       Action::kSnoopingFetch,  Action::kSnoopingPut,        Action::kSnoopingPutInCache,
    Action::kCleanLine, Action::kInvalidateLine, Action::kCleanInvalidateLine};

using States = std::set<Hardware>;

/// A line in two halves that are stored to one by one: presence and dirtiness are the line's, versions the halves'.
/// Here a store of a part is a fact of its own, and not the rule for the whole line that `Action::kStorePart` is on
/// `Hardware`.
struct Halves {
  Hardware left, right;
  bool operator==(const Halves&) const = default;
  bool operator<(const Halves& o) const { return std::tie(left, right) < std::tie(o.left, o.right); }
};
using HalvesStates = std::set<Halves>;

/// True where memory, or the line, holds the newest data. An absent line holds none.
[[nodiscard]] inline bool memory_is_newest(const Hardware& h) { return h.memory == h.newest; }
[[nodiscard]] inline bool line_is_newest(const Hardware& h) { return h.present && h.cached == h.newest; }

/// The hardware has exactly one move of its own from each state: it fills an absent line, writes a dirty one back, and
/// drops a clean one.
[[nodiscard]] Hardware own_move(Hardware h);

/// The state after `action`. Versions are renumbered from 0, in order, so that states repeat.
[[nodiscard]] Hardware after(Action action, Hardware h);

/// The states after `action` happened in each of `states`. A part of `Halves` is either half.
[[nodiscard]] States after(Action action, const States& states);
[[nodiscard]] HalvesStates after(Action action, const HalvesStates& states);

/// Everything reachable by any number of the hardware's own moves and of the actions in `may`, in any order.
[[nodiscard]] States closure(const States& states, const std::vector<Action>& may);
[[nodiscard]] HalvesStates closure(const HalvesStates& states, const std::vector<Action>& may);

/// Every state that there is: any versions, any line.
[[nodiscard]] States every_state();
[[nodiscard]] HalvesStates every_state_of_halves();

/// True where `access` reads data that is not the newest, stores into such a line, or writes memory under a dirty
/// line that may later be written back over it.
[[nodiscard]] bool goes_wrong(Action access, const Hardware& h);
[[nodiscard]] bool goes_wrong(Action access, const Halves& h);

/// True where `maintenance` leaves nobody with the newest data, and a dirty line was there to lose it.
[[nodiscard]] bool loses_a_write(Action maintenance, const Hardware& h);

}  // namespace custody::model::test
