// SPDX-License-Identifier: BSD-2-Clause
// Sets of (contract belief, cost): where all cheapest paths of one buffer stand at a position of its trace.
#include "checker/optimum/frontier.hpp"

#include <algorithm>

namespace custody::checker::optimum {

void improve(Frontier& frontier, std::uint16_t belief, std::uint32_t cost) {
  for (auto& entry : frontier)
    if (entry.first == belief) {
      entry.second = std::min(entry.second, cost);
      return;
    }
  frontier.emplace_back(belief, cost);
}

std::uint32_t FrontierTable::intern(Frontier frontier, std::uint16_t& cost) {
  std::uint32_t cheapest = frontier.front().second;
  for (const auto& entry : frontier) cheapest = std::min(cheapest, entry.second);
  for (auto& entry : frontier) entry.second -= cheapest;
  std::sort(frontier.begin(), frontier.end());
  cost = static_cast<std::uint16_t>(cheapest);
  const auto [it, added] = index_.try_emplace(frontier, static_cast<std::uint32_t>(frontiers_.size()));
  if (added) frontiers_.push_back(std::move(frontier));
  return it->second;
}

}  // namespace custody::checker::optimum
