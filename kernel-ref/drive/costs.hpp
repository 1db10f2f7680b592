// SPDX-License-Identifier: GPL-2.0-only
// What a driver's syncs cost on the standard workloads.
#pragma once

#include <string>
#include <vector>

#include "kernel-ref/drive/kernel.hpp"
#include "kernel-ref/drive/source.hpp"

namespace custody::kernel_ref::drive {

struct WorkloadCost {
  std::string name;
  std::uint64_t operations = 0, bytes = 0, no_effect = 0;
  std::uint64_t optimum = 0;
  bool has_optimum = false;
  std::string failed;  ///< why it could not be run to its end; empty: it was
};

/// Every standard workload, with devices that do not snoop.
[[nodiscard]] std::vector<WorkloadCost> costs_of(Kernel& kernel, const Kernel::Saved& fresh, const Built& built);

}  // namespace custody::kernel_ref::drive
