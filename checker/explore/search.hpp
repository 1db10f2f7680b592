// SPDX-License-Identifier: BSD-2-Clause
// Breadth-first search through a system: exact counts, shortest counterexamples.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <vector>

#include "checker/explore/step_tables.hpp"
#include "checker/explore/system.hpp"

namespace custody::checker::explore {

/// How far a search has come.
struct SearchProgress {
  std::uint64_t states = 0, open = 0, depth = 0;  ///< found, of these to be expanded, and how deep
  std::optional<std::uint64_t> expected;          ///< states that there may be in all; see forecast.hpp
};

struct SearchOptions {
  std::uint64_t max_states = std::uint64_t{1} << 28U;
  unsigned threads = 1;            ///< fewer work where there are none, or no memory for them
  bool symmetry = true;            ///< states that differ in the order of like devices count once
  bool stop_at_violation = false;  ///< after the level of the first one
  /// Called between levels and within long ones, from one thread; may be empty.
  std::function<void(const SearchProgress&)> progress;
  /// Where it becomes true the search ends as one that a bound stopped; null: never. It must outlive the search.
  const std::atomic<bool>* stop = nullptr;
};

/// A transition that breaks a property: the path to it is shortest.
struct Violation {
  Property property{};
  std::vector<Packed> states;  ///< from the initial one; not canonical
  std::vector<Label> labels;   ///< `labels[i]` leads from `states[i]`; the last one violates
  std::uint64_t count = 0;     ///< transitions that break it
};

struct SearchResult {
  std::uint64_t states = 0, depth = 0;
  Totals totals;               ///< of what was expanded
  bool complete = true;        ///< false: a bound stopped it, and everything here is of the levels that were finished
  bool interrupted = false;    ///< `stop` did
  bool out_of_memory = false;  ///< there was no more memory
  unsigned threads = 1;        ///< that worked
  std::uint64_t stored_bytes = 0;
  std::vector<Violation> violations;  ///< one a property, the shallowest first
  std::uint64_t stuck = 0;            ///< states from which the buffer can not be released any more
  std::uint64_t stuck_windows = 0;    ///< of these, with a window that can not end any more
};

/// Explores everything reachable, up to the bound. The result is the same each time, for any number of threads, but for
/// `stored_bytes` and `threads`. Throws std::bad_alloc where memory runs out before or behind the search.
[[nodiscard]] SearchResult search(const System& system, const SearchOptions& options);

}  // namespace custody::checker::explore
