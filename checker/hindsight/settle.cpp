// SPDX-License-Identifier: BSD-2-Clause
// After a finding: the belief that a correct sync would have left, so that one fault is one finding.
#include "checker/hindsight/settle.hpp"

namespace custody::checker::hindsight {

namespace {

using model::Belief;

Belief as_if_cleaned(Belief b) {
  Belief result;
  for (unsigned s = 0; s < model::kLineStates; ++s) {
    if (((b.bits >> s) & 1U) == 0) continue;
    model::Line line = model::line_of(s);
    if (line == model::Line::kDirtyCurrent) line = model::Line::kCleanCurrent;
    if (line == model::Line::kDirtyOld) line = model::Line::kCleanOld;
    result = result | model::only(model::Memory::kCurrent, line);
  }
  return model::hardware_closure(result);
}

Belief as_if_invalidated(Belief b) {
  Belief result{static_cast<std::uint16_t>(b.bits & ~model::kStaleThroughCache.bits)};
  if (b.intersects(model::kStaleThroughCache)) result = result | model::start::kClean;
  return model::hardware_closure(result);
}

}  // namespace

Belief settled(Belief belief, Settlement by) {
  if (by.cleaned) belief = as_if_cleaned(belief);
  if (by.invalidated) belief = as_if_invalidated(belief);
  return belief;
}

}  // namespace custody::checker::hindsight
