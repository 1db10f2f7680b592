// SPDX-License-Identifier: BSD-2-Clause
// The cheapest schedule of cache operations that makes a buffer's accesses free of hazards: a shortest path over
// (position in the trace, contract belief), kept up to date event by event in constant memory.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "checker/optimum/frontier.hpp"
#include "checker/optimum/price.hpp"
#include "model/coherence.hpp"

namespace custody::checker::optimum {

/// Where the shortest path of one buffer stands. Plain data: the sets of costs themselves are shared in
/// `ScheduleAutomaton`.
struct ScheduleState {
  std::uint32_t frontier = 0;    ///< index of the automaton's set of (belief, cost above the cheapest)
  bool infeasible = false;       ///< at some position no schedule is free of hazards
  std::uint64_t operations = 0;  ///< cost of the cheapest entry
};

/// An operation may stand before any event, and costs what `price` says. An operation that can lose data is never in a
/// schedule. Each step from one frontier to the next is made once and looked up afterwards. Not thread safe.
class ScheduleAutomaton {
 public:
  explicit ScheduleAutomaton(Price price = Price::kCombined) : price_(price) {}
  /// The path begins with the belief `start` (closed).
  [[nodiscard]] ScheduleState begin(model::Belief start);
  /// The accesses in `may` could happen since the last position; then an operation may be scheduled.
  void pass(ScheduleState& state, model::AccessSet may);
  /// `hazard`: the belief states in which what happens next would be a hazard. Schedules that allow one of them end
  /// here; where none is left, the state becomes infeasible and goes on from a clean line.
  void require(ScheduleState& state, model::Belief hazard);
  /// `access` certainly happened.
  void perform(ScheduleState& state, model::Access access);
  /// The CPU certainly stored again what the buffer holds.
  void rewrite(ScheduleState& state);
  [[nodiscard]] std::size_t frontiers() const { return frontiers_.size(); }

 private:
  static constexpr unsigned kPasses = 32;

  void relax(Frontier& frontier) const;
  static void follow(ScheduleState& state, const FrontierStep& step);

  Price price_;
  FrontierTable frontiers_;
  std::vector<FrontierStep> passes_;                                        ///< [frontier * kPasses + set of writes]
  std::map<std::pair<std::uint32_t, std::uint32_t>, FrontierStep> others_;  ///< require, perform, rewrite
};

}  // namespace custody::checker::optimum
