// SPDX-License-Identifier: GPL-2.0-only
// What came of driving one driver: plain data, which one process writes and another reads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel-ref/drive/costs.hpp"
#include "kernel-ref/drive/explore.hpp"
#include "kernel-ref/drive/findings.hpp"
#include "kernel-ref/drive/script.hpp"
#include "kernel-ref/drive/source.hpp"

namespace custody::kernel_ref::drive {

/// How a driver is driven.
struct Plan {
  std::vector<Configuration> configurations;
  std::uint64_t random = 0;  ///< calls of random sequences beyond the depth
  std::uint64_t seed = 1;
  bool costs = true;
  bool by_client = false;                ///< each client's findings are told for themselves
  std::shared_ptr<const Script> script;  ///< this alone is played, on its own configuration; null: all is explored
};

struct Outcome {
  std::vector<Graph> graphs;
  std::vector<Finding> findings;
  std::vector<WorkloadCost> costs;
  std::uint64_t random = 0;
  std::string cannot;  ///< of a script: `play`
  std::string died;    ///< how the process that ran the driver ended; empty: it came to its end
};

[[nodiscard]] std::string to_text(const Outcome& outcome);
/// Throws std::exception where `text` is none.
[[nodiscard]] Outcome outcome_of(const std::string& text);

/// In this process: loads the driver and explores.
[[nodiscard]] Outcome drive(const Built& built, const Plan& plan, const Progress& progress);

struct Job {
  std::string name;    ///< for people, who read how far it is
  std::string folder;  ///< for its files
  Built built;
  Plan plan;
};
/// Each job in a process of its own, side by side. What ends one of them, or makes it hang, is a finding of its job.
/// `says`: progress goes to standard error.
[[nodiscard]] std::vector<Outcome> supervise(const std::vector<Job>& jobs, bool says);

}  // namespace custody::kernel_ref::drive
