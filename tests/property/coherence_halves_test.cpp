// SPDX-License-Identifier: BSD-2-Clause
// The automaton has one mark for a whole line. Here a line has two halves with marks of their own, and every verdict
// is the same: what the automaton forgets of a partly overwritten line changes no hazard and no "no effect".
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "tests/model/coherence_bridge.hpp"

namespace custody::property {
namespace {

using model::Access;
using model::AccessSet;
using model::Belief;
using model::Operation;
using HalvesPair = std::pair<std::uint16_t, model::test::HalvesStates>;

model::test::HalvesStates both_halves(const model::test::Hardware& h) {
  return model::test::closure(model::test::HalvesStates{{h, h}}, {});
}

std::vector<HalvesPair> successors(const HalvesPair& from) {
  const Belief b{from.first};
  std::vector<HalvesPair> next;
  next.reserve(model::test::kOperationsThatRun.size() + model::kAccesses + 32);
  for (const Operation op : model::test::kOperationsThatRun)
    next.emplace_back(hardware_closure(apply(op, b)).bits,
                      model::test::closure(model::test::after(model::test::action_of(op), from.second), {}));
  for (unsigned a = 0; a < model::kAccesses; ++a) {
    const auto access = static_cast<Access>(a);
    next.emplace_back(hardware_closure(perform(access, b)).bits,
                      model::test::closure(model::test::after(model::test::action_of(access), from.second), {}));
  }
  // Reads change nothing, so the sets of writers are all that there is.
  for (unsigned bits = 0; bits < 256; ++bits) {
    const AccessSet may{static_cast<std::uint8_t>(bits)};
    if (may.has(Access::kCpuRead) || may.has(Access::kDeviceRead) || may.has(Access::kCoherentRead)) continue;
    next.emplace_back(advance(b, may).bits, model::test::closure(from.second, model::test::actions_of(may)));
  }
  return next;
}

const std::set<HalvesPair>& reachable_halves() {
  static const auto kPairs = [] {
    std::set<HalvesPair> seen;
    std::vector<HalvesPair> queue = {
        {hardware_closure(model::start::kDirty).bits, both_halves({1, 0, true, true, 1})},
        {hardware_closure(model::start::kClean).bits, both_halves({0, 0, false, false, 0})},
        {hardware_closure(model::start::kAnything).bits,
         model::test::closure(model::test::every_state_of_halves(), {})}};
    seen.insert(queue.begin(), queue.end());
    for (std::size_t i = 0; i < queue.size(); ++i)
      for (HalvesPair& next : successors(HalvesPair(queue[i])))
        if (seen.insert(next).second) queue.push_back(std::move(next));
    return seen;
  }();
  return kPairs;
}

// The number was found by this search, not derived.
TEST(CoherenceHalves, TheSearchEndsByItself) { EXPECT_EQ(reachable_halves().size(), 46U); }

TEST(CoherenceHalves, AnAccessIsAHazardExactlyWhereAHalfGoesWrong) {
  for (const auto& [bits, states] : reachable_halves())
    for (unsigned a = 0; a < model::kAccesses; ++a) {
      const auto access = static_cast<Access>(a);
      const bool wrong = std::any_of(states.begin(), states.end(), [&](const model::test::Halves& h) {
        return model::test::goes_wrong(model::test::action_of(access), h);
      });
      ASSERT_EQ(is_hazard(access, Belief{bits}), wrong) << "access " << a << " on " << bits;
    }
}

TEST(CoherenceHalves, AnOperationCanLoseExactlyWhereItDestroysAHalf) {
  for (const auto& [bits, states] : reachable_halves())
    for (const Operation op : model::test::kOperationsThatRun) {
      const model::test::Action action = model::test::action_of(op);
      const bool loses = std::any_of(states.begin(), states.end(), [&](const model::test::Halves& h) {
        return model::test::loses_a_write(action, h.left) || model::test::loses_a_write(action, h.right);
      });
      ASSERT_EQ(can_lose(op, Belief{bits}), loses) << "operation " << static_cast<unsigned>(op) << " on " << bits;
    }
}

TEST(CoherenceHalves, AnOperationHasNoEffectExactlyWhereTheHalvesAreTheSameWithoutIt) {
  for (const auto& [bits, states] : reachable_halves())
    for (const Operation op : model::test::kOperationsThatRun)
      ASSERT_EQ(has_no_effect(op, Belief{bits}),
                model::test::closure(model::test::after(model::test::action_of(op), states), {}) == states)
          << "operation " << static_cast<unsigned>(op) << " on " << bits;
}

}  // namespace
}  // namespace custody::property
