// SPDX-License-Identifier: BSD-2-Clause
// States in groups: a cell holds states whose devices are in the same states, a bit for each.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "checker/explore/layout.hpp"

namespace custody::checker::explore {

/// States of one cell: bit by number, beginning with the cell's first.
using CellMask = std::uint64_t;
inline constexpr unsigned kCellStates = 48;

/// What the states of a cell have in common. The rest of a state, its residue, is numbered: few residues go with many
/// blocks of devices, so that a cell in which most residues occur takes little more than a byte for each state.
struct Cell {
  Packed devices = 0;      ///< the blocks of the devices, and their counts in the buffer's part
  std::uint32_t page = 0;  ///< numbers from `page * kCellStates` on
};

struct Place {
  Cell cell;
  unsigned slot = 0;  ///< in the cell
};

/// Numbers residues from 0 on, in the order in which they are met. Any number of threads may ask at the same time.
class Residues {
 public:
  [[nodiscard]] std::uint32_t number_of(std::uint32_t residue);
  /// Adds to `known`, which has the first ones, all others that there are.
  void learn(std::vector<std::uint32_t>& known) const;

 private:
  mutable std::mutex one_;
  std::unordered_map<std::uint32_t, std::uint32_t> numbers_;
  std::vector<std::uint32_t> residues_;
};

/// Where states are: one thread's view of the residues, which must outlive it.
class Places {
 public:
  Places(const Layout& layout, Residues& residues) : of_devices_(devices_of(layout)), residues_(residues) {}

  [[nodiscard]] static Packed devices_of(const Layout& layout) {
    return (~Packed{0} << layout.devices_at) | layout.masks.counts;
  }
  /// Numbers what is new in it.
  [[nodiscard]] Place of(Packed state);
  [[nodiscard]] Packed state(const Cell& cell, unsigned slot) {
    const std::size_t number = std::size_t{cell.page} * kCellStates + slot;
    if (number >= known_.size()) residues_.learn(known_);
    return cell.devices | known_[number];
  }

 private:
  Packed of_devices_;
  Residues& residues_;
  std::vector<std::uint32_t> known_;  ///< residues by number
  std::unordered_map<std::uint32_t, std::uint32_t> numbers_;
};

}  // namespace custody::checker::explore
