// SPDX-License-Identifier: BSD-2-Clause
// What is known of a line after the CPU copied into it what is no new data.
#pragma once

#include "model/coherence.hpp"

namespace custody::checker::optimum {

/// The line is left as `line`, and memory is as it was. The result is closed.
[[nodiscard]] inline model::Belief copied_over(model::Belief before, model::Line line) {
  model::Belief after;
  for (const model::Memory m : {model::Memory::kCurrent, model::Memory::kOld})
    for (unsigned l = 0; l < model::kLineStates / 2; ++l)
      if (before.has(m, static_cast<model::Line>(l))) after = after | model::only(m, line);
  return model::hardware_closure(after);
}

/// Of what the buffer holds: a copy out of a slot to which nobody wrote makes nothing old.
[[nodiscard]] inline model::Belief rewritten(model::Belief before) {
  return copied_over(before, model::Line::kDirtyCurrent);
}

}  // namespace custody::checker::optimum
