// SPDX-License-Identifier: BSD-2-Clause
// The proof that a table is complete sees each row that is missing and each guard that is dropped.
#include "model/completeness.hpp"

#include <gtest/gtest.h>

#include "model/machine_tables.hpp"

namespace custody::model::test {
namespace {

/// The first state and event that the row is about.
consteval Id state_of(const Row& row) {
  for (Id state = 0; state < kStateCount; ++state)
    if ((row.from >> state & 1U) != 0) return state;
  throw "the row comes from nowhere";
}
consteval Id event_of(const Row& row) {
  for (Id event = 0; event < kEventCount; ++event)
    if ((row.on >> event & 1U) != 0) return event;
  throw "the row answers nothing";
}

/// `Table` without its row `Dropped`.
template <class Table, std::size_t Dropped, class = std::make_index_sequence<std::size(Table::rows) - 1>>
struct Without;
template <class Table, std::size_t Dropped, std::size_t... I>
struct Without<Table, Dropped, std::index_sequence<I...>> {
  static constexpr Row rows[] = {Table::rows[I < Dropped ? I : I + 1]...};
};

/// `Table` with its row `Changed` without its last guard.
consteval Row without_last_guard(Row row) {
  if (!row.guards.empty()) --row.guards.n;
  return row;
}
template <class Table, std::size_t Changed, class = std::make_index_sequence<std::size(Table::rows)>>
struct Weakened;
template <class Table, std::size_t Changed, std::size_t... I>
struct Weakened<Table, Changed, std::index_sequence<I...>> {
  static constexpr Row rows[] = {I == Changed ? without_last_guard(Table::rows[I]) : Table::rows[I]...};
};

template <class Table, std::size_t Row>
consteval bool missing_row_is_found() {
  return !has_one_answer<state_of(Table::rows[Row]), event_of(Table::rows[Row])>(Without<Table, Row>::rows,
                                                                                 Table::users);
}
template <class Table, std::size_t Row>
consteval bool dropped_guard_is_found() {
  return Table::rows[Row].guards.empty() || !has_one_answer<state_of(Table::rows[Row]), event_of(Table::rows[Row])>(
                                                Weakened<Table, Row>::rows, Table::users);
}
template <class Table>
consteval bool every_fault_is_found() {
  return []<std::size_t... R>(std::index_sequence<R...>) {
    return ((missing_row_is_found<Table, R>() && dropped_guard_is_found<Table, R>()) && ...);
  }
  (std::make_index_sequence<std::size(Table::rows)>{});
}

TEST(Completeness, FindsEveryMissingRowAndEveryDroppedGuardOfTheOwner) {
  static_assert(every_fault_is_found<OwnerTable>());
}
TEST(Completeness, FindsThemWhereMappingsOwn) { static_assert(every_fault_is_found<MappingOwnerTable>()); }
TEST(Completeness, FindsThemInTheSmallMachines) {
  static_assert(every_fault_is_found<AttachmentTable>());
  static_assert(every_fault_is_found<WindowTable>());
  static_assert(every_fault_is_found<KernelMappingTable>());
  static_assert(every_fault_is_found<UserMappingTable>());
}

TEST(Completeness, HoldsForEveryTable) {
  static_assert(is_complete<OwnerTable>());
  static_assert(is_complete<MappingOwnerTable>());
  static_assert(is_complete<AttachmentTable>());
  static_assert(is_complete<WindowTable>());
  static_assert(is_complete<KernelMappingTable>());
  static_assert(is_complete<UserMappingTable>());
}

// Outside of the tests: clang 14 breaks down over them in a function.
constexpr Row kTwice[] = {
    {"a-1", From{"Closed"}, On{"begin_cpu_access"}, If{}, To{"Open"}, Do{}, "why", "seed"},
    {"a-2", From{"Closed"}, On{"begin_cpu_access"}, If{"windows=none"}, To{"Open"}, Do{}, "why", "seed"},
};
constexpr Row kLacking[] = {
    {"a-1", From{"Closed"}, On{"begin_cpu_access"}, If{"cpu_unattached=allow"}, To{"Open"}, Do{}, "why", "seed"},
    {"a-2", From{"Closed"}, On{"begin_cpu_access"}, If{"cpu_unattached=refuse"}, To{"stays"}, Do{}, "why", "seed"},
};

TEST(Completeness, TwoRowsThatAnswerTheSameAreFound) {
  static_assert(!has_one_answer<at(kStates, "Closed"), at(kEvents, "begin_cpu_access")>(kTwice, FactSet{0}));
}

TEST(Completeness, AValueOfAPolicyThatNoRowAnswersIsFound) {
  static_assert(!has_one_answer<at(kStates, "Closed"), at(kEvents, "begin_cpu_access")>(kLacking, FactSet{0}));
}

TEST(Completeness, GuardsReadEachFactWithinItsBounds) {
  for (const Guard& guard : kGuards) {
    EXPECT_FALSE(guard.says.empty()) << guard.name;
    for (const All& all : guard.any)
      for (const auto& test : all) EXPECT_LE(test.value, fact_most(test.fact)) << guard.name;
  }
}

/// Some values meet the guard and some do not.
TEST(Completeness, NoGuardHoldsAlwaysOrNever) {
  for (const Guard& guard : kGuards) {
    std::size_t met = 0, unmet = 0;
    Facts facts;
    do ++(guard.holds(facts) ? met : unmet);
    while (next_combination(facts, guard.facts()));
    EXPECT_GT(met, 0U) << guard.name;
    EXPECT_GT(unmet, 0U) << guard.name;
  }
}

}  // namespace
}  // namespace custody::model::test
