// SPDX-License-Identifier: BSD-2-Clause
#include "traces/event.hpp"

namespace custody::traces {

std::string_view name(EventKind kind) {
  static constexpr std::string_view kNames[kEventKinds] = {
      "export",
      "release",
      "attach",
      "detach",
      "map",
      "unmap",
      "begin_cpu_access",
      "end_cpu_access",
      "vmap",
      "vunmap",
      "mmap",
      "munmap",
      "pin",
      "unpin",
      "move_notify",
      "dma_map",
      "dma_unmap",
      "sync_for_cpu",
      "sync_for_device",
      "cache_operation",
      "cpu_read",
      "cpu_write",
      "device_read",
      "device_write",
      "fence",
      "fence_signaled",
      "flush_vmap",
      "invalidate_vmap",
      "bounce_in",
      "bounce_out",
      "fd",
      "put",
      "task_exit",
      "lost",
  };
  return kNames[static_cast<unsigned>(kind)];
}

}  // namespace custody::traces
