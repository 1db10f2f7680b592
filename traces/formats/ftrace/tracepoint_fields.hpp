// SPDX-License-Identifier: BSD-2-Clause
// The fields of the kernel's own tracepoints on DMA and dma-bufs, whatever format their records are read from.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "traces/formats/ftrace/tracepoint.hpp"

namespace custody::traces::formats::ftrace {

/// What a field of a tracepoint says.
enum class TracepointField : std::uint8_t {
  kDevice,
  kDir,
  kAttrs,
  kErr,
  kDmaAddrs,  ///< of one entry or of many, as the next two
  kPhysAddrs,
  kSizes,
  kAllNents,
  kAllEnts,
  kTruncated,
  kExpName,
  kSize,
  kIno,
  kFd,
  kAttachment,
  kIsDynamic,
  kDriver,
  kTimeline,
  kContext,
  kSeqno,
  kIova,
  kPaddr,
  kCount,
};

/// What a field that is called so says, and how.
struct TracepointFieldName {
  std::string_view name;
  TracepointField field;
  enum class Kind : std::uint8_t { kNumber, kString, kArray } kind;
};

/// Null: a name that is of no use. Names in include/trace/events/{dma,dma_buf,dma_fence,iommu}.h of Linux 6.12 to 7.0.
[[nodiscard]] const TracepointFieldName* find_tracepoint_field(std::string_view name);
/// The first name of it.
[[nodiscard]] std::string_view name_of(TracepointField field);

/// Where a value belongs in a record.
void set_number(TracepointField field, std::uint64_t n, Tracepoint& out);
[[nodiscard]] std::string_view& string_in(TracepointField field, Tracepoint& out);
[[nodiscard]] std::vector<std::uint64_t>& array_in(TracepointField field, Tracepoint& out);

/// The first field, by name, that a record of that kind says nothing without, and that is not in `present`, bits by
/// TracepointField; empty: all are there.
[[nodiscard]] std::string_view missing_field(TracepointKind kind, std::uint32_t present);

/// Works out what follows from the fields of a record that has them all. Empty, or a field that it still lacks.
[[nodiscard]] std::string_view complete(std::uint32_t present, Tracepoint& out);

}  // namespace custody::traces::formats::ftrace
