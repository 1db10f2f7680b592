// SPDX-License-Identifier: BSD-2-Clause
// One function a rule.
#include "checker/replay/rules.hpp"

#include "checker/replay/place.hpp"

namespace custody::checker {

using model::Operation;
using spec::RuleId;

namespace {

/// How much wider than the declared range an operation may be before it is worth saying (R8).
constexpr std::uint64_t kMuchWider = 16;

}  // namespace

bool m1(const AccessFacts& f) { return f.reads && !f.snoops && f.memory_old; }
bool m2(const AccessFacts& f) { return f.writes && ((!f.snoops && f.dirty) || f.spills); }
bool m3(const AccessFacts& f) { return f.reads && f.snoops && f.stale && !f.synced_early; }
bool m4(const AccessFacts& f) { return f.reads && f.snoops && f.stale && (f.write_pending || f.synced_early); }
bool m9(const AccessFacts& f) { return f.writes && f.part_over_stale; }

bool m5(const HandOverFacts& f) { return (f.dirty && f.done.partly_cleaned) || (f.stale && f.done.partly_invalidated); }

bool m8(const HandOverFacts& f) {
  return f.done.issued && ((f.dirty && !f.done.cleaned) || (f.stale && !f.done.invalidated));
}

bool m6(const SlotFacts& f) { return f.taken && (f.from_slot ? f.old : f.newer); }
bool m7(bool kernel_mapped) { return !kernel_mapped; }

bool invalidates_first(const OperationFacts& f) { return f.hands_to_device && f.operation == Operation::kInvalidate; }
bool loses_data(const OperationFacts& f) {
  return f.touched && f.loses && (f.line_by_line || f.operation == Operation::kInvalidate);
}
bool m10(const OperationFacts& f) { return loses_data(f) && !(invalidates_first(f) && f.warned); }

bool l1(const MappingFacts& f) { return f.is_known && f.syncs && !f.is_live; }
bool l2(const MappingFacts& f) { return f.is_known && f.is_live && f.other_device; }
bool l3(const DirectionFacts& f) { return f.undoes ? !f.is_same && !f.told_of_caller : !f.is_within && !f.is_callers; }
bool l4(const MappingFacts& f) { return f.is_known && f.unmaps && f.is_live && f.other_skip; }
bool l5(const MappingFacts& f) { return f.is_known && ((f.unmaps && !f.is_live) || f.outlives); }
bool l8(bool in_window, bool trusted) { return !in_window && !trusted; }
bool l9(const MappingFacts& f) { return f.is_known && f.maps && f.again; }
bool l10(const Release& release) { return release.done; }
bool l13(bool invalidated) { return invalidated; }
bool l14(const MappingFacts& f) { return f.is_known && f.other_entries; }

RuleSet refused(const model::Row& refusal) {
  RuleSet rules;
  if (const spec::Rule* rule = spec::find_rule(refusal.rule)) rules.add(spec::id_of(*rule));
  return rules;
}

bool r1(const FreeSyncFacts& f) { return f.syncs && f.coherent && !f.bounced && !f.told && !f.illegal; }
bool r2(const MappingFacts& f) { return l1(f); }
bool r3(const RedundancyFacts& f) { return cleans(f.operation); }
bool r4(const RedundancyFacts& f) { return invalidates(f.operation); }
bool r5(const RedundancyFacts& f) { return f.repeats_in_window || f.passes_on; }
bool r6(const RedundancyFacts& f) { return f.back_to_back; }
bool r7(const RedundancyFacts& f) { return f.uncached; }

bool r8(const WidthFacts& f) {
  if (f.wrong_direction && f.holds_mapping) return true;
  if (!f.operated) return false;
  // Only of what could go: a needed operation may carry another direction, as one pass for all mapped devices does.
  if (f.syncs && !f.had_effect && !f.within_caller) return true;
  return f.caller_bytes != 0 && f.bytes / kMuchWider >= f.caller_bytes;
}

Settlement settlement_of(const RuleSet& rules) {
  return {rules.has(RuleId::kM1) || rules.has(RuleId::kM2),
          rules.has(RuleId::kM3) || rules.has(RuleId::kM4) || rules.has(RuleId::kM9)};
}

HandOverFacts came_out_wrong(const RuleSet& rules, const OperationsInside& done) {
  return {rules.has(RuleId::kM1) || rules.has(RuleId::kM2), rules.has(RuleId::kM3), done};
}

RuleSet broken_by(const HandOverFacts& f) {
  RuleSet rules;
  rules.add_if(RuleId::kM5, m5(f));
  rules.add_if(RuleId::kM8, m8(f));
  return rules;
}

RuleSet broken_by(const SlotFacts& f) {
  RuleSet rules;
  rules.add_if(RuleId::kM6, m6(f));
  return rules;
}

RuleSet broken_by(const AccessFacts& f) {
  RuleSet rules;
  rules.add_if(RuleId::kM1, m1(f));
  rules.add_if(RuleId::kM2, m2(f));
  rules.add_if(RuleId::kM3, m3(f));
  rules.add_if(RuleId::kM4, m4(f));
  rules.add_if(RuleId::kM9, m9(f));
  return rules;
}

RuleSet broken_by(const MappingFacts& f) {
  RuleSet rules;
  rules.add_if(RuleId::kL1, l1(f));
  rules.add_if(RuleId::kR2, r2(f));
  rules.add_if(RuleId::kL2, l2(f));
  rules.add_if(RuleId::kL4, l4(f));
  rules.add_if(RuleId::kL5, l5(f));
  rules.add_if(RuleId::kL9, l9(f));
  rules.add_if(RuleId::kL14, l14(f));
  return rules;
}

RuleSet broken_by(const RedundancyFacts& f) {
  RuleSet rules;
  rules.add_if(RuleId::kR3, r3(f));
  rules.add_if(RuleId::kR4, r4(f));
  rules.add_if(RuleId::kR5, r5(f));
  rules.add_if(RuleId::kR6, r6(f));
  rules.add_if(RuleId::kR7, r7(f));
  return rules;
}

}  // namespace custody::checker
