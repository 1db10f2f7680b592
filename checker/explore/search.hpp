// SPDX-License-Identifier: BSD-2-Clause
// Breadth-first search through a system: exact counts, shortest counterexamples.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/explore/system.hpp"

namespace custody::checker {

struct SearchOptions {
  std::uint64_t max_states = std::uint64_t{1} << 28U;
  bool symmetry = true;  ///< states that differ in the order of like devices count once
  bool stop_at_violation = false;
  /// Called now and then with states found and states still to expand; may be empty.
  std::function<void(std::uint64_t states, std::uint64_t open)> progress;
};

/// A transition that breaks a property: the path to it is shortest.
struct Violation {
  Property property{};
  std::vector<Packed> states;  ///< from the initial one; not canonical
  std::vector<Deed> deeds;     ///< `deeds[i]` leads from `states[i]`; the last one violates
  std::uint64_t count = 0;     ///< transitions that break it
};

struct SearchResult {
  std::uint64_t states = 0, transitions = 0, depth = 0;
  bool complete = true;  ///< false: `max_states` stopped it
  std::uint64_t stored_bytes = 0;
  std::vector<Violation> violations;            ///< one a property, in the order in which they were found
  std::uint64_t stuck = 0;                      ///< states from which the buffer can not be released any more
  std::array<std::uint64_t, 16> seen{};         ///< transitions by Deed::Kind: what sometimes happens
  std::uint64_t handovers = 0, operations = 0;  ///< calls that map, unmap, begin or end; what they ran
  std::uint64_t most_operations = 0;            ///< in one call
};

/// Explores everything reachable, up to the bound. The result is the same each time.
[[nodiscard]] SearchResult search(const System& system, const SearchOptions& options);

}  // namespace custody::checker
