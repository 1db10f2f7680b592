// SPDX-License-Identifier: BSD-2-Clause
// One record of the kernel's own tracepoints on DMA, dma-buf, fences and IOMMUs, whatever format it was read from.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "model/direction.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::ftrace {

/// What was traced, with the fields that a record of it has. Sources:
/// include/trace/events/{dma,dma_buf,dma_fence,iommu} .h of Linux 6.12 to 7.0.
enum class TracepointKind : std::uint8_t {
  // Group dma: device, dir, attrs. A sync has no attrs.
  kMap,         ///< dma_map_page, dma_map_phys: one dma_addrs, sizes and phys_addrs
  kUnmap,       ///< dma_unmap_page, dma_unmap_phys: one dma_addrs and sizes
  kSyncForCpu,  ///< dma_sync_single_for_cpu: one dma_addrs and sizes
  kSyncForDevice,
  kMapSg,         ///< dma_addrs and sizes by DMA segment, phys_addrs by entry; nents, ents where printed
  kMapSgError,    ///< dma_map_sg_err: phys_addrs, err
  kUnmapSg,       ///< phys_addrs by entry
  kSyncSgForCpu,  ///< dma_addrs and sizes
  kSyncSgForDevice,
  kAllocation,  ///< dma_alloc*, dma_free*, and their errors: memory of the DMA API, which needs no sync. No field is
                ///< read
  // Group dma_buf: exp_name, size, ino.
  kExport,
  kMmap,  ///< dma_buf_mmap, dma_buf_mmap_internal
  kPut,
  kFd,      ///< and fd
  kGet,     ///< and fd
  kAttach,  ///< dma_buf_dynamic_attach: attachment, is_dynamic, device
  kDetach,  ///< dma_buf_detach: the same
  // Group dma_fence (once fence): driver, timeline, context, seqno.
  kFenceEmit,
  kFenceSignaled,
  kFenceOther,  ///< init, destroy, enable_signal, wait_start, wait_end
  // Group iommu: iova_begin, iova_end; kIommuMap paddr.
  kIommuMap,
  kIommuUnmap,
  kOther,  ///< of these groups, and says nothing that is used: dma_map_resource (no memory)
};

/// The group of the kernel's events that it is of.
[[nodiscard]] constexpr RecordSource group_of(TracepointKind kind) {
  if (kind >= TracepointKind::kIommuMap && kind <= TracepointKind::kIommuUnmap) return RecordSource::kIommuTracepoints;
  if (kind >= TracepointKind::kFenceEmit && kind <= TracepointKind::kFenceOther) return RecordSource::kFenceTracepoints;
  if (kind >= TracepointKind::kExport && kind <= TracepointKind::kDetach) return RecordSource::kBufferTracepoints;
  return RecordSource::kDmaTracepoints;
}

/// No field of its records is read.
[[nodiscard]] constexpr bool has_no_fields(TracepointKind kind) {
  return kind == TracepointKind::kAllocation || kind == TracepointKind::kFenceOther || kind == TracepointKind::kOther;
}

/// A call of the DMA API that maps, unmaps or syncs.
[[nodiscard]] constexpr bool is_dma_call(TracepointKind kind) { return kind <= TracepointKind::kSyncSgForDevice; }

/// Its records say which attributes the call had.
[[nodiscard]] constexpr bool has_attributes(TracepointKind kind) {
  const bool syncs = kind == TracepointKind::kSyncForCpu || kind == TracepointKind::kSyncForDevice ||
                     kind == TracepointKind::kSyncSgForCpu || kind == TracepointKind::kSyncSgForDevice;
  return is_dma_call(kind) && !syncs;
}

/// Of the group dma.
struct DmaRecord {
  model::Direction dir = model::Direction::kNone;
  bool truncated = false;  ///< only the first entries of a table are there (128 in a dma_map_sg)
  /// False: an array of the record could not be read, or only in part. What it says of addresses is not used.
  bool arrays_known = true;
  std::uint64_t attrs = 0;             ///< bits of enum dma_attrs
  std::string_view unknown_attribute;  ///< a name that is none of them and may be newer; empty: there is none
  std::int32_t err = 0;                ///< of kMapSgError, negative
  std::vector<std::uint64_t> dma_addrs, sizes, phys_addrs;
  struct Entries {
    std::uint64_t shown = 0, all = 0;  ///< `a/b`; 0: the record does not say
  };
  Entries nents;  ///< entries of the table: of phys_addrs
  Entries ents;   ///< DMA segments: of dma_addrs and sizes
};

/// Of the group dma_buf.
struct BufferRecord {
  std::string_view exp_name;  ///< as the kernel has it, unquoted
  std::uint64_t size = 0, ino = 0;
  std::int64_t fd = -1;
  std::uint64_t attachment = 0;  ///< in text a hash of the pointer, which is as good an identity; 0: not said
  bool is_dynamic = false;
};

/// Of the group dma_fence.
struct FenceRecord {
  std::string_view driver, timeline;
  std::uint64_t context = 0, seqno = 0;
};

/// Of the group iommu.
struct IommuRecord {
  std::uint64_t iova_begin = 0, iova_end = 0, paddr = 0;  ///< iova_end is exclusive
};

/// Views are valid during the call that takes the record. One object is filled again and again: `clear` keeps the
/// storage of the arrays.
struct Tracepoint : DmaRecord, BufferRecord, FenceRecord, IommuRecord {
  TracepointKind kind = TracepointKind::kOther;
  std::string_view device;  ///< dev_name

  /// Everything as at first, but for the storage of the arrays.
  void clear() {
    std::vector<std::uint64_t> keep[] = {std::move(dma_addrs), std::move(sizes), std::move(phys_addrs)};
    for (auto& array : keep) array.clear();
    *this = Tracepoint{};
    dma_addrs = std::move(keep[0]);
    sizes = std::move(keep[1]);
    phys_addrs = std::move(keep[2]);
  }
};

/// A name, and whether it is one of these tracepoints.
struct TracepointName {
  bool found = false;
  TracepointKind kind = TracepointKind::kOther;
};
/// The kind of tracepoint that `event` of `group` is; a text may not say its group: empty. `map` and `unmap` are found
/// in group iommu only.
[[nodiscard]] TracepointName find_tracepoint(std::string_view group, std::string_view event);

}  // namespace custody::traces::formats::ftrace
