// SPDX-License-Identifier: BSD-2-Clause
// Moves the beliefs of one buffer along accesses and operations.
#include "checker/replay/belief.hpp"

#include "checker/optimum/rewrite.hpp"

namespace custody::checker::replay {

using model::Access;
using model::AccessSet;
using model::Belief;
using model::Operation;

void BufferBelief::begin(Belief start, bool known, std::uint64_t size) {
  size_ = size;
  mended_ = ContractBelief(start);
  actual_.reset();
  kept_ = {};
  worst_ = known ? start : model::start::kAnything;
  forked_ = false;
}

void BufferBelief::lose() {
  mended_ = ContractBelief(model::hardware_closure(model::start::kClean));
  actual_.reset();
  kept_ = {};
  worst_ = model::start::kAnything;
}

void BufferBelief::forget_actual_if_same() {
  if (actual_.exists() && actual_.get()->is_same(mended_)) actual_.reset();
}

void BufferBelief::advance(const Agents& agents, const model::Custody* windows, bool complete) {
  mended_.advance(agents, windows);
  if (actual_.exists()) actual_.get()->advance(agents, windows);
  forget_actual_if_same();
  if (forked_) if_not_coherent_ = model::advance(if_not_coherent_, agents.if_not_coherent);
  worst_ = complete ? model::advance(worst_, agents.worst) : model::start::kAnything;
}

void BufferBelief::perform(AccessSet either, lines::ByteRange range) {
  const bool whole = is_whole(size_, range);
  mended_.perform(either, range, whole);
  if (actual_.exists()) actual_.get()->perform(either, range, whole);
  if_not_coherent_ = after_either(either, if_not_coherent_, whole);
  if (either.has(Access::kCoherentWrite)) either.add(Access::kCoherentWriteDirty);
  worst_ = after_either(either, worst_, whole) | mended_.any();
}

void BufferBelief::copy_in(bool is_new, bool may_be_old) {
  constexpr model::Line kOldCopy = model::Line::kDirtyOld;
  const Belief before = worst_;
  if (may_be_old && !actual_.exists()) actual_.emplace(mended_);
  const Belief old = actual_.exists() && may_be_old ? optimum::copied_over(actual_.get()->any(), kOldCopy) : Belief{};
  if (is_new) perform(AccessSet().add(Access::kCpuWrite), {});
  else rewrite();
  if (!old.empty()) actual_.get()->replace(actual_.get()->any() | old);
  worst_ = before | mended_.any();
  if (is_new || may_be_old) worst_ = worst_ | optimum::copied_over(before, kOldCopy);
}

void BufferBelief::rewrite() {
  mended_.rewrite();
  if (actual_.exists()) actual_.get()->rewrite();
  if_not_coherent_ = optimum::rewritten(if_not_coherent_);
}

void BufferBelief::operate(const hindsight::DriverOperation& driver, const OperationPlace& place) {
  hindsight::DriverOperation saved = driver;
  if (driver.loses) saved.operation = Operation::kCleanInvalidate;
  const Belief worst = model::hardware_closure(model::apply(driver.operation, worst_));
  worst_ = driver.partial ? worst_ | worst : worst;
  if (driver.loses) worst_ = worst_ | hindsight::left_by(saved, mended_.any());
  mended_.operate(driver, place);
  if (actual_.exists()) actual_.get()->operate(driver, place);
  if_not_coherent_ = hindsight::left_by(driver, if_not_coherent_);
}

void BufferBelief::settle(hindsight::Settlement by, lines::ByteRange range) {
  if (!actual_.exists()) actual_.emplace(mended_);
  mended_.settle(by, range);
  forget_actual_if_same();
  forked_ = false;
}

void BufferBelief::keep_settling(hindsight::Settlement by) {
  kept_.cleaned = kept_.cleaned || by.cleaned;
  kept_.invalidated = kept_.invalidated || by.invalidated;
}

void BufferBelief::tell_lines_apart(const lines::CacheLines& cache) {
  mended_.tell_lines_apart(cache, size_);
  if (actual_.exists()) actual_.get()->tell_lines_apart(cache, size_);
}

void BufferBelief::fork() {
  forked_ = true;
  if_not_coherent_ = mended_.any();
}

void BufferBelief::join(bool snoops) {
  if (forked_ && !snoops) {
    if (actual_.exists()) actual_.get()->replace(actual_.get()->any() | if_not_coherent_);
    mended_.replace(if_not_coherent_);
  }
  forked_ = false;
}

bool BufferBelief::has_no_effect(Operation op, const OperationPlace& place) {
  return mended_.has_no_effect(op, place) && (!actual_.exists() || actual_.get()->has_no_effect(op, place)) &&
         (!forked_ || model::has_no_effect(op, if_not_coherent_));
}

void append_belief(const BufferBelief& b, std::string& out) {
  const auto add = [&out](unsigned bits) {
    out += static_cast<char>(bits & 0xffU);
    out += static_cast<char>(bits >> 8U & 0xffU);
  };
  add(b.mended_.any().bits);
  add(b.actual_.exists() ? b.actual_.get()->any().bits : 0U);
  add(b.worst_.bits);
  add(b.forked_ ? b.if_not_coherent_.bits : 0U);
  add((b.lines() != nullptr ? 1U : 0U) | (b.kept_.cleaned ? 2U : 0U) | (b.kept_.invalidated ? 4U : 0U));
}

}  // namespace custody::checker::replay
