// SPDX-License-Identifier: GPL-2.0-only
// The pipeline that the review of the heap helpers argued about.
#pragma once

#include "kernel-ref/client/client.hpp"

namespace custody::kernel_ref::client {

struct PipelineOptions {
  unsigned frames = 4;
  std::uint64_t bytes = 1U << 20U;
  bool accesses = false;  ///< the devices really transfer, and the last reads what the second wrote
};

/// In each frame a camera (device 0, FROM_DEVICE), a GPU (device 1, BIDIRECTIONAL) and a display (device 2, TO_DEVICE)
/// attach, map, unmap and detach, one after the other. Nobody on the CPU touches the data. Returns 0 or the errno of
/// the first call that failed.
[[nodiscard]] int run_pipeline(Client& client, const PipelineOptions& options);

}  // namespace custody::kernel_ref::client
