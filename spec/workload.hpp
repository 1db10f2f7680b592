// SPDX-License-Identifier: BSD-2-Clause
// Uses of buffers that are typical, to say what a contract costs.
#pragma once

#include <string_view>
#include <vector>

namespace custody::spec {

/// The calls of one use, as a litmus file without syncs: every buffer is of a heap, no device snoops.
struct Workload {
  std::string_view name, title, text;
};

/// Those of spec/workloads/, compiled in, by name.
[[nodiscard]] const std::vector<Workload>& standard_workloads();

}  // namespace custody::spec
