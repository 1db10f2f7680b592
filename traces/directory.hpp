// SPDX-License-Identifier: BSD-2-Clause
// Who the ids in an `Event` are: names, sizes and what the trace's header says of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace custody::traces {

/// What kind of memory an `export` line says that the buffer is.
enum class MemoryKind : std::uint8_t { kUnsaid, kCached, kWriteCombined, kCoherent };

/// Sizes that a cache line, or the smallest unit of a device's write, can have.
[[nodiscard]] constexpr bool is_line_size(std::uint64_t bytes) {
  return bytes >= 16 && bytes <= 256 && (bytes & (bytes - 1)) == 0;
}
inline constexpr std::string_view kLineSizes = "16, 32, 64, 128 or 256 bytes";

struct DeviceInfo {
  std::string name;
  /// From a header or a litmus declaration; unset: the trace does not say.
  std::optional<bool> coherent;
  bool bounced = false;
  /// The driver maps BIDIRECTIONAL but never writes.
  bool reads_only = false;
  /// What it writes it writes in lines of so many bytes; 0: byte by byte.
  std::uint32_t line = 0;
  /// What it writes may stay in the cache, dirty; only of a device that is coherent.
  bool allocates = false;
};

struct TaskInfo {
  std::string name;  ///< comm, or the name in a litmus file
  std::int64_t tid = -1;
};

struct BufferInfo {
  std::string name;        ///< identity in the log: `b1`
  std::string exporter;    ///< exp_name; empty: unknown
  std::uint64_t size = 0;  ///< bytes; 0: unknown
  std::uint64_t ino = 0;   ///< 0: unknown
  MemoryKind memory = MemoryKind::kUnsaid;
  /// False: the buffer is older than the trace, or than a loss; its history is not complete.
  bool export_seen = false;
  /// It is memory that DMA calls name, or a dma-buf by its inode: no call of the core will name it, and its release is
  /// never seen.
  bool by_address = false;
  /// Some of its tables are so long that their syncs and unmaps make no record.
  bool hides_syncs = false;
  /// Counts the objects that this index has stood for.
  std::uint32_t generation = 0;
};

struct AttachmentInfo {
  std::string name;  ///< `a1`
  std::uint32_t device = 0xffffffffU;
  std::uint32_t buffer = 0xffffffffU;
  bool attach_seen = false;  ///< false: older than the trace
  std::uint32_t generation = 0;
};

/// Grows while a trace is read. Indices are the ids of `Event`; those of buffers and attachments are
/// reused after the object is gone, so that memory follows the live objects and not the trace.
struct Directory {
  std::vector<DeviceInfo> devices;
  std::vector<TaskInfo> tasks;
  std::vector<BufferInfo> buffers;
  std::vector<AttachmentInfo> attachments;
};

}  // namespace custody::traces
