// SPDX-License-Identifier: BSD-2-Clause
// The legal client that a learner explores with: which calls it may make next.
#pragma once

#include "checker/learn/program.hpp"
#include "model/custody.hpp"

namespace custody::checker::learn {

/// What the client does beside attaching, mapping and opening windows.
struct Usage {
  unsigned windows = 2;       ///< open at a time; a window for writing is alone
  unsigned maps = 1;          ///< of one attachment at a time
  bool cpu_mappings = false;  ///< also one user mapping at a time, and one kernel mapping, made in a window
  bool interrupted = false;   ///< a begin may be interrupted
};

/// The calls that a client that keeps the rules may make, in a fixed order. It maps and unmaps nothing across a window
/// for writing, and ends the latest window as it was opened. Devices that are alike are attached in order.
[[nodiscard]] std::vector<Step> legal_steps(const model::Custody& custody, const World& world, const Usage& usage);

/// The call as the machines see it.
[[nodiscard]] model::Call call_of(const Step& step, const model::Custody& custody, const World& world, bool failed);

}  // namespace custody::checker::learn
