// SPDX-License-Identifier: BSD-2-Clause
// Runs a table of rows without Boost.MSM: the second opinion on the machines, also of tables that a test has changed.
#include "tests/model/interpreter.hpp"

#include <stdexcept>
#include <string>

namespace custody::model::test {

using model::Facts;
using model::Id;
using model::Row;

namespace {

bool holds(const model::Test& test, const Facts& facts) {
  const unsigned value = facts.v[test.fact];
  if (test.rel == model::Rel::eq) return value == test.value;
  return test.rel == model::Rel::gt ? value > test.value : value < test.value;
}

bool holds(const model::All& all, const Facts& facts) {
  for (const model::Test& test : all)
    if (!holds(test, facts)) return false;
  return true;
}

bool holds(const model::Guard& guard, const Facts& facts) {
  for (const model::All& all : guard.any)
    if (holds(all, facts)) return true;
  return false;
}

bool answers(const Row& row, Id state, Id event, const Facts& facts) {
  if ((row.from & (1U << state)) == 0 || (row.on & (1U << event)) == 0) return false;
  for (const Id guard : row.guards)
    if (!holds(model::kGuards[guard], facts)) return false;
  return true;
}

}  // namespace

std::size_t count_answers(std::span<const Row> rows, Id state, Id event, const Facts& facts) {
  std::size_t count = 0;
  for (const Row& row : rows) count += answers(row, state, event, facts) ? 1U : 0U;
  return count;
}

model::Fired interpret(std::span<const Row> rows, Id state, Id event, const Facts& facts, model::Subject* subject) {
  for (const Row& row : rows) {
    if (!answers(row, state, event, facts)) continue;
    if (subject != nullptr)
      for (const Id action : row.actions) subject->run(action);
    return {&row, row.to == model::kStay ? state : row.to};
  }
  return {nullptr, state};
}

Tables::Tables() {
  for (const model::Machine& machine : model::machines())
    rows(machine.id).assign(machine.rows.begin(), machine.rows.end());
}

Row& Tables::row(std::string_view id) {
  for (std::vector<Row>& table : rows_)
    for (Row& row : table)
      if (row.id == id) return row;
  throw std::out_of_range("no row " + std::string(id));
}

model::Firing Tables::firing() const {
  return {[](const void* context, model::MachineId machine, Id state, Id event, const Facts& facts,
             model::Subject* subject) {
            const auto* tables = static_cast<const Tables*>(context);
            return interpret(tables->rows_[static_cast<std::size_t>(machine)], state, event, facts, subject);
          },
          this};
}

}  // namespace custody::model::test
