// SPDX-License-Identifier: BSD-2-Clause
// What a sync of a row comes to, once the call is known: its direction, and its cache operation.
#pragma once

#include "model/architecture.hpp"
#include "model/vocabulary.hpp"

namespace custody::model {

/// The direction of a sync inside a call of direction `call`, of an attachment whose kept table has direction `kept`.
/// An unmap is called with the direction of its mapping.
[[nodiscard]] constexpr Direction direction_of(const Sync& sync, Direction call, Direction kept) {
  switch (sync.dir) {
    case SyncDirection::kToDevice: return Direction::kToDevice;
    case SyncDirection::kFromDevice: return Direction::kFromDevice;
    case SyncDirection::kBidirectional: return Direction::kBidirectional;
    case SyncDirection::kKept: return kept;
    case SyncDirection::kCaller:
    case SyncDirection::kMapping: break;
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
    case SyncCall::kNone: break;
  }
  return Operation::kNone;
}

}  // namespace custody::model
