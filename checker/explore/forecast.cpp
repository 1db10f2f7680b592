// SPDX-License-Identifier: BSD-2-Clause
// How many states a breadth-first search may find in all, from the levels that it has seen.
#include "checker/explore/forecast.hpp"

namespace custody::checker::explore {

void Forecast::add_level(std::uint64_t states) {
  const double factor = last_ == 0 ? 0 : static_cast<double>(states) / static_cast<double>(last_);
  change_ = factor_ == 0 ? 1 : factor / factor_;
  factor_ = factor;
  last_ = states;
  seen_ += states;
}

std::optional<std::uint64_t> Forecast::expected() const {
  constexpr double kMost = 1e18;
  if (change_ >= 1) return std::nullopt;
  double all = static_cast<double>(seen_), level = static_cast<double>(last_), factor = factor_;
  while (level >= 1 && all < kMost) {
    factor *= change_;
    level *= factor;
    all += level;
  }
  if (all >= kMost) return std::nullopt;
  return static_cast<std::uint64_t>(all);
}

}  // namespace custody::checker::explore
