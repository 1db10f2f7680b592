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
  kX86_64,
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
};

/// The best probes that `kernel` gives: of functions that call one another the innermost, each with every field that
/// its arguments lead to.
[[nodiscard]] Probes probes_for(const KernelTypes& kernel, Registers registers);

}  // namespace custody::traces::recording
