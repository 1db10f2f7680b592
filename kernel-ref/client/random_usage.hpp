// SPDX-License-Identifier: GPL-2.0-only
// Random legal usage, with the transfers that it permits.
#pragma once

#include "kernel-ref/client/client.hpp"

namespace custody::kernel_ref::client {

struct RandomUsageOptions {
  unsigned seed = 1;
  unsigned steps = 40;  ///< asked for; those that are not legal then are left out
  std::uint64_t bytes = machine::kPageBytes;
  std::uint32_t devices = 2;
};

/// One buffer from its export to its release. After each step somebody who may does a transfer of the whole buffer.
/// Gives the number of transfers that read other bytes than were written last.
[[nodiscard]] unsigned random_usage(Client& client, const RandomUsageOptions& options);

}  // namespace custody::kernel_ref::client
