// SPDX-License-Identifier: BSD-2-Clause
// How many states a breadth-first search may find in all, from the levels that it has seen.
#pragma once

#include <cstdint>
#include <optional>

namespace custody::checker::explore {

/// Levels of such a search grow, and then shrink, by a factor that itself shrinks from level to level, as in a bell
/// curve. The forecast lets the factor go on shrinking as it did last. It is a guess for people who wait.
class Forecast {
 public:
  /// The states that were found first at the next depth.
  void add_level(std::uint64_t states);
  /// All states, those seen included; nothing before the third level, or while the factor does not shrink.
  [[nodiscard]] std::optional<std::uint64_t> expected() const;

 private:
  std::uint64_t seen_ = 0, last_ = 0;
  double factor_ = 0, change_ = 1;  ///< of the last level to the one before; and of that factor to the one before
};

}  // namespace custody::checker::explore
