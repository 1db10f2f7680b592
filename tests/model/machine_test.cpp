// SPDX-License-Identifier: BSD-2-Clause
// The Boost.MSM machines, the interpreter and the refusals, on every world up to the bound.
#include <gtest/gtest.h>

#include <deque>
#include <set>
#include <string>
#include <tuple>
#include <unordered_set>
#include <vector>

#include "model/machines.hpp"
#include "model/step.hpp"

namespace custody::model {
namespace {

/// Steps through all values of the fields in `fields`, the others stay 0; false after the last.
bool next(Cells& cells, std::uint64_t fields) {
  for (std::size_t f = 0; f < kFieldCount; ++f) {
    if (((fields >> f) & 1U) == 0) continue;
    if (cells.v[f] < kFields[f].max) {
      ++cells.v[f];
      return true;
    }
    cells.v[f] = 0;
  }
  return false;
}

std::uint64_t fields_of(std::span<const Row> table, Id state, Id event) {
  std::uint64_t fields = 0;
  for (const Row& row : table)
    if (row.from == state && row.event == event)
      for (const Id g : row.guards) fields |= std::uint64_t{1} << kGuards[g].field;
  return fields;
}

using Fire = std::size_t (*)(Id&, Cells&, Id);

/// Number of worlds on which machine and interpreter were compared; a difference is a test failure.
std::size_t compare(std::span<const Row> rows, Fire fire, Id first, Id end) {
  std::size_t compared = 0;
  for (Id state = first; state < end; ++state)
    for (Id event = 0; event < kEventCount; ++event) {
      Cells cells;
      do {
        Cells by_machine = cells;
        Cells by_interpreter = cells;
        Id to_machine = state;
        Id to_interpreter = state;
        const std::size_t fired = fire(to_machine, by_machine, event);
        EXPECT_EQ(fired, interpret(rows, to_interpreter, by_interpreter, event));
        EXPECT_EQ(to_machine, to_interpreter);
        EXPECT_EQ(by_machine, by_interpreter);
        ++compared;
      } while (next(cells, fields_of(rows, state, event)));
    }
  return compared;
}

TEST(Machine, BufferMachineAndInterpreterAgreeOnEveryWorld) {
  EXPECT_GT(compare(buffer_rows(), fire_buffer, 0, kBufferStates), 1000U);
}

TEST(Machine, AttachmentMachineAndInterpreterAgreeOnEveryWorld) {
  EXPECT_GT(compare(attachment_rows(), fire_attachment, kFirstAttachmentState, std::size(kStates)), 40U);
}

/// A buffer with two attachments, under one combination of policies.
struct System {
  World world;
  Attachment a[2];
  std::uint16_t windows_of_task = 0;
  auto key() const { return std::tuple(world.state, world.v, a[0].state, a[0].v, a[1].state, a[1].v, windows_of_task); }
};

Cells cells_of(const System& s, const Attachment& a) {
  Cells cells;
  std::copy(s.world.v.begin(), s.world.v.end(), cells.v.begin());
  cells.v[at(kFields, "to_device")] = 1;  // a call that has a direction
  std::copy(a.v.begin(), a.v.end(), cells.v.begin() + kWorldFields);
  return cells;
}

/// Two of everything, and one user mapping beside two kernel mappings.
std::uint16_t bound_of(std::size_t field) {
  if (kFields[field].name == "user_mappings") return 1;
  if (kFields[field].name == "cpu_mappings") return 3;
  return std::min<std::uint16_t>(kFields[field].max, 2);
}

struct Walk {
  std::size_t worlds = 0;
  std::set<std::string_view> fired;
  std::set<std::string_view> states;
};

/// Every world that calls reach from a fresh buffer, bounded by the fields' maxima. Each must be consistent and each
/// call answered, by both machines or by neither.
Walk walk(const World& fresh) {
  Walk result;
  std::set<decltype(System{}.key())> seen;
  std::deque<System> queue;
  queue.push_back(System{fresh, {}, 0});
  seen.insert(queue.front().key());
  while (!queue.empty()) {
    const System s = queue.front();
    queue.pop_front();
    ++result.worlds;
    result.states.insert(kStates[s.world.state].name);
    for (Id event = 0; event < kEventCount; ++event)
      for (int which = 0; which < (names_attachment(event) ? 2 : 1); ++which)
        for (const bool matches : {true, false}) {
          Call call{event, false, matches && s.world.get(at(kFields, "windows")) > 0, s.windows_of_task > 0};
          const Outcome o = step(s.world, s.a[which], call);
          EXPECT_NE(o.buffer_row, nullptr) << kStates[s.world.state].name << ' ' << kEvents[event].name;
          if (o.buffer_row == nullptr) return result;
          result.fired.insert(o.buffer_row->id);
          if (o.attachment_row != nullptr) result.fired.insert(o.attachment_row->id);
          // The bounds of the search, and what a refusal led to, are not followed.
          if (o.refusal() != nullptr) continue;
          System t = s;
          t.world = o.world;
          t.a[which] = o.attachment;
          if (event == at(kEvents, "move_notify"))
            for (Attachment& a : t.a) {
              if (a.state == kFirstAttachmentState) continue;
              const Row* row = nullptr;
              a = step_attachment(a, event, &row);
              result.fired.insert(row->id);
            }
          const bool opened = event == at(kEvents, "begin_cpu_access");
          if (opened) t.windows_of_task = 1;
          if (event == at(kEvents, "end_cpu_access")) t.windows_of_task = 0;
          const Cells cells = cells_of(t, t.a[which]);
          bool in_bound = true;
          for (std::size_t f = 0; f < kFieldCount; ++f) in_bound = in_bound && cells.v[f] <= bound_of(f);
          if (!in_bound) continue;
          EXPECT_TRUE(is_consistent(t.world.state, cells)) << o.buffer_row->id;
          if (seen.insert(t.key()).second) queue.push_back(t);
        }
  }
  return result;
}

TEST(Machine, EveryReachableWorldIsConsistentAndAnswersEveryCall) {
  const Walk w = walk(fresh_world());
  EXPECT_GT(w.worlds, 100U);
  EXPECT_EQ(w.states.count("NonOwnedNonBacked") + w.states.count("NonOwnedBacked") + w.states.count("CpuOwned") +
                w.states.count("DeviceOwned") + w.states.count("Freed"),
            5U);
}

TEST(Machine, EveryTransitionAndRefusalOfTheTablesCanFireUnderSomePolicies) {
  std::set<std::string_view> fired;
  for (std::uint16_t backing = 0; backing <= 1; ++backing)
    for (std::uint16_t leaves = 0; leaves <= backing; ++leaves)
      for (std::uint16_t ends = 0; ends <= 1; ++ends)
        for (std::uint16_t unattached = 0; unattached <= 2; ++unattached)
          for (std::uint16_t unmapped = 0; unmapped <= 2; ++unmapped) {
            World fresh = fresh_world();
            set_policy(fresh, at(kFields, "backing"), backing);
            set_policy(fresh, at(kFields, "leaves"), leaves);
            set_policy(fresh, at(kFields, "device_ends"), ends);
            set_policy(fresh, at(kFields, "cpu_unattached"), unattached);
            set_policy(fresh, at(kFields, "cpu_unmapped"), unmapped);
            set_policy(fresh, at(kFields, "map_in_window"), unmapped == 2 ? 1 : 0);
            const Walk w = walk(fresh);
            fired.insert(w.fired.begin(), w.fired.end());
          }
  std::string missing;
  for (const auto table : {buffer_rows(), buffer_refusals(), attachment_rows(), attachment_refusals()})
    for (const Row& row : table)
      if (!fired.contains(row.id)) missing += std::string(row.id) + ' ';
  EXPECT_EQ(missing, "");
}

TEST(Machine, AFailedCallChangesNothing) {
  World world = fresh_world();
  world = step(world, {}, {at(kEvents, "export")}).world;
  for (Id event = 1; event < kEventCount; ++event) {
    Call call{event};
    call.failed = true;
    const Outcome o = step(world, {}, call);
    EXPECT_EQ(o.world, world);
    EXPECT_EQ(o.refusal(), nullptr);
  }
}

TEST(Machine, ARefusedEventGoesWhereTheKernelGoes) {
  World world = step(fresh_world(), {}, {at(kEvents, "export")}).world;
  Attachment a;
  Outcome o = step(world, a, {at(kEvents, "attach")});
  o = step(o.world, o.attachment, {at(kEvents, "map")});
  o = step(o.world, o.attachment, {at(kEvents, "detach")});

  ASSERT_NE(o.refusal(), nullptr);
  EXPECT_EQ(o.refusal()->rule, "L6");
  EXPECT_EQ(kStates[o.world.state].name, "NonOwnedBacked");
  EXPECT_EQ(o.world.get(at(kFields, "attached")), 0);
}

TEST(Machine, CountersSaturateInsteadOfWrapping) {
  World world = step(fresh_world(), {}, {at(kEvents, "export")}).world;
  for (int i = 0; i < 70000; ++i) world = step(world, {}, {at(kEvents, "mmap")}).world;
  EXPECT_EQ(world.get(at(kFields, "user_mappings")), 0xffff);
}

TEST(Machine, EqualWorldsHashEqually) {
  const World a = step(fresh_world(), {}, {at(kEvents, "export")}).world;
  World b = fresh_world();
  b = step(b, {}, {at(kEvents, "export")}).world;
  EXPECT_EQ(a, b);
  EXPECT_EQ(std::hash<World>{}(a), std::hash<World>{}(b));
  EXPECT_NE(std::hash<World>{}(a), std::hash<World>{}(fresh_world()));
}

}  // namespace
}  // namespace custody::model
