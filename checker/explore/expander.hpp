// SPDX-License-Identifier: BSD-2-Clause
// One thread's part of a search: expands cells of a level, and puts what it finds into the set.
#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <span>
#include <vector>

#include "checker/explore/state_table.hpp"
#include "checker/explore/step_tables.hpp"

namespace custody::checker::explore {

/// A run of chunks that one thread begins with. Neighbours in a frontier have successors in common: threads that work
/// far from each other do not wait for the same cache lines.
struct alignas(128) Section {
  std::span<const std::span<const Cell>> chunks;
  std::atomic<std::size_t> taken = 0;
  [[nodiscard]] std::span<const std::span<const Cell>> left() const {
    return chunks.subspan(std::min<std::size_t>(taken, chunks.size()));
  }
};

/// What threads share while they expand a part of a level.
struct Level {
  std::vector<Section> sections;         ///< one a thread
  unsigned depth;                        ///< of these states
  PropertySet broken;                    ///< properties that an earlier level broke
  std::uint64_t room;                    ///< no more chunks are taken once so many states were found
  std::atomic<std::int64_t> free_cells;  ///< of the set, that nobody has claimed
  std::atomic<std::uint64_t> found = 0;
  std::atomic<bool> is_full = false;  ///< the set must grow
};

/// What the expanders of a search found adds up to the same whoever found it.
class alignas(128) Expander {
 public:
  Expander(const System& system, StateTable& table, bool symmetry);

  std::vector<Cell> found;                                  ///< cells with states of the next level
  std::vector<Cell> frontier;                               ///< those that it found of this level
  std::uint64_t states_found = 0, cells_found = 0;          ///< new ones, so far
  std::vector<Packed> doubtful;                             ///< giving everything back does not lead to the release
  std::array<std::optional<Packed>, kProperties> breaks{};  ///< the least state of the level that breaks a property

  [[nodiscard]] Totals totals() const { return tables_.totals(); }
  /// Successors that wait for the set to grow; each may need a cell.
  [[nodiscard]] std::size_t waiting() const { return successors_.size(); }

  void next_frontier();
  /// Gives its memory back, of a search that does not go on.
  void forget();
  /// Its own section, then what others have left.
  void work(Level& level, std::size_t member);
  /// One of its successors is not in doubt.
  [[nodiscard]] bool leads_out_of_doubt(Packed state);
  [[nodiscard]] Places& places() { return places_; }

 private:
  struct Found {
    Cell cell;
    CellMask states;
    StateTable::Bucket* bucket;
  };
  /// More calls than any client of these bounds has to take back.
  static constexpr std::size_t kLongestWay = 256;

  [[nodiscard]] bool can_release(Packed state);
  [[nodiscard]] Packed& known_way(Packed state) { return ways_[(state * 0x9e3779b97f4a7c15ULL) >> 50U]; }
  [[nodiscard]] Packed canonical(Packed s) const { return symmetry_ ? system_.canonical(s) : s; }
  void reach(const Cell& cell, CellMask states) { successors_.push_back({cell, states, table_.prefetch(cell)}); }
  void note_breaks(Packed state, PropertySet broken);
  void expand(const Cell& cell, CellMask states, PropertySet known);
  void expand_whole(Packed state, PropertySet known);
  void expand(std::span<const Cell> chunk, Level& level);
  void work(Level& level, Section& section);
  /// False where the set must grow first; the successors wait.
  [[nodiscard]] bool store(Level& level);

  const System& system_;
  StateTable& table_;
  StepTables tables_;
  Places places_;
  bool symmetry_;
  std::vector<Found> successors_;
  std::vector<Packed> way_;
  std::vector<Packed> ways_ = std::vector<Packed>(std::size_t{1} << 14U, ~Packed{0});
};

}  // namespace custody::checker::explore
