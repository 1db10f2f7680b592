// SPDX-License-Identifier: BSD-2-Clause
// Sets of (contract belief, cost): where all cheapest paths of one buffer stand at a position of its trace.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "model/coherence.hpp"

namespace custody::checker::optimum {

/// Beliefs, each with its cost above the cheapest.
using Frontier = std::vector<std::pair<std::uint16_t, std::uint32_t>>;

/// Adds a belief, or lowers the cost of one that is there.
void improve(Frontier& frontier, std::uint16_t belief, std::uint32_t cost);

/// A step from one frontier to the next.
struct FrontierStep {
  static constexpr std::uint32_t kUnknown = 0xffffffffU;
  std::uint32_t frontier = kUnknown;
  std::uint16_t cost = 0;
  bool infeasible = false;
};

/// Keeps each frontier once. Costs in one differ by a few operations only, so few frontiers exist.
class FrontierTable {
 public:
  /// The id of a frontier that is not empty; `cost`: what its cheapest entry cost, which is taken off all.
  [[nodiscard]] std::uint32_t intern(Frontier frontier, std::uint16_t& cost);
  [[nodiscard]] const Frontier& operator[](std::uint32_t id) const { return frontiers_[id]; }
  [[nodiscard]] std::size_t size() const { return frontiers_.size(); }

 private:
  std::vector<Frontier> frontiers_;
  std::map<Frontier, std::uint32_t> index_;
};

}  // namespace custody::checker::optimum
