// SPDX-License-Identifier: BSD-2-Clause
// The fewest of a driver's own operations, each in its place, that leave no hazard which all of them do not leave.
#include "checker/hindsight/subset.hpp"

#include <algorithm>

#include "checker/optimum/rewrite.hpp"

namespace custody::checker::hindsight {

namespace {

using model::Belief;

constexpr std::size_t kMostFrontiers = std::size_t{1} << 15U;
constexpr std::uint32_t kMostAbove = 1000;
enum class Code : std::uint32_t { kOperate, kRequire, kSettle, kPerform, kRestart, kRewrite };
constexpr std::uint32_t code_of(Code kind, std::uint32_t value) {
  return static_cast<std::uint32_t>(kind) << 24U | value;
}

bool holds_no_more(std::uint16_t a, std::uint16_t b) { return (a & ~b) == 0; }

/// Of two entries, one that holds no more and costs no more stands for both.
optimum::Frontier without_dominated(const optimum::Frontier& all) {
  optimum::Frontier kept;
  for (const auto& entry : all) {
    const bool dominated = std::any_of(all.begin(), all.end(), [&](const auto& other) {
      return other.first != entry.first && holds_no_more(other.first, entry.first) && other.second <= entry.second;
    });
    if (!dominated) kept.push_back(entry);
  }
  return kept;
}

}  // namespace

Belief left_by(const DriverOperation& driver, Belief before) {
  Belief kept, saved;
  for (unsigned s = 0; s < model::kLineStates; ++s) {
    const Belief state = model::only(model::memory_of(s), model::line_of(s));
    if (!before.intersects(state)) continue;
    if (model::can_lose(driver.operation, state)) saved = model::start::kClean;
    else kept = kept | state;
  }
  const Belief result = model::hardware_closure(model::apply(driver.operation, kept) | saved);
  return driver.partial ? before | result : result;
}

std::uint32_t SubsetAutomaton::intern(const optimum::Frontier& next, optimum::FrontierStep& step) {
  return frontiers_.intern(without_dominated(next), step.cost);
}

template <class Make>
void SubsetAutomaton::step(SubsetState& state, std::uint32_t code, const Make& make) {
  if (!state.unknown) take(state, steps_[std::uint64_t{state.frontier} << 32U | code], make);
}

template <class Make>
void SubsetAutomaton::take(SubsetState& state, optimum::FrontierStep& next, const Make& make) {
  if (next.frontier == optimum::FrontierStep::kUnknown) {
    optimum::Frontier made;
    for (const auto& [belief, cost] : frontiers_[state.frontier]) make(Belief{belief}, cost, made);
    const bool too_far = std::any_of(made.begin(), made.end(), [](const auto& e) { return e.second > kMostAbove; });
    next.infeasible = made.empty() || too_far || frontiers_.size() > kMostFrontiers;
    next.frontier = next.infeasible ? state.frontier : intern(made, next);
  }
  state.unknown = next.infeasible;
  state.frontier = next.frontier;
  state.passes += next.cost;
}

SubsetState SubsetAutomaton::begin(Belief start) {
  SubsetState state;
  optimum::FrontierStep step;
  state.frontier = intern({{start.bits, 0}}, step);
  return state;
}

void SubsetAutomaton::pass(SubsetState& state, model::AccessSet may) {
  if (state.unknown) return;
  const std::size_t key = state.frontier * std::size_t{kPasses} + model::detail::kWriteIndex[may.bits];
  if (key >= passes_.size()) passes_.resize(frontiers_.size() * kPasses);
  take(state, passes_[key], [&](Belief b, std::uint32_t cost, optimum::Frontier& next) {
    optimum::improve(next, model::advance(b, may).bits, cost);
  });
}

void SubsetAutomaton::operate(SubsetState& state, const DriverOperation& driver) {
  const std::uint32_t code = static_cast<std::uint32_t>(driver.operation) << 3U | (driver.partial ? 4U : 0U) |
                             (driver.loses ? 2U : 0U) | (driver.removable ? 1U : 0U);
  step(state, code_of(Code::kOperate, code), [&](Belief b, std::uint32_t cost, optimum::Frontier& next) {
    if (driver.removable) optimum::improve(next, b.bits, cost);
    if (model::can_lose(driver.operation, b) && !driver.loses) return;
    optimum::improve(next, left_by(driver, b).bits, cost + optimum::passes_of(driver.operation, price_));
  });
}

void SubsetAutomaton::require(SubsetState& state, Belief hazard) {
  if (hazard.empty()) return;
  step(state, code_of(Code::kRequire, hazard.bits), [&](Belief b, std::uint32_t cost, optimum::Frontier& next) {
    if (!b.intersects(hazard)) optimum::improve(next, b.bits, cost);
  });
}

void SubsetAutomaton::settle(SubsetState& state, Settlement by) {
  const std::uint32_t code = (by.cleaned ? 2U : 0U) | (by.invalidated ? 1U : 0U);
  if (code == 0) return;
  step(state, code_of(Code::kSettle, code), [&](Belief b, std::uint32_t cost, optimum::Frontier& next) {
    optimum::improve(next, settled(b, by).bits, cost);
  });
}

void SubsetAutomaton::perform(SubsetState& state, model::Access access) {
  step(state, code_of(Code::kPerform, static_cast<std::uint32_t>(access)),
       [&](Belief b, std::uint32_t cost, optimum::Frontier& next) {
         optimum::improve(next, model::hardware_closure(model::perform(access, b)).bits, cost);
       });
}

void SubsetAutomaton::rewrite(SubsetState& state) {
  step(state, code_of(Code::kRewrite, 0), [](Belief b, std::uint32_t cost, optimum::Frontier& next) {
    optimum::improve(next, optimum::rewritten(b).bits, cost);
  });
}

void SubsetAutomaton::restart(SubsetState& state, Belief own, Belief now) {
  constexpr unsigned kBeliefBits = 10;
  step(state, code_of(Code::kRestart, static_cast<std::uint32_t>(own.bits) << kBeliefBits | now.bits),
       [&](Belief b, std::uint32_t cost, optimum::Frontier& next) {
         if (holds_no_more(b.bits, own.bits)) optimum::improve(next, now.bits, cost);
       });
}

}  // namespace custody::checker::hindsight
