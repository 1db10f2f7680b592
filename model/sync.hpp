// SPDX-License-Identifier: BSD-2-Clause
// The syncs that a clause of a contract can name, and what each comes to once the call is known.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/architecture.hpp"
#include "model/words.hpp"

namespace custody::model {

/// Whose table: each mapped device's, the mapped ones' but the call's own, the first mapped device's, each attached
/// device's, that of the device of the call, a device of the exporter that does not snoop, one pass over the buffer.
enum class Targets : std::uint8_t { kMapped, kOthers, kFirst, kAttached, kOwn, kExporter, kBuffer };
enum class SyncCall : std::uint8_t { kMap, kUnmap, kForCpu, kForDevice };
/// Of the call, of the mapping of each target, of the attachment's table that is kept, or fixed.
enum class SyncDirection : std::uint8_t { kCaller, kMapping, kKept, kToDevice, kFromDevice, kBidirectional };

// clang-format off
inline constexpr Word kTargets[] = {
  {"mapped",   "each mapped device"},
  {"others",   "each mapped device but the one of the call"},
  {"first",    "the first of the mapped devices"},
  {"attached", "each attached device, mapped or not"},
  {"own",      "the device of the call"},
  {"exporter", "a device of the exporter's own, which does not snoop"},
  {"buffer",   "the buffer in one pass, whoever is mapped"},
};
/// `clean` and the others are the words for the buffer, where there is no device to name.
inline constexpr Word kSyncCalls[] = {
  {"map",        "dma_map"},
  {"unmap",      "dma_unmap"},
  {"for_cpu",    "dma_sync for the CPU"},
  {"for_device", "dma_sync for the device"},
};
inline constexpr Word kPasses[] = {
  {"clean",            "every line is written back"},
  {"invalidate",       "every line is dropped"},
  {"clean_invalidate", "every line is written back and dropped, in one pass"},
};
inline constexpr Word kSyncDirections[] = {
  {"caller",  "in the direction of the call"},
  {"mapping", "in the direction in which the table is mapped"},
  {"kept",    "of the table of this device that is kept, if one is, in its direction"},
  {"to",      "TO_DEVICE"},
  {"from",    "FROM_DEVICE"},
  {"bidi",    "BIDIRECTIONAL"},
};
// clang-format on

/// `TARGETS:CALL[:DIRECTION][:skip]`, or `buffer:PASS`. Without a direction it is the caller's, of an unmap the
/// mapping's. With `skip` the call carries DMA_ATTR_SKIP_CPU_SYNC: it touches no cache.
struct Sync {
  Targets targets = Targets::kMapped;
  SyncCall call = SyncCall::kForCpu;
  SyncDirection dir = SyncDirection::kCaller;
  bool skip = false;
  bool operator==(const Sync&) const = default;
};

/// Reads a sync; nothing where it is none.
[[nodiscard]] std::optional<Sync> parse_sync(std::string_view text);
/// The shortest text that reads as this sync.
[[nodiscard]] std::string name_of(const Sync& sync);
/// A sentence for people.
[[nodiscard]] std::string says(const Sync& sync);

/// It works on a whole table, whatever range its caller was given.
[[nodiscard]] constexpr bool maps(SyncCall call) { return call == SyncCall::kMap || call == SyncCall::kUnmap; }
[[nodiscard]] constexpr bool names_device(Targets targets) {
  return targets != Targets::kExporter && targets != Targets::kBuffer;
}
/// Clean and invalidate in one pass, which hardware offers and the DMA API does not.
[[nodiscard]] constexpr bool is_one_pass(const Sync& s) {
  return s.targets == Targets::kBuffer && s.dir == SyncDirection::kBidirectional;
}

/// The direction of a sync inside a call of direction `call`, on a table that is mapped `mapped` and kept `kept`.
[[nodiscard]] constexpr Direction direction_of(const Sync& sync, Direction call, Direction mapped, Direction kept) {
  switch (sync.dir) {
    case SyncDirection::kToDevice: return Direction::kToDevice;
    case SyncDirection::kFromDevice: return Direction::kFromDevice;
    case SyncDirection::kBidirectional: return Direction::kBidirectional;
    case SyncDirection::kKept: return kept;
    case SyncDirection::kMapping: return mapped;
    case SyncDirection::kCaller: break;
  }
  return call;
}

/// The call touches neither cache nor copy on its way out. `skips_implicit`: the contract's maps and unmaps carry no
/// sync.
[[nodiscard]] constexpr bool skips(const Sync& sync, bool skips_implicit) {
  return sync.skip || (skips_implicit && maps(sync.call));
}

/// The sync of a device that is reached through copies fills its copy. A map does so always (kernel/dma/swiotlb.c).
[[nodiscard]] constexpr bool copies_in(const Sync& sync, Direction dir) {
  return sync.call == SyncCall::kMap || (sync.call == SyncCall::kForDevice && device_may_read(dir));
}
/// It brings the copy back to the buffer.
[[nodiscard]] constexpr bool copies_out(const Sync& sync, Direction dir, bool skips_implicit) {
  return (sync.call == SyncCall::kForCpu || sync.call == SyncCall::kUnmap) && !skips(sync, skips_implicit) &&
         device_may_write(dir);
}

/// What the sync does to the caches for a device that neither snoops nor is bounced.
[[nodiscard]] constexpr Operation operation_of(const Sync& sync, Direction dir, const ArchProfile& arch,
                                               bool skips_implicit) {
  if (skips(sync, skips_implicit)) return Operation::kNone;
  if (is_one_pass(sync)) return arch.all_coherent ? Operation::kNone : Operation::kCleanInvalidate;
  switch (sync.call) {
    case SyncCall::kMap:
    case SyncCall::kForDevice: return arch.device_operation(dir);
    case SyncCall::kUnmap:
    case SyncCall::kForCpu: return arch.cpu_operation(dir);
  }
  return Operation::kNone;
}

}  // namespace custody::model
