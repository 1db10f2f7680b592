// SPDX-License-Identifier: BSD-2-Clause
// Can any contract, which sees each hand-over only when it comes, meet the optimum that knows them all? A game between
// the contract, which chooses an operation at each hand-over, and an adversary, who chooses the next and when to stop.
#pragma once

#include <cstddef>
#include <vector>

#include "checker/optimum/price.hpp"
#include "model/coherence.hpp"

namespace custody::checker::optimum {

/// Who may access after a hand-over: what an adversary may choose.
using HandOvers = std::vector<model::AccessSet>;

/// One way in which a contract can answer the adversary, up to where it has paid more.
struct Refutation {
  std::vector<std::size_t> hand_overs;       ///< indices of the game's hand-overs
  std::vector<model::Operation> operations;  ///< that the contract runs at each
};

struct OnlineVerdict {
  /// Some contract never pays more than the optimum, however long it goes on.
  bool contract_exists = false;
  /// The contract that operates only where the next access needs it, and cleans and invalidates then, is one of them.
  bool lazy_is_one = false;
  /// Where no contract exists: within so many hand-overs the adversary makes each of them pay more.
  std::size_t hand_overs = 0;
  std::vector<Refutation> refutations;  ///< every way to answer, each beaten
  std::size_t positions = 0;            ///< of the game; it is finite, so the verdict is exact for any length
};

/// The buffer begins with `start` (closed), and nobody has it. At each hand-over one operation may run; none that can
/// lose data does.
[[nodiscard]] OnlineVerdict play_online(Price price, const HandOvers& hand_overs, model::Belief start);

/// Hand-overs to CPU windows of each direction, to devices of each direction that do not snoop, and to ones that do.
[[nodiscard]] HandOvers hand_overs_of(bool direct_devices, bool snooping_devices);

}  // namespace custody::checker::optimum
