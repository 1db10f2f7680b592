// SPDX-License-Identifier: BSD-2-Clause
// What was explored of a driver: a tree of calls with the answer of each, shared prefixes once.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "checker/learn/client.hpp"

namespace custody::checker::learn {

inline constexpr std::uint32_t kNoCall = 0xffffffffU;

/// One explored call, after those of its parents.
struct ExploredCall {
  std::uint32_t parent = kNoCall;
  std::uint32_t world = 0;  ///< of Samples::worlds
  std::uint32_t depth = 1;  ///< calls up to this one
  Step step;
  Answer answer;
};

/// The same program was answered in two ways.
struct Unstable {
  std::uint32_t call = 0;
  Answer other;  ///< the answer that came later
};

class Samples {
 public:
  explicit Samples(std::vector<World> worlds) : worlds_(std::move(worlds)) {}

  [[nodiscard]] const std::vector<World>& worlds() const { return worlds_; }
  [[nodiscard]] const std::vector<ExploredCall>& calls() const { return calls_; }
  [[nodiscard]] const std::vector<Unstable>& unstable() const { return unstable_; }
  /// The calls up to and with this one.
  [[nodiscard]] Program program_to(std::uint32_t call) const;
  /// Adds what a subject answered; the last call of the program.
  std::uint32_t add(std::uint32_t world, std::span<const Step> program, const std::vector<Answer>& answers);
  /// Hands each answer to `change`, of the unstable ones too.
  template <class Change>
  void change_answers(const Change& change) {
    for (ExploredCall& call : calls_) change(call.answer);
    for (Unstable& u : unstable_) change(u.other);
  }

 private:
  std::vector<World> worlds_;
  std::vector<ExploredCall> calls_;
  std::vector<Unstable> unstable_;
  std::map<std::pair<std::uint64_t, Step>, std::uint32_t> children_;  ///< by parent, or world
};

/// Runs every program of the client up to `depth` calls, in each world: nothing is merged. Stops early, with what it
/// has, after `most` calls or when `stop` says so; says whether it came to the end.
struct ExploreOptions {
  unsigned depth = 5;
  Usage usage;
  std::uint64_t most = 2000000;
  std::function<bool(std::uint64_t calls)> stop;  ///< asked at each program
};
bool explore(const Subject& subject, const ExploreOptions& options, Samples& samples);

}  // namespace custody::checker::learn
