// SPDX-License-Identifier: BSD-2-Clause
// The Boost.MSM machines against an interpreter of their tables: every machine, state, event and values of the facts.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>

#include "tests/model/interpreter.hpp"

namespace custody::model::test {
namespace {

FactSet facts_of_cell(const Machine& machine, Id state, Id event) {
  FactSet facts = 0;
  for (const Row& row : machine.rows)
    if (row.concerns(state, event)) facts |= row.facts();
  return facts;
}

/// Calls `visit(machine, state, event, facts)` for every cell of every machine and all values of what the cell looks
/// at. States and events that the machine does not know are visited, too.
void for_each_answer(auto visit) {
  for (const Machine& machine : machines())
    for (Id state = 0; state < kStateCount; ++state)
      for (Id event = 0; event < kEventCount; ++event) {
        const FactSet looked_at = facts_of_cell(machine, state, event);
        Facts facts;
        do visit(machine, state, event, facts);
        while (next_combination(facts, looked_at));
      }
}

std::string where(const Machine& machine, Id state, Id event) {
  return std::string(machine.name).append(", ").append(kStates[state].name).append(", ").append(kEvents[event].name);
}
std::string_view id_of(const Row* row) { return row == nullptr ? "none" : row->id; }

/// The records that actions change, all of them neither empty nor full.
struct Records {
  Attachment attachment;
  KernelMapping kernel{2, false};
  std::uint16_t users = 2;
  bool operator==(const Records&) const = default;
  Records() {
    attachment.maps = {1, 2, 3};
    attachment.pins = 2;
  }
  [[nodiscard]] Subject subject() {
    Subject s;
    s.attachment = &attachment;
    s.kernel = &kernel;
    s.users = &users;
    s.dir = Direction::kToDevice;
    return s;
  }
};

TEST(Machine, AnswersAsTheInterpreterDoes) {
  std::size_t compared = 0;
  for_each_answer([&](const Machine& machine, Id state, Id event, const Facts& facts) {
    const Fired fired = fire(machine.id, state, event, facts, nullptr);
    const Fired expected = test::interpret(machine.rows, state, event, facts, nullptr);
    ++compared;
    ASSERT_EQ(id_of(fired.row), id_of(expected.row)) << where(machine, state, event);
    ASSERT_EQ(kStates[fired.to].name, kStates[expected.to].name) << where(machine, state, event);
  });
  EXPECT_GT(compared, 2000U);
}

TEST(Machine, ItsOwnStateIsTheTargetOfTheRow) {
  for_each_answer([&](const Machine& machine, Id state, Id event, const Facts& facts) {
    const Fired fired = fire(machine.id, state, event, facts, nullptr);
    const Id target = fired.row == nullptr || fired.row->to == kStay ? state : fired.row->to;
    ASSERT_EQ(kStates[fired.to].name, kStates[target].name) << where(machine, state, event) << ' ' << id_of(fired.row);
  });
}

TEST(Machine, RunsTheActionsOfTheRowOnce) {
  for_each_answer([&](const Machine& machine, Id state, Id event, const Facts& facts) {
    Records fired, expected;
    Subject by_msm = fired.subject(), by_interpreter = expected.subject();
    static_cast<void>(fire(machine.id, state, event, facts, &by_msm));
    static_cast<void>(test::interpret(machine.rows, state, event, facts, &by_interpreter));
    ASSERT_TRUE(fired == expected) << where(machine, state, event);
  });
}

TEST(Machine, EveryRowFires) {
  std::set<std::string_view> fired;
  for_each_answer([&](const Machine& machine, Id state, Id event, const Facts& facts) {
    fired.insert(id_of(fire(machine.id, state, event, facts, nullptr).row));
  });
  for (const Machine& machine : machines())
    for (const Row& row : machine.rows) EXPECT_TRUE(fired.contains(row.id)) << row.id;
}

TEST(Machine, IdsOfRowsAreUnique) {
  std::set<std::string_view> seen;
  for (const Machine& machine : machines())
    for (const Row& row : machine.rows) {
      EXPECT_TRUE(seen.insert(row.id).second) << row.id;
      EXPECT_EQ(find_row(row.id), &row);
    }
  EXPECT_EQ(find_row("map-99"), nullptr);
}

TEST(Machine, RefusalsStandBehindTransitionsAndHaveAnXInTheirId) {
  for (const Machine& machine : machines()) {
    bool refusals = false;
    for (const Row& row : machine.rows) {
      refusals = refusals || row.is_refusal();
      EXPECT_EQ(row.is_refusal(), refusals) << row.id;
      EXPECT_EQ(row.is_refusal(), row.id.find("-x") != std::string_view::npos) << row.id;
    }
  }
}

Facts any_facts() {
  Facts facts;
  for (Id f = 0; f < kFactCount; ++f) facts.v[f] = *rc::gen::inRange<std::uint8_t>(0, fact_most(f) + 1);
  return facts;
}

RC_GTEST_PROP(Machine, OnlyFactsThatItsCellLooksAtChangeTheAnswer, ()) {
  const Facts facts = any_facts();
  for (const Machine& machine : machines())
    for (Id state = 0; state < kStateCount; ++state)
      for (Id event = 0; event < kEventCount; ++event) {
        const FactSet looked_at = facts_of_cell(machine, state, event);
        Facts bare;
        for (Id f = 0; f < kFactCount; ++f)
          if ((looked_at & fact_bit(f)) != 0) bare.v[f] = facts.v[f];
        const Fired fired = fire(machine.id, state, event, facts, nullptr);
        RC_ASSERT(fired.row == fire(machine.id, state, event, bare, nullptr).row);
        RC_ASSERT(test::count_answers(machine.rows, state, event, facts) == (fired.row == nullptr ? 0U : 1U));
      }
}

TEST(Tables, AChangedTargetIsFollowed) {
  test::Tables tables;
  tables.row("map-1").to = at(kStates, "CpuOwned");
  const Firing firing = tables.firing();
  Facts facts;
  facts.set(at(kFacts, "own_attached"), 1);
  const Fired fired =
      firing.fire(firing.context, MachineId::kOwner, at(kStates, "NonOwnedBacked"), at(kEvents, "map"), facts, nullptr);
  EXPECT_EQ(id_of(fired.row), "map-1");
  EXPECT_EQ(kStates[fired.to].name, "CpuOwned");
  EXPECT_THROW(static_cast<void>(tables.row("map-99")), std::out_of_range);
}

}  // namespace
}  // namespace custody::model::test
