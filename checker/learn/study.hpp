// SPDX-License-Identifier: BSD-2-Clause
// The whole of `custody learn`: explore, learn, look into every state, learn again, and check on programs at random.
#pragma once

#include "checker/learn/learn.hpp"
#include "checker/learn/trial.hpp"

namespace custody::checker::learn {

struct StudyOptions {
  std::string name, source;
  std::vector<World> worlds = {{false, false}, {false, true}};
  unsigned depth = 5;  ///< to which every program is run
  Usage usage;
  RandomOptions random;
  std::function<bool(std::string_view doing, std::uint64_t done)> stop;  ///< progress; true: stop with what there is
};

/// A call in which the driver crashes, deadlocks or does not come back.
struct Stopped {
  World world;
  Program program;  ///< with the call; `undoing`: everything is undone and released after it
  bool undoing = false;
  std::string what;
};

struct Study {
  Learned learned;
  std::uint64_t explored = 0;               ///< calls up to the depth
  std::uint64_t deeper = 0;                 ///< calls beyond it, in states that the contract knows
  unsigned rounds = 1;                      ///< in which the contract was learned
  bool complete = true;                     ///< every program up to the depth and every state was run
  bool folded_passes = false;               ///< see below
  std::set<std::string> mapping_functions;  ///< that make and drop the mapping behind those passes
  Trial random;
  /// Calls that no legal client of the exploration makes, against the contract: two maps of one attachment, a begin
  /// that is interrupted. Nothing was learned from them.
  std::vector<Unsaid> outside;
  std::uint64_t outside_calls = 0;
  std::vector<Stopped> stops;  ///< the shortest of each call and kind; what comes behind them is not explored
};

/// Deterministic where the subject is. What the exporter does through a mapping of its own, made and dropped without
/// sync, always clean or always invalidate, counts as passes over the buffer: `folded_passes`.
[[nodiscard]] Study study(const Subject& subject, const StudyOptions& options);

}  // namespace custody::checker::learn
