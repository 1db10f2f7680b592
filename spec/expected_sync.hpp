// SPDX-License-Identifier: BSD-2-Clause
// What the syncs of clauses come to in one call: which calls of the DMA API, for which devices, in which direction.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/custody.hpp"
#include "spec/clause.hpp"

namespace custody::spec {

/// A sync that a clause predicts for one device.
struct ExpectedSync {
  model::Sync sync;
  const Clause* clause = nullptr;         ///< the contract's
  std::uint32_t device = model::kNobody;  ///< kNobody: the exporter's own, or the buffer whoever is mapped
  std::uint32_t attachment = model::kNobody;
  model::Direction dir = model::Direction::kNone;
  bool skip = false;
  model::Operation operation = model::Operation::kNone;  ///< of a sync of the buffer
};

/// What the syncs of a call are about: custody as it was at the entry, and the call.
struct SyncScope {
  const model::Custody& custody;
  const model::Attachment* own = nullptr;  ///< of the call; null: none
  model::Direction dir = model::Direction::kNone;
  model::Direction kept = model::Direction::kNone;  ///< of the table of `own` that is kept
  bool skips_maps = false;
};
/// The syncs that the clauses make, in order, those of the buffer last. `first` is the mapped device that was attached
/// first. The direction of a mapping: of the call's own attachment, and of the exporter's mapping, the call's (without
/// one, any of the exporter will do); of another device the call's where it is mapped so, else that of one of its maps.
[[nodiscard]] std::vector<ExpectedSync> expand(std::span<const Clause* const> clauses, const SyncScope& scope);

}  // namespace custody::spec
