// SPDX-License-Identifier: BSD-2-Clause
// A learned contract against its driver: in every state that the contract knows, and on programs at random.
#pragma once

#include <cstdint>

#include "checker/learn/contract_beside.hpp"
#include "checker/learn/samples.hpp"

namespace custody::checker::learn {

/// A program whose last call the driver did otherwise than the contract says.
struct Disagreement {
  std::uint32_t world = 0;
  Program program;
  std::string predicted, found;
  std::string kind;  ///< the same for those that differ in devices and directions alone
};

/// What was run, and what did not agree.
struct Trial {
  std::uint64_t programs = 0, calls = 0, agreed = 0;
  bool complete = true;                     ///< false: there were more states than kMostStates, or it was stopped
  std::vector<Disagreement> disagreements;  ///< of a trial at random the first alone, minimised
};
inline constexpr std::size_t kMostStates = 20000;

/// Each call of the client in each state that the contract and its notes tell apart, on the shortest way there that
/// the driver goes along. Adds what it ran to `samples`.
[[nodiscard]] Trial try_every_state(const Subject& subject, const spec::Contract& contract, const Usage& usage,
                                    const std::function<bool(std::uint64_t)>& stop, Samples& samples);

struct RandomOptions {
  std::uint64_t programs = 1000;
  std::uint64_t seed = 1;
  std::size_t longest = 40;  ///< calls of a program
  Usage usage;
  std::function<bool(std::uint64_t programs)> stop;
};
/// Programs at random; a program ends at its first disagreement. What it ran goes to `keep`, where that is not null.
[[nodiscard]] Trial try_at_random(const Subject& subject, const spec::Contract& contract,
                                  const std::vector<World>& worlds, const RandomOptions& options,
                                  Samples* keep = nullptr);

/// The program without the calls that its disagreement does not need; the same where the driver does not repeat it.
[[nodiscard]] Disagreement minimized(const Subject& subject, const spec::Contract& contract, const World& world,
                                     const Usage& usage, Disagreement disagreement);

}  // namespace custody::checker::learn
