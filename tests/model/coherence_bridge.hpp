// SPDX-License-Identifier: BSD-2-Clause
// Says which words of the automaton and of its oracle mean the same; the only place that knows both.
#pragma once

#include <array>
#include <vector>

#include "model/coherence.hpp"
#include "tests/model/coherence_simulator.hpp"

namespace custody::model::test {

[[nodiscard]] inline Action action_of(model::Access access) {
  constexpr std::array kActions = {
      Action::kLoad, Action::kStoreLine,     Action::kStorePart,   Action::kFetch,
      Action::kPut,  Action::kSnoopingFetch, Action::kSnoopingPut, Action::kSnoopingPutInCache};
  static_assert(kActions.size() == model::kAccesses);
  return kActions[static_cast<unsigned>(access)];
}

/// Not for `Operation::kNone`, which is nothing.
[[nodiscard]] inline Action action_of(model::Operation operation) {
  constexpr std::array kActions = {Action::kCleanLine, Action::kInvalidateLine, Action::kCleanInvalidateLine};
  return kActions[static_cast<unsigned>(operation) - 1U];
}

[[nodiscard]] inline std::vector<Action> actions_of(model::AccessSet may) {
  std::vector<Action> actions;
  for (unsigned a = 0; a < model::kAccesses; ++a)
    if (may.has(static_cast<model::Access>(a))) actions.push_back(action_of(static_cast<model::Access>(a)));
  return actions;
}

/// The hardware state of the automaton that stands for `h`.
[[nodiscard]] inline model::Belief seen_as(const Hardware& h) {
  const model::Memory memory = memory_is_newest(h) ? model::Memory::kCurrent : model::Memory::kOld;
  if (!h.present) return model::only(memory, model::Line::kAbsent);
  if (h.dirty) return model::only(memory, line_is_newest(h) ? model::Line::kDirtyCurrent : model::Line::kDirtyOld);
  return model::only(memory, line_is_newest(h) ? model::Line::kCleanCurrent : model::Line::kCleanOld);
}
[[nodiscard]] inline model::Belief seen_as(const States& states) {
  model::Belief belief;
  for (const Hardware& h : states) belief = belief | seen_as(h);
  return belief;
}

inline constexpr std::array kOperationsThatRun = {model::Operation::kClean, model::Operation::kInvalidate,
                                                  model::Operation::kCleanInvalidate};

}  // namespace custody::model::test
