// SPDX-License-Identifier: BSD-2-Clause
// The belief is exact: on every sequence of events it is the set of states that the brute-force simulator reaches.
//
// Both sides are finite, so "every sequence" is a search to the end over pairs (belief, set of simulated states) and
// holds for any length. Random sequences check the same without putting equal pairs together.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <set>
#include <vector>

#include "tests/model/coherence_bridge.hpp"

namespace custody::property {
namespace {

using model::Access;
using model::AccessSet;
using model::Belief;
using model::Operation;

/// One event of a sequence: a time in which agents may access, an access that certainly happens, or an operation.
struct Event {
  enum class Kind { kAdvance, kAccess, kOperation } kind = Kind::kAdvance;
  AccessSet may;
  Access access = Access::kCpuRead;
  Operation operation = Operation::kNone;
};

Event in_time_of(AccessSet may) { return {Event::Kind::kAdvance, may, Access::kCpuRead, Operation::kNone}; }
Event certain(Access access) { return {Event::Kind::kAccess, {}, access, Operation::kNone}; }
Event run(Operation op) { return {Event::Kind::kOperation, {}, Access::kCpuRead, op}; }

/// What the checker believes, and what the simulator reaches. Both are closed under the hardware's own moves.
struct Pair {
  Belief belief;
  model::test::States states;
  bool operator<(const Pair& other) const {
    return belief.bits != other.belief.bits ? belief.bits < other.belief.bits : states < other.states;
  }
};

std::ostream& operator<<(std::ostream& out, const Event& e) {
  switch (e.kind) {
    case Event::Kind::kAdvance: return out << "advance under agents 0x" << std::hex << unsigned{e.may.bits} << std::dec;
    case Event::Kind::kAccess: return out << "access " << static_cast<unsigned>(e.access);
    case Event::Kind::kOperation: break;
  }
  return out << "operation " << static_cast<unsigned>(e.operation);
}

Pair after(const Event& e, const Pair& p) {
  switch (e.kind) {
    case Event::Kind::kAdvance:
      return {model::advance(p.belief, e.may), model::test::closure(p.states, model::test::actions_of(e.may))};
    case Event::Kind::kAccess:
      return {model::hardware_closure(model::perform(e.access, p.belief)),
              model::test::closure(model::test::after(model::test::action_of(e.access), p.states), {})};
    case Event::Kind::kOperation: break;
  }
  return {model::hardware_closure(model::apply(e.operation, p.belief)),
          model::test::closure(model::test::after(model::test::action_of(e.operation), p.states), {})};
}

std::vector<Event> operations() {
  std::vector<Event> events;
  events.reserve(model::test::kOperationsThatRun.size());
  for (const Operation op : model::test::kOperationsThatRun) events.push_back(run(op));
  return events;
}

/// All that can happen: 256 sets of agents, 8 accesses, 3 operations.
std::vector<Event> whole_alphabet() {
  std::vector<Event> events = operations();
  for (unsigned a = 0; a < model::kAccesses; ++a) events.push_back(certain(static_cast<Access>(a)));
  for (unsigned bits = 0; bits < 256; ++bits) events.push_back(in_time_of({static_cast<std::uint8_t>(bits)}));
  return events;
}

/// What the contract lets happen: no store of a part, no coherent write that stays dirty, no access but by an agent.
std::vector<Event> contract_alphabet() {
  std::vector<Event> events = operations();
  for (unsigned bits = 0; bits < 256; ++bits) {
    const AccessSet may{static_cast<std::uint8_t>(bits)};
    if (!may.has(Access::kCpuWritePart) && !may.has(Access::kCoherentWriteDirty)) events.push_back(in_time_of(may));
  }
  return events;
}

Pair started(Belief belief, const model::test::States& states) {
  return {model::hardware_closure(belief), model::test::closure(states, {})};
}
Pair started_dirty() { return started(model::start::kDirty, {{1, 0, true, true, 1}}); }
Pair started_clean() { return started(model::start::kClean, {{0, 0, false, false, 0}}); }
Pair started_anyhow() { return started(model::start::kAnything, model::test::every_state()); }

/// Every pair that some sequence over `alphabet` reaches from one of `starts`, with the length of the shortest one.
std::map<Pair, int> reachable_pairs(const std::vector<Pair>& starts, const std::vector<Event>& alphabet) {
  std::map<Pair, int> length;
  std::vector<Pair> queue;
  for (const Pair& p : starts)
    if (length.emplace(p, 0).second) queue.push_back(p);
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const Pair from = queue[i];
    for (const Event& e : alphabet) {
      Pair to = after(e, from);
      if (length.emplace(to, length.at(from) + 1).second) queue.push_back(std::move(to));
    }
  }
  return length;
}

/// From the three places where a buffer can start.
const std::map<Pair, int>& pairs_from_starts() {
  static const auto kPairs = reachable_pairs({started_dirty(), started_clean(), started_anyhow()}, whole_alphabet());
  return kPairs;
}

/// From every single state too, also those that no buffer starts in.
const std::map<Pair, int>& all_pairs() {
  static const auto kPairs = [] {
    std::vector<Pair> starts = {started_dirty(), started_clean(), started_anyhow()};
    for (const model::test::Hardware& h : model::test::every_state())
      starts.push_back(started(model::test::seen_as(h), {h}));
    return reachable_pairs(starts, whole_alphabet());
  }();
  return kPairs;
}

template <class Holds>
bool any_of(const model::test::States& states, const Holds& holds) {
  for (const model::test::Hardware& h : states)
    if (holds(h)) return true;
  return false;
}

TEST(CoherenceExact, EverySequenceLeavesTheBeliefAtTheReachableStates) {
  int longest = 0;
  for (const auto& [pair, length] : all_pairs()) {
    ASSERT_EQ(pair.belief.bits, model::test::seen_as(pair.states).bits) << "after " << length << " events";
    longest = std::max(longest, length);
  }
  // The search ended by itself: two events reach every pair, from all 17 starts.
  EXPECT_EQ(all_pairs().size(), 86U);
  EXPECT_EQ(longest, 2);
}

RC_GTEST_PROP(CoherenceExact, LongRandomSequencesLeaveTheBeliefAtTheReachableStates, ()) {
  const auto events =
      *rc::gen::scale(5.0, rc::gen::container<std::vector<Event>>(rc::gen::elementOf(whole_alphabet())));
  for (Pair pair : {started_dirty(), started_clean(), started_anyhow()})
    for (const Event& e : events) {
      pair = after(e, pair);
      RC_ASSERT(pair.belief == model::test::seen_as(pair.states));
    }
}

TEST(CoherenceExact, EveryWriteAndOperationLeavesExactlyItsImageBeforeTheHardwareMoves) {
  for (const auto& [pair, length] : all_pairs()) {
    for (const Access a : {Access::kCpuWrite, Access::kCpuWritePart, Access::kDeviceWrite, Access::kCoherentWrite,
                           Access::kCoherentWriteDirty})
      ASSERT_EQ(model::perform(a, pair.belief).bits,
                model::test::seen_as(model::test::after(model::test::action_of(a), pair.states)).bits)
          << "access " << static_cast<unsigned>(a) << " on " << pair.belief.bits;
    for (const Operation op : model::test::kOperationsThatRun)
      ASSERT_EQ(model::apply(op, pair.belief).bits,
                model::test::seen_as(model::test::after(model::test::action_of(op), pair.states)).bits)
          << "operation " << static_cast<unsigned>(op) << " on " << pair.belief.bits;
  }
}

TEST(CoherenceExact, AnAccessIsAHazardExactlyWhereSomeReachableStateGoesWrong) {
  for (const auto& [pair, length] : all_pairs())
    for (unsigned a = 0; a < model::kAccesses; ++a) {
      const auto access = static_cast<Access>(a);
      const auto wrong = [&](const model::test::Hardware& h) {
        return model::test::goes_wrong(model::test::action_of(access), h);
      };
      ASSERT_EQ(model::is_hazard(access, pair.belief), any_of(pair.states, wrong))
          << "access " << a << " on " << pair.belief.bits;
    }
}

TEST(CoherenceExact, AnOperationCanLoseExactlyWhereSomeReachableStateLoses) {
  for (const auto& [pair, length] : all_pairs())
    for (const Operation op : model::test::kOperationsThatRun) {
      const auto loses = [&](const model::test::Hardware& h) {
        return model::test::loses_a_write(model::test::action_of(op), h);
      };
      ASSERT_EQ(model::can_lose(op, pair.belief), any_of(pair.states, loses))
          << "operation " << static_cast<unsigned>(op) << " on " << pair.belief.bits;
    }
}

// Only from the starts of a buffer: from a single state chosen at will the newest data may be lost already, with two
// different old versions in memory and in the line. The automaton has one word, old, for both; the claim would be that
// reading the one is as wrong as reading the other, and not that nothing changed.
TEST(CoherenceExact, AnOperationHasNoEffectExactlyWhereTheReachableStatesAreTheSameWithoutIt) {
  for (const auto& [pair, length] : pairs_from_starts())
    for (const Operation op : model::test::kOperationsThatRun)
      ASSERT_EQ(model::has_no_effect(op, pair.belief),
                model::test::closure(model::test::after(model::test::action_of(op), pair.states), {}) == pair.states)
          << "operation " << static_cast<unsigned>(op) << " on " << pair.belief.bits;
}

std::set<unsigned> beliefs_of(const std::map<Pair, int>& pairs) {
  std::set<unsigned> beliefs;
  for (const auto& [pair, length] : pairs) beliefs.insert(pair.belief.bits);
  return beliefs;
}

// The three counts below were found by this search, not derived. They are asserted so that a change of the automaton
// is seen. Beliefs that a replay makes by resetting one after a finding are not among them.
TEST(CoherenceExact, NineClosedBeliefsAreReachableInTheContract) {
  const auto pairs = reachable_pairs({started_dirty(), started_clean()}, contract_alphabet());
  EXPECT_EQ(beliefs_of(pairs).size(), 9U);
}

TEST(CoherenceExact, ThirteenClosedBeliefsAreReachableInTheContractFromAnUnknownStart) {
  const auto pairs = reachable_pairs({started_dirty(), started_clean(), started_anyhow()}, contract_alphabet());
  EXPECT_EQ(beliefs_of(pairs).size(), 13U);
}

TEST(CoherenceExact, NineteenClosedBeliefsAreReachableAtAll) { EXPECT_EQ(beliefs_of(pairs_from_starts()).size(), 19U); }

}  // namespace
}  // namespace custody::property
