// SPDX-License-Identifier: BSD-2-Clause
// The probes that record the custody of dma-bufs on one kernel.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traces/recording/kernel_types.hpp"

namespace custody::traces::recording {

/// How a probe names the arguments of a function.
enum class Registers : std::uint8_t {
  kArguments,  ///< `$arg1`: by the kernel itself, on most architectures (CONFIG_HAVE_FUNCTION_ARG_ACCESS_API)
  kArm64,
  kX86,
  kArm,
  kRiscv,
};

/// One kprobe event: a line for kprobe_events of tracefs (Documentation/trace/kprobetrace.rst).
struct Probe {
  std::string event;     ///< as a trace's reader knows it
  std::string function;  ///< of the kernel
  bool at_return = false;
  std::string fields;  ///< ` dmabuf=$arg1:x64 dir=$arg2:u32`
  [[nodiscard]] std::string line(std::string_view group) const {
    return std::string(at_return ? "r:" : "p:") + std::string(group) + "/" + event + " " + function + fields;
  }
};

/// An event of which this kernel gives no probe.
struct Absent {
  std::string event, why;
};

struct Probes {
  std::vector<Probe> probes;
  std::vector<Absent> absent;
  [[nodiscard]] std::vector<std::string> events() const;  ///< each once: several probes may make the same
};

/// The best probes that `kernel` gives: of functions that call one another the innermost, each with every field that
/// its arguments lead to. `refused`: functions that the kernel lets nobody probe, so that the next best are taken.
[[nodiscard]] Probes probes_for(const KernelTypes& kernel, Registers registers,
                                const std::vector<std::string>& refused = {});

/// A tracepoint that is recorded where the kernel has it: what the DMA API did, and fences.
struct Tracepoint {
  std::string_view group, event;  ///< empty event: all of the group
  bool beside_probes, alone;      ///< where there are probes, where there are none
};
/// Those of dma-bufs say again what the probes say; pages of networks and disks are no dma-bufs.
inline constexpr Tracepoint kTracepoints[] = {
    {"dma", "", false, true},
    {"dma", "dma_map_sg", true, false},
    {"dma", "dma_map_sg_err", true, false},
    {"dma", "dma_unmap_sg", true, false},
    {"dma", "dma_sync_sg_for_cpu", true, false},
    {"dma", "dma_sync_sg_for_device", true, false},
    {"dma", "dma_sync_single_for_cpu", true, false},
    {"dma", "dma_sync_single_for_device", true, false},
    {"dma_buf", "", false, true},
    {"dma_fence", "", true, true},
    {"iommu", "", false, true},
};

}  // namespace custody::traces::recording
