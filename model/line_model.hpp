// SPDX-License-Identifier: BSD-2-Clause
// The states of a cache line of one block or of two by numbers, for a search.
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
static_assert(std::size_t{kLineStates} * kLineStates <= LineSet().size());

/// The automaton of model/line_state.hpp for such a shape, as tables. With one block the states are those of
/// model/coherence.hpp, by the same numbers.
class LineModel {
 public:
  explicit LineModel(const LineShape& shape);

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
  /// What the hardware can do next by itself.
  [[nodiscard]] const std::vector<std::uint8_t>& moves(unsigned state) const { return moves_[state]; }
  [[nodiscard]] Outcome operate(Operation op, BlockMask blocks, unsigned state) const {
    return operations_[static_cast<std::size_t>(op)][blocks][state];
  }
  [[nodiscard]] Outcome access(Access access, BlockMask blocks, unsigned state) const {
    return accesses_[static_cast<std::size_t>(access)][blocks][state];
  }
  /// The CPU stored everywhere what is newest there already.
  [[nodiscard]] std::uint8_t rewritten(unsigned state) const { return rewritten_[state]; }

 private:
  using Table = std::array<std::vector<Outcome>, 4>;  ///< by mask

  LineShape shape_;
  unsigned states_;
  std::uint8_t clean_, dirty_;
  std::vector<std::uint8_t> rewritten_;
  std::vector<std::vector<std::uint8_t>> moves_;
  std::array<Table, kOperations> operations_;
  std::array<Table, kAccesses> accesses_;
};

}  // namespace custody::model
