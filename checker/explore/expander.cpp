// SPDX-License-Identifier: BSD-2-Clause
// Expands cells of a level, and puts what it finds into the set.
#include "checker/explore/expander.hpp"

#include <bit>

namespace custody::checker::explore {

Expander::Expander(const System& system, StateTable& table, bool symmetry)
    : system_(system), table_(table), tables_(system, table.residues()), places_(system.layout(), table.residues()),
      symmetry_(symmetry) {}

void Expander::next_frontier() {
  std::swap(frontier, found);
  found.clear();
}

void Expander::forget() {
  found = {};
  frontier = {};
  doubtful = {};
  successors_ = {};
}

void Expander::work(Level& level, std::size_t member) {
  for (Found& waiting : successors_) waiting.bucket = table_.prefetch(waiting.cell);
  if (!store(level)) return;
  for (std::size_t i = 0; i < level.sections.size(); ++i)
    work(level, level.sections[(member + i) % level.sections.size()]);
}

bool Expander::leads_out_of_doubt(Packed state) {
  return tables_.any(state, [&](Packed next) { return !table_.is_doubtful(places_.of(canonical(next))); });
}

/// Giving back, call by call, ends at the release. The ways of most states soon meet: the last stretches are kept.
bool Expander::can_release(Packed state) {
  way_.clear();
  std::optional<Packed> at = state;
  while (!system_.is_freed(*at) && known_way(*at) != *at) {
    if (way_.size() == kLongestWay) return false;
    way_.push_back(*at);
    at = tables_.give_back(*at);
    if (!at) return false;
  }
  for (const Packed passed : way_) known_way(passed) = passed;
  return true;
}

void Expander::note_breaks(Packed state, PropertySet broken) {
  for (unsigned left = broken; left != 0; left &= left - 1) {
    std::optional<Packed>& least = breaks[static_cast<std::size_t>(std::countr_zero(left))];
    if (!least || state < *least) least = state;
  }
}

void Expander::expand(const Cell& cell, CellMask states, PropertySet known) {
  tables_.expand_cell(
      cell, states, symmetry_,
      [&](Cell next, CellMask reached) {
        next.devices = canonical(next.devices);
        reach(next, reached);
      },
      [&](Packed state, PropertySet broken, std::optional<Packed> next) {
        note_breaks(state, static_cast<PropertySet>(broken & ~known));
        if (!system_.is_freed(state) && (!next || !can_release(*next))) doubtful.push_back(state);
      });
}

void Expander::expand_whole(Packed state, PropertySet known) {
  PropertySet broken = 0;
  tables_.expand(state, [&](Packed next, PropertySet breaks_now) {
    broken |= breaks_now;
    if (next == state) return;
    const Place place = places_.of(canonical(next));
    reach(place.cell, CellMask{1} << place.slot);
  });
  if (!can_release(state)) doubtful.push_back(state);
  note_breaks(state, static_cast<PropertySet>(broken & ~known));
}

void Expander::expand(std::span<const Cell> chunk, Level& level) {
  for (const Cell& cell : chunk) {
    const CellMask states = table_.of_depth(cell, level.depth);
    if (system_.is_separable()) expand(cell, states, level.broken);
    for (CellMask left = system_.is_separable() ? 0 : states; left != 0; left &= left - 1)
      expand_whole(places_.state(cell, static_cast<unsigned>(std::countr_zero(left))), level.broken);
    // Where the set is full, what a chunk reaches waits.
    constexpr std::size_t kBatch = 96;
    if (successors_.size() >= kBatch && !level.is_full) static_cast<void>(store(level));
  }
}

void Expander::work(Level& level, Section& section) {
  while (level.found < level.room && !level.is_full) {
    const std::size_t chunk = section.taken.fetch_add(1);
    if (chunk >= section.chunks.size()) return;
    expand(section.chunks[chunk], level);
    if (!store(level)) return;
  }
}

bool Expander::store(Level& level) {
  const auto most = static_cast<std::int64_t>(successors_.size());
  if (most == 0) return true;
  if (level.free_cells.fetch_sub(most) < most) {
    level.free_cells += most;
    level.is_full = true;
    return false;
  }
  const std::uint64_t states_before = states_found, cells_before = cells_found;
  for (const Found& next : successors_) {
    const StateTable::Added added = table_.add(next.cell, next.states, next.bucket, level.depth + 1);
    if (added.is_new_cell) ++cells_found;
    if (added.states == 0) continue;
    states_found += static_cast<unsigned>(std::popcount(added.states));
    if (added.is_first_of_depth) found.push_back(next.cell);
  }
  successors_.clear();
  level.free_cells += most - static_cast<std::int64_t>(cells_found - cells_before);
  level.found += states_found - states_before;
  return true;
}

}  // namespace custody::checker::explore
