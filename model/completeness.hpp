// SPDX-License-Identifier: BSD-2-Clause
// The proof that every (state, event, world) has exactly one answer: one transition or one refusal.
#pragma once

#include <cstdint>
#include <iterator>

#include "model/world.hpp"

namespace custody::model {

/// The fields that the rows of one cell look at, one bit a field.
template <std::size_t N>
[[nodiscard]] constexpr std::uint64_t fields_of_cell(const Row (&table)[N], Id state, Id event) {
  std::uint64_t fields = 0;
  for (const Row& row : table)
    if (row.from == state && row.event == event)
      for (const Id g : row.guards) fields |= std::uint64_t{1} << kGuards[g].field;
  return fields;
}

/// Steps `cells` to the next combination of values of `fields`; false after the last.
consteval bool next_combination(Cells& cells, std::uint64_t fields) {
  for (std::size_t f = 0; f < kFieldCount; ++f) {
    if (((fields >> f) & 1U) == 0) continue;
    if (cells.v[f] < kFields[f].max) return ++cells.v[f], true;
    cells.v[f] = 0;
  }
  return false;
}

/// Number of rows of `table` that answer.
template <std::size_t N>
[[nodiscard]] consteval int answers(const Row (&table)[N], Id state, Id event, const Cells& cells) {
  int count = 0;
  for (const Row& row : table) count += row.answers(state, event, cells) ? 1 : 0;
  return count;
}

/// True where each consistent combination of the fields that the cell looks at has exactly one answer. Fields that no
/// guard of the cell mentions cannot change the answer, so this covers every world.
template <std::size_t N, std::size_t M>
[[nodiscard]] consteval bool cell_is_complete(const Row (&rows)[N], const Row (&refusals)[M], Id state, Id event) {
  const std::uint64_t fields = fields_of_cell(rows, state, event) | fields_of_cell(refusals, state, event);
  // The compiled tables are written for a CPU that owns in windows.
  const std::uint64_t known = fields | std::uint64_t{1} << at(kFields, "cpu_owns");
  Cells cells;
  do {
    if (!is_consistent(state, cells, known)) continue;
    if (answers(rows, state, event, cells) + answers(refusals, state, event, cells) != 1) return false;
  } while (next_combination(cells, fields));
  return true;
}

/// The first cell without exactly one answer, as state * kEventCount + event; -1 where there is none.
template <std::size_t N, std::size_t M>
[[nodiscard]] consteval int first_incomplete_cell(const Row (&rows)[N], const Row (&refusals)[M], Id first_state,
                                                  Id end_state, auto event_applies) {
  for (Id s = first_state; s < end_state; ++s)
    for (Id e = 0; e < kEventCount; ++e)
      if (event_applies(s, e) && !cell_is_complete(rows, refusals, s, e)) return s * static_cast<int>(kEventCount) + e;
  return -1;
}

/// Ids are PREFIX followed by 01, 02, ... in order: never renumbered, never reused.
template <std::size_t N>
[[nodiscard]] consteval bool ids_ascend(const Row (&table)[N]) {
  for (std::size_t i = 1; i < N; ++i)
    if (!(table[i - 1].id < table[i].id) && table[i - 1].id.size() >= table[i].id.size()) return false;
  return true;
}

}  // namespace custody::model
