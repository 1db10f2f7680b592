// SPDX-License-Identifier: BSD-2-Clause
// The cheapest schedule of cache operations that makes a buffer's accesses free of hazards: a shortest path over
// (position in the trace, contract belief), kept up to date event by event in constant memory.
#include "checker/optimum/schedule.hpp"

#include "checker/optimum/rewrite.hpp"

namespace custody::checker::optimum {

namespace {
using model::Belief;
using model::Operation;
constexpr Operation kSchedulable[] = {Operation::kClean, Operation::kInvalidate, Operation::kCleanInvalidate};
constexpr std::uint32_t kRequireKey = 0;
constexpr std::uint32_t kPerformKey = 0x10000;
constexpr std::uint32_t kRewriteKey = 0x20000;
}  // namespace

void ScheduleAutomaton::relax(Frontier& frontier) const {
  const Frontier before = frontier;
  for (const auto& [belief, cost] : before)
    for (const Operation op : kSchedulable)
      if (!model::can_lose(op, Belief{belief}))
        improve(frontier, model::hardware_closure(model::apply(op, Belief{belief})).bits, cost + passes_of(op, price_));
}

void ScheduleAutomaton::follow(ScheduleState& state, const FrontierStep& step) {
  state.frontier = step.frontier;
  state.operations += step.cost;
  state.infeasible = state.infeasible || step.infeasible;
}

ScheduleState ScheduleAutomaton::begin(Belief start) {
  ScheduleState state;
  std::uint16_t cost = 0;
  state.frontier = frontiers_.intern({{start.bits, 0}}, cost);
  return state;
}

void ScheduleAutomaton::pass(ScheduleState& state, model::AccessSet may) {
  const std::size_t key = state.frontier * std::size_t{kPasses} + model::detail::kWriteIndex[may.bits];
  if (key >= passes_.size()) passes_.resize(frontiers_.size() * kPasses);
  if (passes_[key].frontier == FrontierStep::kUnknown) {
    Frontier next;
    for (const auto& [belief, cost] : frontiers_[state.frontier])
      improve(next, model::advance(Belief{belief}, may).bits, cost);
    relax(next);
    FrontierStep step;
    step.frontier = frontiers_.intern(std::move(next), step.cost);
    passes_[key] = step;
  }
  follow(state, passes_[key]);
}

void ScheduleAutomaton::require(ScheduleState& state, Belief hazard) {
  if (hazard.empty()) return;
  FrontierStep& step = others_[{state.frontier, kRequireKey | hazard.bits}];
  if (step.frontier == FrontierStep::kUnknown) {
    Frontier next;
    for (const auto& [belief, cost] : frontiers_[state.frontier])
      if (!Belief{belief}.intersects(hazard)) next.emplace_back(belief, cost);
    step.infeasible = next.empty();
    if (next.empty()) next.emplace_back(model::hardware_closure(model::start::kClean).bits, 0);
    step.frontier = frontiers_.intern(std::move(next), step.cost);
  }
  follow(state, step);
}

void ScheduleAutomaton::perform(ScheduleState& state, model::Access access) {
  FrontierStep& step = others_[{state.frontier, kPerformKey | static_cast<std::uint32_t>(access)}];
  if (step.frontier == FrontierStep::kUnknown) {
    Frontier next;
    for (const auto& [belief, cost] : frontiers_[state.frontier])
      improve(next, model::hardware_closure(model::perform(access, Belief{belief})).bits, cost);
    step.frontier = frontiers_.intern(std::move(next), step.cost);
  }
  follow(state, step);
}

void ScheduleAutomaton::rewrite(ScheduleState& state) {
  FrontierStep& step = others_[{state.frontier, kRewriteKey}];
  if (step.frontier == FrontierStep::kUnknown) {
    Frontier next;
    for (const auto& [belief, cost] : frontiers_[state.frontier]) improve(next, rewritten(Belief{belief}).bits, cost);
    step.frontier = frontiers_.intern(std::move(next), step.cost);
  }
  follow(state, step);
}

}  // namespace custody::checker::optimum
