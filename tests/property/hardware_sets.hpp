// SPDX-License-Identifier: BSD-2-Clause
// Sets of states that memory, one cache line and the slots of bounce buffers can be in, by brute force. Shares nothing
// with the checker: each state is concrete, each move is one assignment, a set is closed by trying all moves.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

namespace custody::property {

inline constexpr unsigned kSlots = 4;

/// What somebody does to the line, or to slots. The first ones make data, and can be done by an agent at any time.
enum class Move : std::uint8_t {
  kCpuStore,            ///< the CPU overwrites the line
  kCpuStorePart,        ///< the CPU overwrites a part: old data beside it stays old, and is dirty now
  kDevicePut,           ///< a device writes memory
  kSnoopingPut,         ///< a device writes memory and throws the line out
  kSnoopingPutInCache,  ///< a device writes into the cache
  kSlotPut,             ///< a device behind a copy writes its slots
  kClean,
  kInvalidate,
  kCleanInvalidate,
  kNewSlot,  ///< a slot is made, and the buffer copied in
  kCopyIn,
  kCopyOut,
  kCopyOutMended,  ///< the same after the copy in that was missing
  kDropSlot,
};

/// A question to one state.
enum class Ask : std::uint8_t {
  kBufferOld,   ///< who reads through the cache gets old data
  kStaleLine,   ///< the same, and no slot is what it misses
  kMemoryOld,   ///< who reads memory gets old data
  kDirty,       ///< the line can be written back over what somebody writes to memory
  kSlotOld,     ///< one of these slots holds old data
  kOnlySlot,    ///< the newest data is in this slot and nowhere else
  kLosesDirty,  ///< the line has the newest data, dirty, and memory does not
};

/// `slots`: bits of the slots that it is about.
struct Step {
  Move move = Move::kClean;
  unsigned slots = 0;
};
struct Question {
  Ask ask = Ask::kBufferOld;
  unsigned slots = 0;
};

/// A set, by its number in `HardwareSets`. Equal numbers are equal sets.
using SetId = std::uint32_t;

/// All sets that were met, and what comes out of them. Grows with use; not thread safe.
class HardwareSets {
 public:
  /// Fresh memory that the CPU zeroed, memory as it is, and anything at all.
  [[nodiscard]] SetId dirty_start();
  [[nodiscard]] SetId clean_start();
  [[nodiscard]] SetId any_start();
  /// The states after the step.
  [[nodiscard]] SetId after(SetId set, Step step);
  /// All that can be reached by the hardware's own moves and by these, in any order and number.
  [[nodiscard]] SetId closure(SetId set, const std::vector<Step>& may);
  [[nodiscard]] bool any(SetId set, Question question) const;
  /// The states for which the answer is no. Where there are none: memory is newest, the line absent, slots are as new.
  [[nodiscard]] SetId without(SetId set, Question question);

 private:
  /// Bits: memory, present, dirty, line; then for each slot: it is there, it is newest. Whoever is not newest is old:
  /// how old, nobody asks.
  using State = std::uint16_t;
  using States = std::vector<State>;
  using Key = std::array<std::uint32_t, 2>;

  [[nodiscard]] SetId intern(States states);
  [[nodiscard]] static State own_move(State s);
  [[nodiscard]] static State after(State s, Step step);
  [[nodiscard]] static bool answer(State s, Question question);

  std::map<States, SetId> ids_;
  std::vector<States> sets_;
  std::map<Key, SetId> after_, closures_, without_;
};

}  // namespace custody::property
