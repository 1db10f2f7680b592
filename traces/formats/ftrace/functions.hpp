// SPDX-License-Identifier: BSD-2-Clause
// The functions of the kernel whose probes are known: what a reader takes their records for, and what to probe.
#pragma once

#include <string_view>

namespace custody::traces::formats::ftrace {

/// A function of the kernel, and what its probes are: empty where one at that end says nothing.
struct Function {
  std::string_view name, at_entry, at_return;
  bool wraps = false;  ///< it does nothing but call another one of these
};

inline constexpr Function kFunctions[] = {
    {"dma_buf_export", "", "export"},
    {"dma_buf_release", "release", ""},
    {"dma_buf_dynamic_attach", "", "attach"},
    {"dma_buf_attach", "", "attach", true},
    {"dma_buf_detach", "detach", ""},
    {"dma_buf_map_attachment", "map", "map_ret"},
    {"dma_buf_unmap_attachment", "unmap", "unmap_ret"},
    {"dma_buf_map_attachment_unlocked", "map", "map_ret", true},
    {"dma_buf_unmap_attachment_unlocked", "unmap", "unmap_ret", true},
    {"dma_buf_begin_cpu_access", "begin_cpu_access", "begin_cpu_access_ret"},
    {"dma_buf_end_cpu_access", "end_cpu_access", "end_cpu_access_ret"},
    {"dma_buf_ioctl", "sync_ioctl", "sync_ioctl_ret"},
    {"dma_buf_mmap_internal", "mmap", ""},
    {"dma_buf_vmap", "vmap", "vmap_ret"},
    {"dma_buf_vunmap", "vunmap", ""},
    {"dma_buf_vmap_unlocked", "vmap", "vmap_ret", true},
    {"dma_buf_vunmap_unlocked", "vunmap", "", true},
    {"dma_buf_pin", "pin", ""},
    {"dma_buf_unpin", "unpin", ""},
    {"dma_buf_move_notify", "move_notify", ""},
    {"dma_map_sgtable", "dma_map", ""},
    {"dma_map_sg_attrs", "dma_map", ""},
    {"dma_unmap_sg_attrs", "dma_unmap", ""},
    {"dma_sync_sg_for_cpu", "sync_for_cpu", ""},
    {"__dma_sync_sg_for_cpu", "sync_for_cpu", ""},
    {"dma_sync_sg_for_device", "sync_for_device", ""},
    {"__dma_sync_sg_for_device", "sync_for_device", ""},
    {"arch_sync_dma_for_device", "arch_clean", ""},
    {"arch_sync_dma_for_cpu", "arch_inval", ""},
};

}  // namespace custody::traces::formats::ftrace
