// SPDX-License-Identifier: BSD-2-Clause
// Windows of user space as dma_buf_ioctl() tells them.
#pragma once

#include "traces/formats/ftrace/fields.hpp"
#include "traces/formats/ftrace/probes.hpp"
#include "traces/formats/ftrace/task.hpp"

namespace custody::traces::formats::ftrace {

/// What a record of dma_buf_ioctl() tells.
struct Told {
  const ProbeName* probe = nullptr;  ///< the begin or end of a window, or its return; null: no window's
  bool unreadable = false;           ///< it is one of a window, and nobody can say whose end
};

/// Of a compiler that puts dma_buf_end_cpu_access() into its only caller of the same file a probe of that function sees
/// no window of user space end; the ioctl's argument says it. `probe` is kSyncIoctl or kSyncIoctlRet; an entry's
/// direction is put into `fields` (include/uapi/linux/dma-buf.h, dma_buf_ioctl() of drivers/dma-buf/dma-buf.c).
[[nodiscard]] Told told_by_ioctl(Probe probe, Fields& fields, const Task& task);

}  // namespace custody::traces::formats::ftrace
