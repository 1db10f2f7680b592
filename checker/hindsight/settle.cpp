// SPDX-License-Identifier: BSD-2-Clause
#include "checker/hindsight/settle.hpp"

namespace custody::checker {

namespace {

using model::Belief;

Belief as_if_cleaned(Belief b) {
  Belief result;
  for (unsigned s = 0; s < model::kLineStates; ++s)
    if (((b.bits >> s) & 1U) != 0)
      result.bits = static_cast<std::uint16_t>(result.bits | 1U << checker::as_if_cleaned(s));
  return model::hardware_closure(result);
}

Belief as_if_invalidated(Belief b) {
  Belief result{static_cast<std::uint16_t>(b.bits & ~model::kStaleThroughCache.bits)};
  if (b.intersects(model::kStaleThroughCache)) result = result | model::start::kClean;
  return model::hardware_closure(result);
}

}  // namespace

unsigned as_if_cleaned(unsigned state) {
  model::Line line = model::line_of(state);
  if (line == model::Line::kDirtyCurrent) line = model::Line::kCleanCurrent;
  if (line == model::Line::kDirtyOld) line = model::Line::kCleanOld;
  return model::state_index(model::Memory::kCurrent, line);
}

Belief settled(Belief belief, Settlement by) {
  if (by.cleaned) belief = as_if_cleaned(belief);
  if (by.invalidated) belief = as_if_invalidated(belief);
  return belief;
}

}  // namespace custody::checker
