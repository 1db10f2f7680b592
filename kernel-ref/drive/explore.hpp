// SPDX-License-Identifier: GPL-2.0-only
// Every sequence of calls up to a depth: states that are equal in all of the driver's memory are explored once.
#pragma once

#include <array>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "kernel-ref/drive/run.hpp"
#include "kernel-ref/drive/tasks.hpp"

namespace custody::kernel_ref::drive {

/// A call from one state to another, and what was seen of it: an index of `Graph::seen`.
struct Edge {
  static constexpr std::uint32_t kNowhere = 0xffffffffU;
  std::uint32_t from = 0, call = 0, seen = 0, to = kNowhere;
};

/// What was explored of one configuration. State 0 is after the export.
struct Graph {
  std::string configuration, client;
  std::vector<std::string> devices;
  unsigned depth = 0;
  std::vector<Edge> edges;            ///< by `from`, in the order of the calls
  std::vector<unsigned> levels;       ///< by state: 0: at the bound; 1: its calls are there; 2: and those that fail
  std::vector<std::uint32_t> leaves;  ///< by state: what is left when the client finishes, an index of `seen`
  std::vector<std::string> seen;
  std::uint64_t calls = 0;  ///< made, all in all
  std::uint64_t interleavings = 0;
  bool complete = true;  ///< false: a bound on states stopped it
};

/// Told now and then: how far it is, and which calls are made (for who looks on when the process ends).
struct Progress {
  std::function<void(const std::string& path)> at;
  std::function<void(unsigned depth, std::uint64_t done, std::uint64_t of)> part;
  std::function<void(unsigned number)> configuration;
};

/// Explores the stage's configuration. Findings go to `book`.
[[nodiscard]] Graph explore(Stage& stage, FindingBook& book, const Progress& progress);

/// What two tasks do side by side after a few calls.
class Pairs {
 public:
  Pairs(Stage& stage, FindingBook& book, Graph& graph, const Progress& progress)
      : stage_(stage), book_(book), graph_(graph), progress_(progress) {}
  /// Every pair of calls that the client may make in either order, in every interleaving within the bound.
  void explore(const std::vector<Call>& path, const Situation& before);
  /// One interleaving of the two. False: the client cannot make them in either order after these calls.
  bool play(const std::vector<Call>& path, const std::array<Call, 2>& calls, const Schedule& schedule);

 private:
  struct Calls {
    Call one, other;
  };
  bool run_schedule(const std::vector<Call>& path, const std::array<Call, 2>& calls, const Schedule& schedule,
                    const std::set<std::string>& in_turn, Tasks::Result& tasks);
  void run_pair(const std::vector<Call>& path, const Calls& calls);

  Stage& stage_;
  FindingBook& book_;
  Graph& graph_;
  const Progress& progress_;
};

/// What a stop is called in a finding: `crash`, `loop`, `memory`, `deadlock`.
[[nodiscard]] std::string kind_of(const Stop& stop);
/// The finding of a stop in this call.
[[nodiscard]] Finding stop_finding(Stage& stage, const Stop& stop, std::string_view in);
/// Makes the calls of `path` again and keeps the trace; a `finish` undoes everything.
[[nodiscard]] std::string litmus_of(Stage& stage, const std::vector<Call>& path, const std::string& title);
/// The texts of the calls, from the export on.
[[nodiscard]] std::vector<std::string> texts_of(const std::vector<Call>& path, const Stage& stage);

}  // namespace custody::kernel_ref::drive
