// SPDX-License-Identifier: BSD-2-Clause
#include "checker/finding.hpp"

namespace custody::checker {

std::string_view name(Assumption a) {
  switch (a) {
    case Assumption::kMemoryCached: return "exporter_memory_cached";
    case Assumption::kDeviceNotCoherent: return "device_not_coherent";
    case Assumption::kBidirectionalHabit: return "bidirectional_is_meant";
    case Assumption::kVmapAccess: break;
  }
  return "vmap_is_used";
}

void Summary::add(const Summary& other) {
  buffers += other.buffers;
  live_buffers += other.live_buffers;
  events += other.events;
  for (std::size_t i = 0; i < by_rule.size(); ++i) by_rule[i] += other.by_rule[i];
  for (std::size_t i = 0; i < by_class.size(); ++i) by_class[i] += other.by_class[i];
  for (std::size_t i = 0; i < by_severity.size(); ++i) by_severity[i] += other.by_severity[i];
  redundant_no_effect += other.redundant_no_effect;
  redundant_unobserved += other.redundant_unobserved;
  unjudged += other.unjudged;
  silent_buffers += other.silent_buffers;
  contract.add(other.contract);
  costs.insert(costs.end(), other.costs.begin(), other.costs.end());
  sort_costs(costs);
  MaintenanceTotals& m = maintenance;
  const MaintenanceTotals& o = other.maintenance;
  m.operations += o.operations;
  m.bytes += o.bytes;
  m.no_effect_bytes += o.no_effect_bytes;
  m.proved_no_effect_bytes += o.proved_no_effect_bytes;
  m.no_effect_operations += o.no_effect_operations;
  m.proved_no_effect_operations += o.proved_no_effect_operations;
  m.unobserved_operations += o.unobserved_operations;
  m.unobserved_bytes += o.unobserved_bytes;
  m.undetermined_operations += o.undetermined_operations;
  m.undetermined_bytes += o.undetermined_bytes;
  m.subset_operations += o.subset_operations;
  m.copy_bytes += o.copy_bytes;
  m.free_syncs += o.free_syncs;
  m.optimum_operations += o.optimum_operations;
  m.optimum_bytes += o.optimum_bytes;
  m.unschedulable_buffers += o.unschedulable_buffers;
}

}  // namespace custody::checker
