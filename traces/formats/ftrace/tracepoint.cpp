// SPDX-License-Identifier: BSD-2-Clause
// The tracepoints that are read, by name.
#include "traces/formats/ftrace/tracepoint.hpp"

namespace custody::traces::formats::ftrace {

namespace {

struct Name {
  std::string_view group, event;
  TracepointKind kind;
};

constexpr Name kTracepointNames[] = {
    {"dma", "dma_map_sg", TracepointKind::kMapSg},
    {"dma", "dma_unmap_sg", TracepointKind::kUnmapSg},
    {"dma", "dma_sync_sg_for_cpu", TracepointKind::kSyncSgForCpu},
    {"dma", "dma_sync_sg_for_device", TracepointKind::kSyncSgForDevice},
    {"dma", "dma_sync_single_for_cpu", TracepointKind::kSyncForCpu},
    {"dma", "dma_sync_single_for_device", TracepointKind::kSyncForDevice},
    {"dma", "dma_map_phys", TracepointKind::kMap},
    {"dma", "dma_unmap_phys", TracepointKind::kUnmap},
    {"dma", "dma_map_page", TracepointKind::kMap},
    {"dma", "dma_unmap_page", TracepointKind::kUnmap},
    {"dma", "dma_map_resource", TracepointKind::kOther},
    {"dma", "dma_unmap_resource", TracepointKind::kOther},
    {"dma", "dma_map_sg_err", TracepointKind::kMapSgError},
    {"dma", "dma_alloc", TracepointKind::kAllocation},
    {"dma", "dma_alloc_pages", TracepointKind::kAllocation},
    {"dma", "dma_alloc_sgt", TracepointKind::kAllocation},
    {"dma", "dma_alloc_sgt_err", TracepointKind::kAllocation},
    {"dma", "dma_free", TracepointKind::kAllocation},
    {"dma", "dma_free_pages", TracepointKind::kAllocation},
    {"dma", "dma_free_sgt", TracepointKind::kAllocation},
    {"dma_buf", "dma_buf_export", TracepointKind::kExport},
    {"dma_buf", "dma_buf_mmap", TracepointKind::kMmap},
    {"dma_buf", "dma_buf_mmap_internal", TracepointKind::kMmap},
    {"dma_buf", "dma_buf_put", TracepointKind::kPut},
    {"dma_buf", "dma_buf_fd", TracepointKind::kFd},
    {"dma_buf", "dma_buf_get", TracepointKind::kGet},
    {"dma_buf", "dma_buf_dynamic_attach", TracepointKind::kAttach},
    {"dma_buf", "dma_buf_detach", TracepointKind::kDetach},
    {"dma_fence", "dma_fence_emit", TracepointKind::kFenceEmit},
    {"dma_fence", "dma_fence_signaled", TracepointKind::kFenceSignaled},
    {"dma_fence", "dma_fence_init", TracepointKind::kFenceOther},
    {"dma_fence", "dma_fence_destroy", TracepointKind::kFenceOther},
    {"dma_fence", "dma_fence_enable_signal", TracepointKind::kFenceOther},
    {"dma_fence", "dma_fence_wait_start", TracepointKind::kFenceOther},
    {"dma_fence", "dma_fence_wait_end", TracepointKind::kFenceOther},
    {"iommu", "map", TracepointKind::kIommuMap},
    {"iommu", "unmap", TracepointKind::kIommuUnmap},
};

/// Up to 4.9 the fences' group is called fence, and their events with it.
constexpr std::string_view kOlderFence = "fence_";
constexpr std::string_view kFence = "dma_fence_";

bool is_of_group(const Name& n, std::string_view group) {
  if (group.empty()) return n.group != "iommu";
  return n.group == group || (n.group == "dma_fence" && group == "fence");
}

/// `event` begins with kOlderFence.
TracepointName find_older_fence(std::string_view event) {
  for (const Name& n : kTracepointNames)
    if (n.group == "dma_fence" && n.event.substr(kFence.size()) == event.substr(kOlderFence.size()))
      return {true, n.kind};
  return {};
}

}  // namespace

TracepointName find_tracepoint(std::string_view group, std::string_view event) {
  for (const Name& n : kTracepointNames)
    if (n.event.size() == event.size() && n.event == event && is_of_group(n, group)) return {true, n.kind};
  const bool older = (group.empty() || group == "fence") && event.substr(0, kOlderFence.size()) == kOlderFence;
  return older ? find_older_fence(event) : TracepointName{};
}

}  // namespace custody::traces::formats::ftrace
