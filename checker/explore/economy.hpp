// SPDX-License-Identifier: BSD-2-Clause
// How much of a contract's maintenance can be without effect: measured, neither passed nor failed.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "checker/explore/system.hpp"

namespace custody::checker::explore {

/// A sync of a clause that runs a cache operation.
struct SyncEconomy {
  std::string clause, sync;  ///< of the contract, and of the vocabulary
  model::Operation operation = model::Operation::kNone;
  std::uint64_t reached = 0;  ///< (history, call) pairs that run it; histories that leave the same belief are one
  std::uint64_t without_effect = 0;  ///< of those
};

struct Economy {
  bool complete = true;  ///< false: `max_beliefs` or `stop` ended it, and nothing below is of use
  std::uint64_t beliefs = 0;
  std::uint64_t operations = 0, without_effect = 0;  ///< the sums over `syncs`
  std::vector<SyncEconomy> syncs;                    ///< by clause and sync
};

/// Follows what an exporter sees, the calls, and keeps all states that hidden accesses and the hardware can have left:
/// the contract belief of a trace without accesses. An operation is without effect where that belief, closed under the
/// hardware's moves, is the same after it: then no run that keeps the rules reads or loses different data. Calls that
/// fail are followed and not counted. The belief that a contract starts with is that of a buffer the CPU has written.
/// Where `stop` becomes true it ends; null: never.
[[nodiscard]] Economy economy_of(const System& system, std::uint64_t max_beliefs,
                                 const std::atomic<bool>* stop = nullptr);

}  // namespace custody::checker::explore
