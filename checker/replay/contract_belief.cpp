// SPDX-License-Identifier: BSD-2-Clause
// Moves a contract belief along accesses and operations.
#include "checker/replay/contract_belief.hpp"

#include "checker/optimum/rewrite.hpp"

namespace custody::checker::replay {

using model::Access;
using model::AccessSet;
using model::Belief;
using model::Operation;

namespace {

/// Of which the lines are followed one by one.
constexpr std::size_t kMostWindows = 64;

}  // namespace

Belief after_either(AccessSet either, Belief before, bool whole) {
  Belief after;
  for (unsigned a = 0; a < model::kAccesses; ++a)
    if (either.has(static_cast<Access>(a))) after = after | model::perform(static_cast<Access>(a), before);
  const Belief done = model::hardware_closure(after);
  return whole ? done : done | before;
}

void ContractBelief::advance_lines(AccessSet whole, const model::Custody* windows) {
  // A window with a range makes runs of lines: of so many nothing is known, as of so many runs.
  if (windows != nullptr && windows->windows.size() > kMostWindows) lines_.get()->forget();
  for (bool changed = true; changed;) {
    changed = lines_.get()->advance(whole);
    if (windows == nullptr || windows->windows.empty() || windows->windows.size() > kMostWindows) break;
    for (const model::Window& w : windows->windows)
      if (model::device_may_read(w.dir) && model::is_active(*windows, w))
        changed = lines_.get()->advance(AccessSet().add(Access::kCpuWrite), w.extent) || changed;
  }
  any_ = lines_.get()->joined();
}

void ContractBelief::advance(const Agents& agents, const model::Custody* windows) {
  if (lines_.exists()) advance_lines(agents.whole_buffer, windows);
  else any_ = model::advance(any_, agents.contract);
}

void ContractBelief::perform(AccessSet either, lines::ByteRange range, bool whole) {
  if (lines_.exists()) {
    lines_.get()->perform(either, range);
    any_ = lines_.get()->joined();
  } else {
    any_ = after_either(either, any_, whole);
  }
}

void ContractBelief::rewrite() {
  if (!lines_.exists()) {
    any_ = optimum::rewritten(any_);
    return;
  }
  lines_.get()->rewrite();
  any_ = lines_.get()->joined();
}

void ContractBelief::operate(const hindsight::DriverOperation& driver, const OperationPlace& place) {
  if (!lines_.exists()) {
    any_ = hindsight::left_by(driver, any_);
    return;
  }
  if (place.known) lines_.get()->operate(driver.operation, place.range, driver.loses);
  else lines_.get()->operate_somewhere(driver.operation, {}, driver.loses);
  any_ = lines_.get()->joined();
}

void ContractBelief::settle(hindsight::Settlement by, lines::ByteRange range) {
  if (lines_.exists()) {
    lines_.get()->settle(by, range);
    any_ = lines_.get()->joined();
  } else {
    any_ = hindsight::settled(any_, by);
  }
}

void ContractBelief::replace(Belief now) {
  any_ = now;
  if (lines_.exists()) lines_.get()->forget();
}

bool ContractBelief::meets(Access access, lines::ByteRange range) {
  return lines_.exists() ? lines_.get()->is_hazard(access, range) : model::is_hazard(access, any_);
}

bool ContractBelief::can_lose(Operation op, const OperationPlace& place) {
  if (!lines_.exists()) return model::can_lose(op, any_);
  return lines_.get()->can_lose(op, place.known ? place.range : lines::ByteRange{});
}

bool ContractBelief::has_no_effect(Operation op, const OperationPlace& place) {
  return lines_.exists() ? lines_.get()->has_no_effect(op, place.known ? place.range : lines::ByteRange{})
                         : model::has_no_effect(op, any_);
}

}  // namespace custody::checker::replay
