// SPDX-License-Identifier: BSD-2-Clause
// The proof that every (state, event, values of the facts) of a table has exactly one answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "model/row.hpp"

namespace custody::model {

/// The facts that the rows of one cell look at.
template <std::size_t N>
[[nodiscard]] constexpr FactSet facts_of_cell(const Row (&table)[N], Id state, Id event) {
  FactSet facts = 0;
  for (const Row& row : table)
    if (row.concerns(state, event)) facts |= row.facts();
  return facts;
}

template <std::size_t N>
[[nodiscard]] constexpr EventSet events_of(const Row (&table)[N]) {
  EventSet events = 0;
  for (const Row& row : table) events |= row.on;
  return events;
}

template <std::size_t N>
[[nodiscard]] constexpr StateSet states_of(const Row (&table)[N]) {
  StateSet states = 0;
  for (const Row& row : table) states |= row.from | (row.to == kStay ? 0U : 1U << row.to);
  return states;
}

/// Number of rows of `table` that answer.
template <std::size_t N>
[[nodiscard]] constexpr int answers(const Row (&table)[N], Id state, Id event, const Facts& facts) {
  int count = 0;
  for (const Row& row : table) count += row.answers(state, event, facts) ? 1 : 0;
  return count;
}

/// Every combination of the facts that the cell looks at has exactly one answer. A fact that no guard of the cell
/// mentions can not change the answer, so this covers every world. `users`: in MappedForCpu that count is not 0, as it
/// is what makes the state; no other combination is left out.
template <Id State, Id Event, std::size_t N>
[[nodiscard]] consteval bool has_one_answer(const Row (&table)[N], FactSet users) {
  const FactSet facts = facts_of_cell(table, State, Event);
  Facts values;
  do {
    bool possible = true;
    for (Id f = 0; f < kFactCount; ++f)
      if (((facts & users) >> f & 1U) != 0 && State == at(kStates, "MappedForCpu"))
        possible = possible && values.v[f] > 0;
    if (possible && answers(table, State, Event, values) != 1) return false;
  } while (next_combination(values, facts));
  return true;
}

/// A word as a type, so that compilers print it letter by letter.
template <char... Letters>
struct Named {};
template <const auto& Words, std::size_t I>
[[nodiscard]] consteval auto named() {
  return []<std::size_t... C>(std::index_sequence<C...>) { return Named<Words[I].name[C]...>{}; }
  (std::make_index_sequence<Words[I].name.size()>{});
}

/// Fails to compile where the cell has no answer or several; the error names the table, the state and the event.
template <class Table, class State, class Event, bool HasOneAnswer>
struct Cell {
  static_assert(HasOneAnswer, "this cell of the table has no answer, or more than one");
};

template <class Table, Id State, Id Event>
[[nodiscard]] consteval bool check_cell() {
  constexpr bool applies = (states_of(Table::rows) >> State & 1U) != 0 && (events_of(Table::rows) >> Event & 1U) != 0 &&
                           !Table::is_deaf(State, Event);
  if constexpr (applies)
    return sizeof(Cell<Table, decltype(named<kStates, State>()), decltype(named<kEvents, Event>()),
                       has_one_answer<State, Event>(Table::rows, Table::users)>) != 0;
  return true;
}

/// True, or it does not compile.
template <class Table>
[[nodiscard]] consteval bool is_complete() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return (check_cell<Table, I / kEventCount, I % kEventCount>() && ...);
  }
  (std::make_index_sequence<kStateCount * kEventCount>{});
}

}  // namespace custody::model
