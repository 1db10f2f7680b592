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

/// What the sync does to the caches for a device that neither snoops nor is bounced. `skips_implicit`: the contract's
/// maps and unmaps carry no sync.
[[nodiscard]] constexpr Operation operation_of(const Sync& sync, Direction dir, const ArchProfile& arch,
                                               bool skips_implicit) {
  if (sync.skip || (skips_implicit && maps(sync.call))) return Operation::kNone;
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
