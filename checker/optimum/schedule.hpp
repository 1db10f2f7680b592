// SPDX-License-Identifier: BSD-2-Clause
// The cheapest schedule of cache operations that makes a buffer's accesses free of hazards: a shortest path over
// (position in the trace, contract belief), kept up to date event by event in constant memory.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "model/coherence.hpp"

namespace custody::checker {

/// Where the shortest path of one buffer stands. Plain data: the sets of costs themselves are shared in
/// `ScheduleAutomaton`.
struct ScheduleState {
  std::uint32_t frontier = 0;    ///< index of the automaton's set of (belief, cost above the cheapest)
  std::uint64_t operations = 0;  ///< cost of the cheapest entry
  bool infeasible = false;       ///< at some position no schedule is free of hazards
};

/// Price `combined`: clean, invalidate and clean+invalidate cost one operation each. An operation may stand before any
/// event. An operation that can lose data is never in a schedule.
///
/// The costs of a frontier differ by a few operations only, so few frontiers exist; each is made once, and each step
/// from one to the next is looked up afterwards. Not thread safe.
class ScheduleAutomaton {
 public:
  /// The path begins with the belief `start` (closed).
  [[nodiscard]] ScheduleState begin(model::Belief start);
  /// The accesses in `may` could happen since the last position; then an operation may be scheduled.
  void pass(ScheduleState& state, model::AccessSet may);
  /// `hazard`: the belief states in which what happens next would be a hazard. Schedules that allow one of them end
  /// here; where none is left, the state becomes infeasible and goes on from a clean line.
  void require(ScheduleState& state, model::Belief hazard);
  /// `access` certainly happened.
  void perform(ScheduleState& state, model::Access access);
  [[nodiscard]] std::size_t frontiers() const { return frontiers_.size(); }

 private:
  /// Sorted by belief; costs relative to the cheapest, which is 0.
  using Frontier = std::vector<std::pair<std::uint16_t, std::uint32_t>>;
  struct Step {
    std::uint32_t frontier = kUnknown;
    std::uint16_t cost = 0;
    bool infeasible = false;
  };
  static constexpr std::uint32_t kUnknown = 0xffffffffU;
  static constexpr unsigned kPasses = 32;

  std::uint32_t intern(Frontier frontier, std::uint16_t& cost);
  static void relax(Frontier& frontier);
  static void improve(Frontier& frontier, std::uint16_t belief, std::uint32_t cost);
  static void follow(ScheduleState& state, const Step& step);

  std::vector<Frontier> frontiers_;
  std::map<Frontier, std::uint32_t> index_;
  std::vector<Step> passes_;                                        ///< [frontier * kPasses + set of writes]
  std::map<std::pair<std::uint32_t, std::uint32_t>, Step> others_;  ///< require and perform
};

}  // namespace custody::checker
