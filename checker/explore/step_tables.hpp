// SPDX-License-Identifier: BSD-2-Clause
// The transitions of a system as dense tables of bits to flip, made as the search meets them.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "checker/explore/cells.hpp"
#include "checker/explore/system.hpp"

namespace custody::checker::explore {

/// One transition, relative to the state that it leaves. Many are read for each state: they are small.
struct Step {
  static constexpr unsigned kKindBits = 5;
  static_assert(kLabelKinds <= 1U << kKindBits && kProperties <= 16 - kKindBits);
  std::uint32_t flips = 0;       ///< of the buffer's part of the state
  std::uint8_t block_flips = 0;  ///< of the device's block
  std::uint8_t operations = 0;
  std::uint16_t kind : kKindBits = 0;         ///< Label::Kind
  std::uint16_t broken : 16 - kKindBits = 0;  ///< PropertySet
};

/// Where transitions lead that do the same to the devices: states of one cell, relative to the state that they leave.
struct Target {
  CellMask states = 0;
  std::uint32_t page = 0;
  std::uint32_t count_flips = 0;  ///< of the counts of devices
  std::uint8_t block_flips = 0;   ///< of the device's block
};

/// What a number of expansions did.
struct Totals {
  std::array<std::uint64_t, kLabelKinds> seen{};    ///< transitions by Label::Kind
  std::array<std::uint64_t, kProperties> broken{};  ///< transitions by Property
  std::uint64_t transitions = 0;
  std::uint64_t handovers = 0, operations = 0, most_operations = 0;  ///< of hand-overs
  void add(const Totals& other);
  void count(Label::Kind kind, PropertySet breaks, std::uint8_t ran, std::uint64_t times);
};

/// What a device, or the buffer and the CPU, can do depends on the buffer's part of a state, on the device's own block
/// and on a digest of all blocks (Layout::digest), and so do its effects: few combinations, many states. Each
/// combination is asked of the system once and kept. One object serves one thread.
class StepTables {
 public:
  /// Of states whose residues are numbered there. Both must outlive it.
  StepTables(const System& system, Residues& residues);

  /// Calls `take(next, broken)` for each transition of `state`, `broken` being the set of properties that it breaks.
  template <typename Take>
  void expand(Packed state, const Take& take) {
    if (!system_.is_separable()) return expand_whole(state, take);
    const std::uint32_t entry = entry_of(state);
    run(state, shared_row(state, entry), 0, take);
    for (unsigned d = 0; d < block_.count; ++d) run(state, device_row(state, entry, d), block_.shift[d], take);
  }
  /// Expands states of a cell, of a separable system, all at once: `reaches(cell, states)` for each cell that they lead
  /// to, `each(state, broken, next)` for each state, `next` being what a call that gives something back leads to, or
  /// none. Where `likes_are_one`, one device stands for all that are like it and in the same state.
  template <typename Reaches, typename Each>
  void expand_cell(const Cell& cell, CellMask states, bool likes_are_one, const Reaches& reaches, const Each& each) {
    gather_columns(cell);
    std::vector<std::uint32_t>& entries = entries_of(cell);
    for (CellMask left = states; left != 0; left &= left - 1) {
      const auto slot = static_cast<unsigned>(std::countr_zero(left));
      const Packed state = cells_.places.state(cell, slot);
      const std::uint32_t entry = entry_in(entries, cell.page * kCellStates + slot, state);
      PropertySet broken = 0;
      std::optional<Packed> next;
      for (unsigned c = 0; c < cells_.used; ++c) {
        Column& column = cells_.columns[c];
        const std::uint32_t index = row_in(state, entry, column);
        Row& row = rows_[index];
        row.uses += column.devices;
        broken |= row.broken;
        if (!next && row.gives_back != kUnknown) next = after(state, row.gives_back, column.shift[0]);
        for (std::uint32_t t = row.targets; t != row.targets_end; ++t) column.add(cells_.targets[t]);
      }
      each(state, broken, next);
    }
    for (unsigned c = 0; c < cells_.used; ++c)
      for (const Target& to : cells_.columns[c].reached)
        for (unsigned d = 0; d < (likes_are_one ? 1U : cells_.columns[c].devices); ++d)
          reaches(
              Cell{cell.devices ^ to.count_flips ^ (static_cast<Packed>(to.block_flips) << cells_.columns[c].shift[d]),
                   to.page},
              to.states);
  }
  /// Does `is(next)` hold of a transition of `state`? One of those expanded before; stops at the first, counts nothing.
  template <typename Is>
  [[nodiscard]] bool any(Packed state, const Is& is) {
    if (!system_.is_separable()) {
      system_.successors(state, successors_);
      return std::any_of(successors_.begin(), successors_.end(), [&](const Successor& s) { return is(s.next); });
    }
    const std::uint32_t entry = entry_of(state);
    for (unsigned d = 0; d < block_.count; ++d)
      if (any_in(state, device_row(state, entry, d), block_.shift[d], is)) return true;
    return any_in(state, shared_row(state, entry), 0, is);
  }
  /// The state after a call that gives something back: ends a window, unmaps, detaches, drops a mapping, releases.
  [[nodiscard]] std::optional<Packed> give_back(Packed state) {
    if (!system_.is_separable()) return give_back_whole(state);
    const std::uint32_t entry = entry_of(state);
    std::uint32_t step = rows_[shared_row(state, entry)].gives_back;
    if (step != kUnknown) return after(state, step, 0);
    for (unsigned d = 0; d < block_.count; ++d) {
      step = rows_[device_row(state, entry, d)].gives_back;
      if (step != kUnknown) return after(state, step, block_.shift[d]);
    }
    return std::nullopt;
  }
  /// Of all expansions so far.
  [[nodiscard]] Totals totals() const;

