// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/sync_ioctl.hpp"

#include <algorithm>

namespace custody::traces::formats::ftrace {

namespace {

// include/uapi/linux/dma-buf.h
constexpr std::uint64_t kReads = 1, kWrites = 2, kEnds = 4, kAll = kReads | kWrites | kEnds;

/// DMA_BUF_IOCTL_SYNC, _IOW('b', 0, struct dma_buf_sync), in both of the ways in which architectures number ioctls.
bool is_sync(std::uint64_t cmd) { return cmd == 0x40086200U || cmd == 0x80086200U; }

model::Direction direction_of(std::uint64_t flags) {
  if ((flags & kWrites) == 0) return model::Direction::kFromDevice;
  return (flags & kReads) == 0 ? model::Direction::kToDevice : model::Direction::kBidirectional;
}

Told told_by_return(const Task& task) {
  const auto found = std::find_if(task.stack.rbegin(), task.stack.rend(), [](const Frame& f) { return f.by_ioctl; });
  if (found == task.stack.rend()) return {};
  return {wrapping(found->kind == EventKind::kBeginCpuAccess ? kBeginRet : kEndRet)};
}

}  // namespace

Told told_by_ioctl(Probe probe, Fields& fields, const Task& task) {
  if (probe == kSyncIoctlRet) return told_by_return(task);
  if (!fields.has(Fields::kDmabuf) || !fields.has(Fields::kSyncCmd) || !is_sync(fields.value[Fields::kSyncCmd]))
    return {};
  if (!fields.has(Fields::kSyncFlags)) return {nullptr, true};
  const std::uint64_t flags = fields.value[Fields::kSyncFlags];
  if ((flags & ~kAll) != 0 || (flags & (kReads | kWrites)) == 0) return {};  // the kernel refuses it
  fields.value[Fields::kDir] = static_cast<std::uint64_t>(direction_of(flags));
  fields.present |= 1U << Fields::kDir;
  return {wrapping((flags & kEnds) != 0 ? kEnd : kBegin)};
}

}  // namespace custody::traces::formats::ftrace
