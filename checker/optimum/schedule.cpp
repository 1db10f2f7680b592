// SPDX-License-Identifier: BSD-2-Clause
#include "checker/optimum/schedule.hpp"

#include <algorithm>

namespace custody::checker {

namespace {
using model::Belief;
using model::Operation;
constexpr Operation kSchedulable[] = {Operation::kClean, Operation::kInvalidate, Operation::kCleanInvalidate};
constexpr std::uint32_t kRequireKey = 0;
constexpr std::uint32_t kPerformKey = 0x10000;
}  // namespace

void ScheduleAutomaton::improve(Frontier& frontier, std::uint16_t belief, std::uint32_t cost) {
  for (auto& entry : frontier)
    if (entry.first == belief) {
      entry.second = std::min(entry.second, cost);
      return;
    }
  frontier.emplace_back(belief, cost);
}

void ScheduleAutomaton::relax(Frontier& frontier) {
  const Frontier before = frontier;
  for (const auto& [belief, cost] : before)
    for (const Operation op : kSchedulable)
      if (!model::can_lose(op, Belief{belief}))
        improve(frontier, model::hardware_closure(model::apply(op, Belief{belief})).bits, cost + 1);
}

std::uint32_t ScheduleAutomaton::intern(Frontier frontier, std::uint16_t& cost) {
  std::uint32_t cheapest = frontier.front().second;
  for (const auto& entry : frontier) cheapest = std::min(cheapest, entry.second);
  for (auto& entry : frontier) entry.second -= cheapest;
  std::sort(frontier.begin(), frontier.end());
  cost = static_cast<std::uint16_t>(cheapest);
  const auto [it, added] = index_.try_emplace(frontier, static_cast<std::uint32_t>(frontiers_.size()));
  if (added) {
    frontiers_.push_back(std::move(frontier));
    passes_.resize(frontiers_.size() * kPasses);
  }
  return it->second;
}

void ScheduleAutomaton::follow(ScheduleState& state, const Step& step) {
  state.frontier = step.frontier;
  state.operations += step.cost;
  state.infeasible = state.infeasible || step.infeasible;
}

ScheduleState ScheduleAutomaton::begin(Belief start) {
  ScheduleState state;
  std::uint16_t cost = 0;
  state.frontier = intern({{start.bits, 0}}, cost);
  return state;
}

void ScheduleAutomaton::pass(ScheduleState& state, model::AccessSet may) {
  const std::size_t key = state.frontier * kPasses + model::detail::kWriteIndex[may.bits];
  if (passes_[key].frontier == kUnknown) {
    Frontier next;
    for (const auto& [belief, cost] : frontiers_[state.frontier])
      improve(next, model::advance(Belief{belief}, may).bits, cost);
    relax(next);
    Step step;
    step.frontier = intern(std::move(next), step.cost);
    passes_[key] = step;
  }
  follow(state, passes_[key]);
}

void ScheduleAutomaton::require(ScheduleState& state, Belief hazard) {
  if (hazard.empty()) return;
  Step& step = others_[{state.frontier, kRequireKey | hazard.bits}];
  if (step.frontier == kUnknown) {
    Frontier next;
    for (const auto& [belief, cost] : frontiers_[state.frontier])
      if (!Belief{belief}.intersects(hazard)) next.emplace_back(belief, cost);
    step.infeasible = next.empty();
    if (next.empty()) next.emplace_back(model::hardware_closure(model::start::kClean).bits, 0);
    step.frontier = intern(std::move(next), step.cost);
  }
  follow(state, step);
}

void ScheduleAutomaton::perform(ScheduleState& state, model::Access access) {
  Step& step = others_[{state.frontier, kPerformKey | static_cast<std::uint32_t>(access)}];
  if (step.frontier == kUnknown) {
    Frontier next;
    for (const auto& [belief, cost] : frontiers_[state.frontier])
      improve(next, model::hardware_closure(model::perform(access, Belief{belief})).bits, cost);
    step.frontier = intern(std::move(next), step.cost);
  }
  follow(state, step);
}

}  // namespace custody::checker
