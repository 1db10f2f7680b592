// SPDX-License-Identifier: BSD-2-Clause
// What caches may do to a cache line that is not always handled as a whole: of one block, or of two.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <vector>

#include "model/coherence.hpp"

namespace custody::model {

/// Blocks are what a device or a range can touch apart from its neighbours: half of the largest line.
struct LineShape {
  unsigned blocks = 1;        ///< 1, or 2 for ranges
  bool shared_line = false;   ///< the two blocks are one line of the CPU cache
  bool cleans_edges = false;  ///< an invalidate of a part of a line writes it back first, as arm64 does
};

/// Bit by block.
using BlockMask = std::uint8_t;

/// A set of the states of a line model.
using LineSet = std::bitset<128>;
static_assert(kLineStates * kLineStates <= LineSet().size());

/// The automaton of model/coherence.hpp for such a shape, as tables. A line of two blocks has one presence and one
/// dirty mark, and each block is current or old in memory and in the line: a write-back writes both, an invalidate
/// drops both. With one block the states are those of model/coherence.hpp, by the same numbers. A CPU that writes one
/// block of a line whose other block is stale meets a hazard (M9): the line goes back whole.
class LineModel {
 public:
  explicit LineModel(const LineShape& shape);

  /// States of two blocks in one line.
  static constexpr unsigned kTwoBlockStates = 48;

  struct Outcome {
    std::uint8_t next = 0;
    bool wrong = false;  ///< an operation loses the only copy, an access meets a hazard
  };
  [[nodiscard]] unsigned states() const { return states_; }
  [[nodiscard]] BlockMask all() const { return static_cast<BlockMask>((1U << shape_.blocks) - 1U); }
  /// Nothing cached, memory current.
  [[nodiscard]] std::uint8_t clean() const { return clean_; }
  /// The CPU wrote everything and nothing was cleaned.
  [[nodiscard]] std::uint8_t dirty() const { return dirty_; }
  /// Of two blocks in one line: the state in which both are as `whole`, a state of model/coherence.hpp, says.
  [[nodiscard]] static std::uint8_t of_whole(unsigned whole) { return of_blocks(whole, whole); }
  /// Of two blocks in one line: from their states by model/coherence.hpp. The presence is that of the first.
  [[nodiscard]] static std::uint8_t of_blocks(unsigned first, unsigned second);
  /// Of two blocks in one line: the state of one of them, by model/coherence.hpp.
  [[nodiscard]] static unsigned block_of(unsigned state, unsigned block);
  /// What the hardware can do next by itself.
  [[nodiscard]] const std::vector<std::uint8_t>& moves(unsigned state) const { return moves_[state]; }
  [[nodiscard]] Outcome operate(Operation op, BlockMask blocks, unsigned state) const {
    return operations_[static_cast<std::size_t>(op)][blocks][state];
  }
  [[nodiscard]] Outcome access(Access access, BlockMask blocks, unsigned state) const {
    return accesses_[static_cast<std::size_t>(access)][blocks][state];
  }

 private:
  using Table = std::array<std::vector<Outcome>, 4>;  ///< by mask

  LineShape shape_;
  unsigned states_;
  std::uint8_t clean_, dirty_;
  std::vector<std::vector<std::uint8_t>> moves_;
  std::array<Table, kOperations> operations_;
  std::array<Table, kAccesses> accesses_;
};

}  // namespace custody::model
