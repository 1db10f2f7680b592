// SPDX-License-Identifier: BSD-2-Clause
// Names of departures, and totals over several traces.
#include "checker/follow/departure.hpp"

namespace custody::checker::follow {

std::string_view name(DepartureKind kind) {
  switch (kind) {
    case DepartureKind::kMissingSync: return "missing_sync";
    case DepartureKind::kExtraSync: return "extra_sync";
    case DepartureKind::kWrongDirection: return "wrong_direction";
    case DepartureKind::kWrongTarget: return "wrong_target";
    case DepartureKind::kWrongAttributes: return "wrong_attributes";
    case DepartureKind::kRefusedCall: break;
  }
  return "refused_call";
}

void ContractTotals::add(const ContractTotals& other) {
  if (contract.empty()) contract = other.contract;
  followed += other.followed;
  departed += other.departed;
  unjudged += other.unjudged;
  buffers += other.buffers;
  departed_buffers += other.departed_buffers;
  unjudged_buffers += other.unjudged_buffers;
  unseen_syncs = unseen_syncs || other.unseen_syncs;
}

}  // namespace custody::checker::follow
