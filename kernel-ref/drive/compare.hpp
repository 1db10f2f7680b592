// SPDX-License-Identifier: GPL-2.0-only
// How two drivers differ: the same calls made of both, as long as they answer alike.
#pragma once

#include <string>
#include <vector>

#include "kernel-ref/drive/outcome.hpp"

namespace custody::kernel_ref::drive {

/// Something that one driver does in a call and the other does not, in many sequences; the shortest is told.
struct Difference {
  std::string call;                      ///< `map`
  std::vector<std::string> gone, added;  ///< what was seen of the call, before and after
  std::vector<std::string> calls;        ///< the sequence
  std::string configuration, client;
  std::uint64_t count = 1;
  bool is_regression = false;  ///< a fault is among what is added
};

struct Comparison {
  std::vector<Difference> differences;
  std::vector<Finding> fresh, mended;  ///< one of each key; `count`: configurations in which it is so
  std::vector<WorkloadCost> before, after;
  std::uint64_t states = 0;  ///< pairs of states that were compared
  bool cost_differs = false;
  [[nodiscard]] bool is_equal() const {
    return differences.empty() && fresh.empty() && mended.empty() && !cost_differs;
  }
  [[nodiscard]] bool is_regression() const;
};

[[nodiscard]] Comparison compare(const Outcome& before, const Outcome& after);

}  // namespace custody::kernel_ref::drive
