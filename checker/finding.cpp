// SPDX-License-Identifier: BSD-2-Clause
// Words of findings, and sums of summaries.
#include "checker/finding.hpp"

namespace custody::checker {

std::string_view name(Assumption a) {
  switch (a) {
    case Assumption::kMemoryCached: return "exporter_memory_cached";
    case Assumption::kDeviceNotCoherent: return "device_not_coherent";
    case Assumption::kBidirectionalHabit: return "bidirectional_is_meant";
    case Assumption::kNoneOlder: return "not_mapped_before_the_trace";
    case Assumption::kOneHandOver: return "passes_are_of_one_hand_over";
    case Assumption::kDetachRecorded: return "each_detach_is_recorded";
    case Assumption::kVmapAccess: break;
  }
  return "vmap_is_used";
}

std::string_view says(Assumption a) {
  switch (a) {
    case Assumption::kMemoryCached: return "its memory is cached";
    case Assumption::kDeviceNotCoherent: return "the device does not snoop";
    case Assumption::kBidirectionalHabit: return "DMA_BIDIRECTIONAL was meant";
    case Assumption::kNoneOlder: return "no mapping is older than the trace";
    case Assumption::kOneHandOver: return "the passes are of one hand-over";
    case Assumption::kDetachRecorded: return "each detach left a record";
    case Assumption::kVmapAccess: break;
  }
  return "the kernel mapping is used";
}

std::string_view name(NotComputed n) {
  constexpr std::string_view kNames[] = {"client_broke_rules", "partial_access", "range",
                                         "no_schedule",        "events_lost",    "not_judged"};
  return kNames[static_cast<std::size_t>(n)];
}

std::string_view says(NotComputed n) {
  constexpr std::string_view kWords[] = {"a client broke the rules",
                                         "an access to a part of the buffer",
                                         "operations on a part of the buffer",
                                         "no schedule is free of hazards",
                                         "events were lost",
                                         "a buffer is not judged"};
  return kWords[static_cast<std::size_t>(n)];
}

void ComputedOptimum::add(const ComputedOptimum& other) {
  buffers += other.buffers;
  done.add(other.done);
  optimum.add(other.optimum);
}

void MaintenanceTotals::add(const MaintenanceTotals& other) {
  operations += other.operations;
  bytes += other.bytes;
  no_effect.add(other.no_effect);
  proved_no_effect.add(other.proved_no_effect);
  unobserved.add(other.unobserved);
  undetermined.add(other.undetermined);
  subset_operations += other.subset_operations;
  copy_bytes += other.copy_bytes;
  free_syncs += other.free_syncs;
  optimum.add(other.optimum);
  unschedulable_buffers += other.unschedulable_buffers;
  no_optimum |= other.no_optimum;
  no_subset |= other.no_subset;
  computed.add(other.computed);
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
  coverage.add(other.coverage);
  contract.add(other.contract);
  costs.insert(costs.end(), other.costs.begin(), other.costs.end());
  hindsight::sort_costs(costs);
  maintenance.add(other.maintenance);
}

RuleSet silent_rules(const Summary& s) {
  RuleSet rules;
  if (s.coverage.why_not[static_cast<std::size_t>(JudgedReason::kNoCoreCalls)] == 0) return rules;
  for (const spec::Rule& r : spec::kRules) rules.add_if(spec::id_of(r), r.judged);
  rules.remove(kDecidedByAddress);
  return rules;
}

}  // namespace custody::checker
