// SPDX-License-Identifier: BSD-2-Clause
// What is known of a line after the CPU stored again what the buffer holds.
#pragma once

#include "model/coherence.hpp"

namespace custody::checker::optimum {

/// The line is dirty and holds what it held, and memory is as it was: a copy out of a slot to which nobody wrote makes
/// nothing old. The result is closed.
[[nodiscard]] inline model::Belief rewritten(model::Belief before) {
  model::Belief after;
  for (const model::Memory m : {model::Memory::kCurrent, model::Memory::kOld})
    for (unsigned l = 0; l < model::kLineStates / 2; ++l)
      if (before.has(m, static_cast<model::Line>(l))) after = after | model::only(m, model::Line::kDirtyCurrent);
  return model::hardware_closure(after);
}

}  // namespace custody::checker::optimum
