// SPDX-License-Identifier: BSD-2-Clause
// What no trace can decide. Absence of a verdict on these is a decision, not an oversight.
#pragma once

#include <string_view>

namespace custody::spec {

struct Unchecked {
  std::string_view id;
  std::string_view says;
  std::string_view reason;
};

// clang-format off
inline constexpr Unchecked kUnchecked[] = {
  {"U-01", "CPU loads and stores happen only inside windows.", "No trace shows a load or a store through an existing mapping."},
  {"U-02", "A user mapping is not used after its last window.", "munmap does not reach the exporter, and a mapping may outlive the trace."},
  {"U-03", "A device stops before its unmap and before a CPU window.", "Device activity shows only in fences, and many drivers set none."},
  {"U-04", "A device snoops, or does not.", "The flag is in struct device; a trace tells only where it carries the architecture's operations."},
  {"U-05", "A mapping is bounced, or direct.", "Only the swiotlb tracepoint or the DMA address tells, and neither says which way a copy went."},
  {"U-06", "What the caches hold.", "Speculative fills, evictions and write-backs leave no record; a belief is a set of possibilities."},
  {"U-07", "CPU access with no attached device is allowed.", "No maintainer ever ruled on it; today's kernel allows it, and so does the default contract."},
  {"U-08", "Windows must be paired.", "The documentation asks user space for it and the kernel accepts everything: L7 is a warning."},
  {"U-09", "A write-only window overwrites whole lines.", "The contract belief assumes it, the worst case does not; only exact accesses with ranges show it."},
  {"U-10", "The reservation lock is held where it must be.", "Lock events are not part of the probe group (L12)."},
};
// clang-format on

}  // namespace custody::spec