 private:
  static constexpr std::uint32_t kUnknown = 0xffffffffU;
  static constexpr unsigned kClasses = 2;

  /// A run of transitions that states have in common.
  struct Row {
    std::uint32_t begin = 0, count = 0;
    std::uint32_t gives_back = kUnknown;  ///< the first step that gives something back
    std::uint32_t targets = 0, targets_end = 0;
    PropertySet broken = 0;  ///< by any of its steps
    std::uint64_t uses = 0;  ///< expansions that took it
  };
  /// Devices of a cell that have the same rows; or the buffer and the CPU.
  struct Column {
    std::uint32_t index = 0;
    unsigned devices = 0;
    std::array<std::uint8_t, kMaxDevices> device{}, shift{};
    std::vector<Target> reached;
    void add(const Target& to) {
      for (Target& there : reached)
        if (there.page == to.page && there.block_flips == to.block_flips) {
          there.states |= to.states;
          return;
        }
      reached.push_back(to);
    }
  };
  struct Slot {
    std::uint64_t key = ~std::uint64_t{0};
    std::uint32_t entry = 0;
  };

  /// Where a transition may see or change more than its own block: nothing is kept.
  template <typename Take>
  void expand_whole(Packed state, const Take& take) {
    system_.successors(state, successors_);
    for (const Successor& next : successors_) {
      whole_.count(next.label.kind, next.broken, next.operations, 1);
      take(next.next, next.broken);
    }
  }
  [[nodiscard]] std::optional<Packed> give_back_whole(Packed state);
  template <typename Take>
  void run(Packed state, std::uint32_t index, unsigned shift, const Take& take) {
    Row& row = rows_[index];
    ++row.uses;
    const Step* step = steps_.data() + row.begin;
    for (const Step* const end = step + row.count; step != end; ++step)
      take(state ^ step->flips ^ (static_cast<Packed>(step->block_flips) << shift), PropertySet{step->broken});
  }
  template <typename Is>
  [[nodiscard]] bool any_in(Packed state, std::uint32_t index, unsigned shift, const Is& is) const {
    const Row& row = rows_[index];
    return std::any_of(steps_.begin() + row.begin, steps_.begin() + row.begin + row.count, [&](const Step& step) {
      return is(state ^ step.flips ^ (static_cast<Packed>(step.block_flips) << shift));
    });
  }
  [[nodiscard]] std::uint32_t entry_of(Packed state) {
    const std::uint64_t key =
        (state & buffer_mask_) | (static_cast<std::uint64_t>(system_.layout().digest(state)) << 40U);
    for (std::size_t at = (key * 0x9e3779b97f4a7c15ULL) >> shift_;; at = (at + 1) & (index_.size() - 1)) {
      if (index_[at].key == key) return index_[at].entry;
      if (index_[at].key == ~std::uint64_t{0}) return add_entry(key);
    }
  }
  [[nodiscard]] std::uint32_t shared_row(Packed state, std::uint32_t entry) {
    std::uint32_t& row = table_[static_cast<std::size_t>(entry) * stride_];
    return row != kUnknown ? row : row = make_row(state, kUnknown);
  }
  [[nodiscard]] std::uint32_t device_row(Packed state, std::uint32_t entry, unsigned d) {
    const std::uint32_t column = column_of(state, d);
    std::uint32_t& row = table_[static_cast<std::size_t>(entry) * stride_ + column];
    return row != kUnknown ? row : row = make_row(state, d);
  }
  /// The column of a device's block, for those of its kind.
  [[nodiscard]] std::uint32_t column_of(Packed state, unsigned d) {
    const auto block = static_cast<std::uint32_t>((state >> block_.shift[d]) & block_.mask);
    std::uint16_t& column = columns_[(system_.configuration().snoops(d) ? 1U : 0U) * (block_.mask + 1U) + block];
    if (column == 0) add_column(column);
    return column;
  }
  void gather_columns(const Cell& cell);
  /// Of the states with these counts and this digest, by number.
  [[nodiscard]] std::vector<std::uint32_t>& entries_of(const Cell& cell);
  [[nodiscard]] std::uint32_t entry_in(std::vector<std::uint32_t>& entries, std::size_t number, Packed state) {
    if (number >= entries.size()) entries.resize(number + kCellStates, kUnknown);
    std::uint32_t& entry = entries[number];
    return entry != kUnknown ? entry : entry = entry_of(state);
  }
  [[nodiscard]] std::uint32_t row_in(Packed state, std::uint32_t entry, const Column& column) {
    std::uint32_t& row = table_[static_cast<std::size_t>(entry) * stride_ + column.index];
    return row != kUnknown ? row : row = make_row(state, column.index == 0 ? kUnknown : column.device[0]);
  }
  [[nodiscard]] Packed after(Packed state, std::uint32_t step, unsigned shift) const {
    return state ^ steps_[step].flips ^ (static_cast<Packed>(steps_[step].block_flips) << shift);
  }
  std::uint32_t add_entry(std::uint64_t key);
  void add_column(std::uint16_t& column);
  /// Of a row whose targets begin at `first`.
  void add_target(std::size_t first, const Step& step, Packed next);
  std::uint32_t make_row(Packed state, std::uint32_t device);
  void insert(std::uint64_t key, std::uint32_t entry);

  const System& system_;
  unsigned shift_;
  Packed buffer_mask_;
  /// Where each device's block is in a state, and the bits of one block.
  struct Blocks {
    Packed mask;
    unsigned count;
    std::array<std::uint8_t, kMaxDevices> shift{};
  } block_;
  std::vector<Slot> index_;             ///< open addressing: key -> entry
  std::vector<std::uint16_t> columns_;  ///< by class and block; 0 where not seen yet
  std::vector<std::uint32_t> table_;    ///< rows by entry and column; column 0 is what is not a device's
  std::uint32_t entries_ = 0, used_columns_ = 1, stride_ = 8;
  std::vector<Row> rows_;
  std::vector<Step> steps_;
  /// What cells are expanded with.
  struct {
    Places places;
    std::vector<Target> targets;                                            ///< of all rows
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> entries;  ///< by counts and digest, then by number
    std::array<Column, kMaxDevices + 1> columns;                            ///< of the cell that is expanded
    unsigned used = 0;                                                      ///< of them
  } cells_;
  std::vector<Successor> successors_;
  Totals whole_;  ///< of `expand_whole`
};

}  // namespace custody::checker::explore
