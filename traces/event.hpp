// SPDX-License-Identifier: BSD-2-Clause
// One thing that happened to a buffer, as every reader delivers it and every consumer takes it.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/coherence.hpp"
#include "model/direction.hpp"

namespace custody::traces {

/// What happened. The words are those of the event log (`name`).
enum class EventKind : std::uint8_t {
  // The buffer's lifetime: calls of the dma-buf core.
  kExport,
  kRelease,
  kAttach,
  kDetach,
  kMap,
  kUnmap,
  kBeginCpuAccess,
  kEndCpuAccess,
  kVmap,
  kVunmap,
  kMmap,
  kMunmap,
  kPin,
  kUnpin,
  kMoveNotify,
  // The DMA API.
  kDmaMap,
  kDmaUnmap,
  kSyncForCpu,
  kSyncForDevice,
  // Cache maintenance outside any DMA call (an exporter's own flush).
  kCacheOperation,
  // Accesses, only where the recorder really knows them.
  kCpuRead,
  kCpuWrite,
  kDeviceRead,
  kDeviceWrite,
  // The rest.
  kFence,
  kFenceSignaled,
  kFlushVmap,
  kInvalidateVmap,
  kBounceIn,
  kBounceOut,
  kFd,
  kPut,
  kTaskExit,
  kLost,
};
inline constexpr unsigned kEventKinds = static_cast<unsigned>(EventKind::kLost) + 1;

/// The kernel's word for the event in snake_case, `begin_cpu_access` for example. A cache operation is
/// `cache_operation` here; files spell the operation (`cache_clean`, ...).
[[nodiscard]] std::string_view name(EventKind kind);

/// A call of the DMA API.
[[nodiscard]] constexpr bool is_dma_call(EventKind kind) {
  return kind >= EventKind::kDmaMap && kind <= EventKind::kSyncForDevice;
}

/// A call may be one record, or an entry and a return.
enum class Phase : std::uint8_t { kWhole, kEnter, kReturn };

/// How the buffer of a nested call was found.
enum class AttributedBy : std::uint8_t { kNamed, kNesting, kScatterlist, kAddress };

/// `attrs` bit of the DMA API that suppresses the implicit sync (DMA_ATTR_SKIP_CPU_SYNC).
inline constexpr std::uint64_t kAttrSkipCpuSync = 1U << 5;

inline constexpr std::uint32_t kNoId = 0xffffffffU;

/// What one DMA call did to the CPU cache, as the trace itself shows it. All segments of the call are one
/// operation over the union of their ranges.
struct Maintenance {
  /// False: the trace says nothing of it, the architecture profile has to.
  bool known = false;
  model::Operation kind = model::Operation::kNone;
  /// True where an architecture helper ran that touches no cache (`arch_inval` of a TO_DEVICE transfer): the
  /// device is not coherent, although nothing was done.
  bool helper_ran = false;
  /// The trace names the helper only: which operation that is, the architecture profile says. `kind` is what the helper
  /// does on arm64 since 5.19.
  bool by_name = false;
  /// A person wrote that nothing ran (`cache_none`); else it is only that no record of an operation is there.
  bool stated_none = false;
  /// Bytes that the operation covered.
  std::uint64_t bytes = 0;
  /// Line of the first record of the operation; 0 where there is none.
  std::uint64_t line = 0;
  /// Where in the buffer the bytes begin, if that is known and they are one range; else `kNowhere`.
  static constexpr std::uint64_t kNowhere = ~std::uint64_t{0};
  std::uint64_t offset = kNowhere;
};

/// What the addresses of a DMA call say of its mapping, where no call of the core around it does.
enum class AddressEvidence : std::uint8_t {
  kNone,
  kMapped,                ///< they are those of one live mapping
  kNotMapped,             ///< their mapping was undone, and nothing was mapped there since
  kMappedUnlessOlder,     ///< the same, unless the same memory is mapped for that device since before the trace
  kNotMappedUnlessOlder,  ///< the same
};

/// `more` ran too, in the same call: over other segments, or over the same.
constexpr void add_operation(Maintenance& did, model::Operation more, std::uint64_t line) {
  if (more == model::Operation::kNone) return;
  const bool other = did.kind != model::Operation::kNone && did.kind != more;
  did.kind = other ? model::Operation::kCleanInvalidate : more;
  if (did.line == 0) did.line = line;
}

/// What only a DMA call has.
struct DmaCall {
  std::uint64_t attrs = 0;
  std::uint32_t mapping = kNoId;  ///< identity of the DMA mapping where the trace tells, else kNoId
  std::uint32_t nents = 0;        ///< entries given to or returned by the call; 0 where unknown
  std::uint32_t orig_nents = 0;   ///< `kDmaMap`: entries given, where `nents` are those returned; 0 unknown
  AddressEvidence addresses = AddressEvidence::kNone;
};

/// Bytes of a buffer.
struct Range {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  ///< 0: the whole buffer
};

/// Where in the trace an event stands.
struct Source {
  std::uint64_t line = 0;  ///< line number in the file, from 1
  std::int64_t ts = -1;    ///< nanoseconds; -1 where the trace has no time
};

/// One event. Ids are dense indices into the `Directory` of the reader that delivers it; an id is reused
/// only after the object is gone (`Directory::generation` tells the objects of one id apart).
struct Event {
  EventKind kind = EventKind::kLost;
  Phase phase = Phase::kWhole;
  model::Direction dir = model::Direction::kNone;
  AttributedBy by = AttributedBy::kNamed;
  /// Result of a call, 0 or negative errno; for `kFence` 1 is a write fence and 0 a read fence.
  std::int32_t ret = 0;
  std::uint32_t buffer = kNoId;
  std::uint32_t attachment = kNoId;  ///< for DMA calls too, where it is known; else the exporter's own mapping
  std::uint32_t device = kNoId;
  std::uint32_t task = kNoId;
  std::uint32_t call = kNoId;  ///< kEnter and kReturn of one call share it
  std::uint32_t in = kNoId;    ///< the enclosing call's `call`
  DmaCall dma;
  Range range;  ///< `kLost`: its length is the number of events. `kFd`: the fd
  Source at;
  Maintenance maintenance;  ///< DMA calls and `kCacheOperation`

  [[nodiscard]] bool ok() const { return ret >= 0; }
  [[nodiscard]] bool skips_sync() const { return (dma.attrs & kAttrSkipCpuSync) != 0; }
  /// True where the range is less than the buffer's `size` bytes.
  [[nodiscard]] bool is_partial(std::uint64_t size) const {
    return range.length != 0 && (range.offset != 0 || range.length < size);
  }
};

// Replay and recordings keep events by the million.
static_assert(sizeof(Event) <= 120);

}  // namespace custody::traces
