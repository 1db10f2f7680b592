// SPDX-License-Identifier: BSD-2-Clause
// Sets of states that one cache line and its memory can be in, block by block, by brute force. Shares nothing with the
// checker: each state is concrete, each move is one assignment, a set is closed by trying all moves.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "tests/property/program.hpp"

namespace custody::property {

/// What somebody does to blocks of the line, or the processor to the whole of it.
enum class BlockMove : std::uint8_t {
  kStore,        ///< the CPU overwrites the blocks; a snooping device may write in the same way
  kDevicePut,    ///< a device writes memory
  kSnoopingPut,  ///< a device throws the line out, and writes memory
  kClean,
  kInvalidate,
  kCleanInvalidate,
};

/// A question to one state.
enum class BlockAsk : std::uint8_t {
  kBufferOld,   ///< who reads the blocks through the cache gets old data
  kMemoryOld,   ///< who reads them in memory gets old data
  kDirty,       ///< the line can be written back over what somebody writes to memory
  kBesideOld,   ///< the other blocks are old for who reads through the cache: they go back with these
  kLosesDirty,  ///< of some block the line has the newest data, dirty, and memory does not
  kLosesNewer,  ///< memory has it, and the dirty line does not
};

/// A set, by its number in `BlockSets`. Equal numbers are equal sets.
using BlockSetId = std::uint32_t;

/// All sets that were met, and what comes out of them; each is closed. Grows with use; not thread safe.
class BlockSets {
 public:
  /// Fresh memory that the CPU zeroed, memory as it is, and anything at all.
  [[nodiscard]] BlockSetId dirty_start();
  [[nodiscard]] BlockSetId clean_start();
  [[nodiscard]] BlockSetId any_start();
  /// After the move, which is of the blocks whose bits are set.
  [[nodiscard]] BlockSetId after(BlockSetId set, BlockMove move, unsigned blocks);
  [[nodiscard]] BlockSetId both(BlockSetId one, BlockSetId other);
  /// Had the line been written back in time: memory has all of it. What the line had old, it has old still.
  [[nodiscard]] BlockSetId as_if_cleaned(BlockSetId set);
  [[nodiscard]] bool any(BlockSetId set, BlockAsk ask, unsigned blocks) const;
  /// The states for which the answer is no. Where there are none: memory is newest, the line absent.
  [[nodiscard]] BlockSetId without(BlockSetId set, BlockAsk ask, unsigned blocks);

 private:
  /// The newest data of a block is in memory, in the line, or in both.
  struct State {
    bool present = false, dirty = false;
    unsigned memory = 0, line = 0;  ///< blocks that are newest there
    auto operator<=>(const State&) const = default;
  };
  using States = std::vector<State>;

  [[nodiscard]] BlockSetId intern(States states);
  static void fill(State& s);
  static void write_back(State& s);
  [[nodiscard]] static State after(State s, BlockMove move, unsigned blocks);
  [[nodiscard]] static bool answer(const State& s, BlockAsk ask, unsigned blocks);

  std::map<States, BlockSetId> ids_;
  std::vector<States> sets_;
  std::map<std::tuple<BlockSetId, BlockMove, unsigned>, BlockSetId> after_;
};

}  // namespace custody::property
