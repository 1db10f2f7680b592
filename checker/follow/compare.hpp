// SPDX-License-Identifier: BSD-2-Clause
// The syncs that clauses predict for a call against those that the driver made in it.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "checker/follow/departure.hpp"
#include "model/architecture.hpp"
#include "model/custody.hpp"
#include "traces/directory.hpp"

namespace custody::checker::follow {

/// What is known of an importer's attachment beside its custody, from the return of its attach to the return of its
/// detach.
struct FollowedAttachment {
  std::uint32_t id = traces::kNoId, device = traces::kNoId;
  std::uint32_t live_tables = 0;  ///< DMA mappings that the trace shows
  bool core_keeps = false;        ///< the core mapped it inside attach: it keeps the table until detach
  std::uint8_t kept = 0;          ///< the contract's note of the table that is kept (model::code_of)
};

/// What a comparison has to know of the call beside its syncs.
struct CallFacts {
  traces::EventKind kind = traces::EventKind::kLost;
  /// Its attachment's table may outlive the unmap, and the contract does not say so: the core mapped it inside attach,
  /// or the exporter is known to keep tables and no clause of the contract does.
  bool keeps_table = false;
  bool had_table = false;  ///< such a table, and the trace shows that it was live before the call
  const model::ArchProfile* arch = nullptr;
};

using spec::expand;
using spec::SyncScope;

/// The first difference; empty where there is none. `row`, `line` and `call` of the departure, and `clause` of an extra
/// sync, are the caller's to fill in; its line is that of the DMA call where one is wrong, else 0. A DMA call counts as
/// made for a device that snoops too. A table that is kept where the contract knows of none may be made at attach and
/// given back at detach.
[[nodiscard]] std::optional<Departure> first_difference(std::vector<ExpectedSync> expected,
                                                        std::vector<traces::Event> found, const CallFacts& facts,
                                                        std::span<const FollowedAttachment> attachments,
                                                        const traces::Directory& directory);

}  // namespace custody::checker::follow
