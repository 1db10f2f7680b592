// SPDX-License-Identifier: BSD-2-Clause
// Moves the beliefs of one buffer along accesses and operations.
#include "checker/replay/belief.hpp"

namespace custody::checker::replay {

using model::Access;
using model::AccessSet;
using model::Belief;
using model::Operation;

void BufferBelief::begin(Belief start, bool known, std::uint64_t size) {
  size_ = size;
  contract_ = start;
  worst_ = known ? start : model::start::kAnything;
  lines_.reset();
  forked_ = false;
}

void BufferBelief::lose() {
  contract_ = model::hardware_closure(model::start::kClean);
  worst_ = model::start::kAnything;
  lines_.reset();
}

void BufferBelief::advance_lines(AccessSet whole, const model::Custody* custody) {
  for (bool changed = true; changed;) {
    changed = lines_->advance(whole);
    if (custody == nullptr || custody->windows.empty()) break;
    for (const model::Window& w : custody->windows)
      if (model::device_may_read(w.dir) && model::is_active(*custody, w))
        changed = lines_->advance(AccessSet().add(Access::kCpuWrite), w.extent) || changed;
  }
  contract_ = lines_->joined();
}

void BufferBelief::advance(const Agents& agents, const model::Custody* custody, bool complete) {
  if (lines_) advance_lines(agents.whole_buffer, custody);
  else contract_ = model::advance(contract_, agents.contract);
  if (forked_) if_not_coherent_ = model::advance(if_not_coherent_, agents.if_not_coherent);
  worst_ = complete ? model::advance(worst_, agents.worst) : model::start::kAnything;
}

void BufferBelief::perform(Access access, lines::ByteRange range) {
  const bool whole = is_whole(size_, range);
  const auto after = [&](Belief before) {
    const Belief done = model::hardware_closure(model::perform(access, before));
    return whole ? done : done | before;
  };
  if (lines_) {
    lines_->perform(access, range);
    contract_ = lines_->joined();
  } else {
    contract_ = after(contract_);
  }
  if_not_coherent_ = after(if_not_coherent_);
  worst_ = after(worst_) | contract_;
}

void BufferBelief::copy_in() {
  const Belief before = worst_;
  perform(Access::kCpuWrite, {});
  worst_ = before | contract_;
}

void BufferBelief::operate(const hindsight::DriverOperation& driver, const OperationPlace& place) {
  hindsight::DriverOperation settled = driver;
  if (driver.loses) settled.operation = Operation::kCleanInvalidate;
  const Belief worst = model::hardware_closure(model::apply(driver.operation, worst_));
  worst_ = driver.partial ? worst_ | worst : worst;
  if (driver.loses) worst_ = worst_ | hindsight::left_by(settled, contract_);
  if (lines_) {
    if (place.known) lines_->operate(settled.operation, place.range);
    else lines_->operate_somewhere(settled.operation, {});
    contract_ = lines_->joined();
  } else {
    contract_ = hindsight::left_by(settled, contract_);
  }
  if_not_coherent_ = hindsight::left_by(settled, if_not_coherent_);
}

void BufferBelief::settle(hindsight::Settlement by, lines::ByteRange range) {
  if (lines_) {
    lines_->settle(by, range);
    contract_ = lines_->joined();
  } else {
    contract_ = hindsight::settled(contract_, by);
  }
  forked_ = false;
}

void BufferBelief::tell_lines_apart(const lines::CacheLines& cache) { lines_.emplace(cache, size_, contract_); }

void BufferBelief::fork() {
  forked_ = true;
  if_not_coherent_ = contract_;
}

void BufferBelief::join(bool snoops) {
  if (forked_ && !snoops) {
    contract_ = if_not_coherent_;
    if (lines_) lines_->forget();
  }
  forked_ = false;
}

bool BufferBelief::meets(Access access, lines::ByteRange range) {
  return lines_ ? lines_->is_hazard(access, range) : model::is_hazard(access, contract_);
}

bool BufferBelief::can_lose(Operation op, const OperationPlace& place) {
  if (!lines_) return model::can_lose(op, contract_);
  return lines_->can_lose(op, place.known ? place.range : lines::ByteRange{});
}

bool BufferBelief::has_no_effect(Operation op, const OperationPlace& place) {
  const bool same = lines_ ? lines_->has_no_effect(op, place.known ? place.range : lines::ByteRange{})
                           : model::has_no_effect(op, contract_);
  return same && (!forked_ || model::has_no_effect(op, if_not_coherent_));
}

}  // namespace custody::checker::replay
