// SPDX-License-Identifier: BSD-2-Clause
// The fewest of a driver's own operations, each in its place, that leave no hazard which all of them do not leave.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "checker/hindsight/settle.hpp"
#include "checker/optimum/frontier.hpp"
#include "checker/optimum/price.hpp"
#include "model/coherence.hpp"

namespace custody::checker::hindsight {

/// Where the shortest path of one buffer stands; the sets themselves are shared in `SubsetAutomaton`.
struct SubsetState {
  std::uint32_t frontier = 0;
  bool unknown = false;      ///< the automaton grew too large: nothing is claimed of this buffer
  std::uint64_t passes = 0;  ///< cost of the cheapest entry
};

/// An operation of the driver.
struct DriverOperation {
  model::Operation operation = model::Operation::kNone;
  bool partial = false;   ///< it may leave part of the buffer as it was
  bool loses = false;     ///< it can lose data in the driver's own belief
  bool removable = true;  ///< else it stays
};

/// The belief after it. Of a line of which it loses the data: as if they had been saved to memory. One fault, one
/// finding; lines that it can not hurt are what it leaves of them.
[[nodiscard]] model::Belief left_by(const DriverOperation& driver, model::Belief before);

/// The entries are beliefs with the least that was kept to get there; of two, one that holds no more and costs no more
/// stands for both. The driver's own belief is always one of them, or one that holds less stands for it. Memory is
/// bounded: past the bound a state is `unknown`. Not thread safe.
class SubsetAutomaton {
 public:
  explicit SubsetAutomaton(optimum::Price price = optimum::Price::kCombined) : price_(price) {}
  /// `start` is closed.
  [[nodiscard]] SubsetState begin(model::Belief start);
  void pass(SubsetState& state, model::AccessSet may);
  void operate(SubsetState& state, const DriverOperation& driver);
  /// Entries in which one of these states is possible end here. The driver's own must be in none of them.
  void require(SubsetState& state, model::Belief hazard);
  /// The driver's own belief was settled: so is every entry.
  void settle(SubsetState& state, Settlement by);
  void perform(SubsetState& state, model::Access access);
  /// The CPU certainly stored again what the buffer holds.
  void rewrite(SubsetState& state);
  /// Whether somebody looks at what was left out cannot be known any more: only entries that hold no more than the
  /// driver's own belief `own` count, and the path goes on from `now`.
  void restart(SubsetState& state, model::Belief own, model::Belief now);

 private:
  template <class Make>
  void step(SubsetState& state, std::uint32_t code, const Make& make);
  /// Goes that step, which is made where it was never gone.
  template <class Make>
  void take(SubsetState& state, optimum::FrontierStep& next, const Make& make);
  std::uint32_t intern(const optimum::Frontier& next, optimum::FrontierStep& step);

  optimum::Price price_;
  static constexpr unsigned kPasses = 32;

  optimum::FrontierTable frontiers_;
  std::vector<optimum::FrontierStep> passes_;  ///< [frontier * kPasses + set of writes]
  boost::unordered_flat_map<std::uint64_t, optimum::FrontierStep> steps_;
};

}  // namespace custody::checker::hindsight
