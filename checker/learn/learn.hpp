// SPDX-License-Identifier: BSD-2-Clause
// From explored calls to a contract: the fewest clauses that predict them, and what no clause can say.
#pragma once

#include <set>

#include "checker/learn/contract_beside.hpp"
#include "checker/learn/hidden_notes.hpp"
#include "spec/contract.hpp"

namespace custody::checker::learn {

/// What the explored calls say for a clause.
struct ClauseEvidence {
  std::string clause;
  std::uint64_t calls = 0;          ///< explored calls in which it ran, and the driver did what it says
  Program first;                    ///< a shortest program that ends in one
  std::set<std::string> functions;  ///< C functions that made its syncs; empty where nobody could tell
};
/// Calls that the contract predicts otherwise than the driver did them.
struct Unsaid {
  Program program;  ///< a shortest one that ends in such a call
  World world;
  std::string predicted, found;
  std::string kind;         ///< `kind_of`
  std::uint64_t calls = 0;  ///< explored calls that end in the same situation with the same answer
  bool unstable = false;    ///< the driver gave the same program another answer at another time
};
struct Learned {
  spec::Contract contract;
  std::vector<ClauseEvidence> evidence;  ///< in the order of the clauses
  std::vector<Unsaid> unsaid;            ///< shortest program first
  std::vector<Trigger> triggers;         ///< that set the notes which nobody sees
  std::uint64_t calls = 0, agreed = 0;   ///< explored calls; those that the contract predicts
};

/// The same each time. Nothing is smoothed over: what the contract gets wrong is in `unsaid`. `hint`: triggers that
/// were learned from fewer calls.
[[nodiscard]] Learned learn(const Samples& samples, const std::string& name, const std::string& source,
                            const std::vector<Trigger>& hint);

/// Counts what was explored against the contract; puts into `because` of each clause what its evidence is.
void weigh(const Samples& samples, Learned& learned);

}  // namespace custody::checker::learn
