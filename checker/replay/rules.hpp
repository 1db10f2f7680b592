// SPDX-License-Identifier: BSD-2-Clause
// The rules room: one function a rule. Each is told plain facts and says whether the rule is broken; what the trace can
// bear out, and what is said of it, is for others to judge. The sentences of the rules are in spec/rules.hpp.
#pragma once

#include "checker/finding.hpp"
#include "checker/hindsight/settle.hpp"
#include "checker/replay/custody.hpp"
#include "checker/replay/place.hpp"
#include "model/coherence.hpp"
#include "traces/event.hpp"

namespace custody::checker::replay {

/// One agent and the lines that it reaches: what it may do from now on, or what it did.
struct AccessFacts {
  bool reads = false, writes = false;
  bool snoops = false;           ///< through the CPU's cache: the CPU, or a device that snoops
  bool memory_old = false;       ///< memory may miss the newest data of some line
  bool dirty = false;            ///< some line may be written back later
  bool stale = false;            ///< the cache may hold, or fetch, something old of some line
  bool part_over_stale = false;  ///< it writes a part of a line of which the rest may be stale
  bool spills = false;           ///< what it writes is rounded to its line, into what the CPU may write
  bool write_pending = false;    ///< a device that it has to wait for has not finished writing
  bool synced_early = false;     ///< it was invalidated for, before such a device had finished
};

[[nodiscard]] bool m1(const AccessFacts& f);
[[nodiscard]] bool m2(const AccessFacts& f);
[[nodiscard]] bool m3(const AccessFacts& f);
[[nodiscard]] bool m4(const AccessFacts& f);
[[nodiscard]] bool m9(const AccessFacts& f);

/// Two importers of one buffer.
struct MixedFacts {
  bool together = false;  ///< both are mapped, and may use it at the same time
  bool differ = false;    ///< one goes through the cache, the other does not; or one through a copy
  bool writes = false;    ///< one of them may write
};

[[nodiscard]] bool m11(const MixedFacts& f);

/// A hand-over that came out wrong, and what the operations in its call did.
struct HandOverFacts {
  bool dirty = false;  ///< lines were left that a device misses, or that can be written over what it writes
  bool stale = false;  ///< lines were left that are older than memory
  OperationsInside done;
};

[[nodiscard]] bool m5(const HandOverFacts& f);
[[nodiscard]] bool m8(const HandOverFacts& f);

/// The slot of a bounced mapping where the buffer changes hands, or is copied.
struct SlotFacts {
  bool taken = false;      ///< somebody takes what the slot, or the buffer, holds
  bool from_slot = false;  ///< it is the slot that is taken from; else the buffer
  bool old = false;        ///< the slot may miss what the buffer holds
  bool newer = false;      ///< the buffer may miss what the slot holds
};

[[nodiscard]] bool m6(const SlotFacts& f);
/// Alias maintenance of a kernel mapping.
[[nodiscard]] bool m7(bool kernel_mapped);

/// A cache operation.
struct OperationFacts {
  model::Operation operation = model::Operation::kNone;
  bool touched = false;          ///< it reached the buffer's lines, and they are cached
  bool loses = false;            ///< it can lose data
  bool line_by_line = false;     ///< the lines are told apart: a write-back can lose data too
  bool hands_to_device = false;  ///< in a hand-over to a device
  bool warned = false;           ///< such a hand-over was told of this buffer
  bool written = false;          ///< somebody wrote through the cache since the buffer's start
};

/// Some architectures invalidate where a device is handed what it will write: the zeroes of fresh memory that are lost
/// there are worth a warning.
[[nodiscard]] bool loses_zeroes(const OperationFacts& f);
[[nodiscard]] bool loses_data(const OperationFacts& f);
[[nodiscard]] bool m10(const OperationFacts& f);

/// A DMA call, and the mapping that it concerns. Of a mapping, or of an attachment, whose whole history the trace does
/// not show, nothing is told: `is_known` is false.
struct MappingFacts {
  bool is_known = false;
  bool syncs = false, unmaps = false, maps = false;
  bool is_live = false;        ///< the mapping is there
  bool outlives = false;       ///< it is still there when the buffer is gone, and whoever released it went on
  bool other_device = false;   ///< it was made for another
  bool other_skip = false;     ///< DMA_ATTR_SKIP_CPU_SYNC at one end only
  bool again = false;          ///< the table is mapped already
  bool other_entries = false;  ///< not with the number of entries that were mapped, or not all of the buffer is mapped
};

[[nodiscard]] bool l1(const MappingFacts& f);
[[nodiscard]] bool l2(const MappingFacts& f);
[[nodiscard]] bool l4(const MappingFacts& f);
[[nodiscard]] bool l5(const MappingFacts& f);
[[nodiscard]] bool l9(const MappingFacts& f);
[[nodiscard]] bool l14(const MappingFacts& f);
[[nodiscard]] bool r2(const MappingFacts& f);

/// The direction that a call names, against that of what it undoes or syncs.
struct DirectionFacts {
  bool undoes = false;          ///< an unmap; else a sync
  bool is_same = true;          ///< what it undoes has this direction
  bool is_within = true;        ///< the mapping's direction has it in it
  bool is_callers = false;      ///< it is that of the window around the sync
  bool told_of_caller = false;  ///< the unmap around it was told already
};

[[nodiscard]] bool l3(const DirectionFacts& f);
/// A CPU access that the trace shows. `trusted`: accesses may come through any live mapping.
[[nodiscard]] bool l8(bool in_window, bool trusted);
/// Anything after the release.
[[nodiscard]] bool l10(const Release& release);
/// A device's access that the trace shows, to pages that a move may have taken.
[[nodiscard]] bool l13(bool invalidated);

/// A kernel mapping that went: `unbracketed`: no window was open in its life. `exact`: the trace has all accesses.
[[nodiscard]] bool a1(bool unbracketed, bool exact);

/// A user mapping that lived while a device could write, of a buffer on which no window ever opened.
struct UserMappingFacts {
  bool hidden = false;  ///< what the device writes is not seen through the CPU cache
  bool exact = false, trusted = false;
};

[[nodiscard]] bool a2(const UserMappingFacts& f);

/// What the lifetime tables say of a refused call: the rule that the row names; none: it names none that is judged.
[[nodiscard]] RuleSet refused(const model::Row& refusal);

/// A sync that caused no operation.
struct FreeSyncFacts {
  bool syncs = false, coherent = false, bounced = false;
  bool told = false;     ///< of this device already
  bool illegal = false;  ///< L1
};

[[nodiscard]] bool r1(const FreeSyncFacts& f);

/// An operation that has no effect, or at whose effect nobody looked.
struct RedundancyFacts {
  model::Operation operation = model::Operation::kNone;
  bool uncached = false;
  bool repeats_in_window = false;  ///< the same was done, with effect, in the same begin or end
  bool passes_on = false;          ///< a map, after another device's unmap with no window between
  bool back_to_back = false;       ///< right after the map, or an unmap right after the sync
};

[[nodiscard]] bool r3(const RedundancyFacts& f);
[[nodiscard]] bool r4(const RedundancyFacts& f);
[[nodiscard]] bool r5(const RedundancyFacts& f);
[[nodiscard]] bool r6(const RedundancyFacts& f);
[[nodiscard]] bool r7(const RedundancyFacts& f);

/// How wide a DMA call is.
struct WidthFacts {
  bool wrong_direction = false;  ///< L3
  bool holds_mapping = false;    ///< its direction has the mapping's in it
  bool operated = false;         ///< it caused an operation, in a begin or an end
  bool syncs = false;
  bool had_effect = true;
  bool within_caller = true;                  ///< its direction is in that of the begin or end
  std::uint64_t caller_bytes = 0, bytes = 0;  ///< of the range of the begin or end (0: all), of the operation
};

[[nodiscard]] bool r8(const WidthFacts& f);

/// What a correct sync would have done, after a finding with these rules.
[[nodiscard]] hindsight::Settlement settlement_of(const RuleSet& rules);
/// What came out wrong of a hand-over to devices that breaks these rules, and what was done in it.
[[nodiscard]] HandOverFacts came_out_wrong(const RuleSet& rules, const OperationsInside& done);
/// All rules that judge one agent's accesses.
[[nodiscard]] RuleSet broken_by(const AccessFacts& f);
/// All rules that judge a hand-over that came out wrong.
[[nodiscard]] RuleSet broken_by(const HandOverFacts& f);
/// The rule that judges a slot.
[[nodiscard]] RuleSet broken_by(const SlotFacts& f);
/// All rules that judge one mapping.
[[nodiscard]] RuleSet broken_by(const MappingFacts& f);
/// All rules that say why an operation was redundant.
[[nodiscard]] RuleSet broken_by(const RedundancyFacts& f);

// -------------------------------------------------------------------------------------------------------------------

/// How much wider than the declared range an operation may be before it is worth saying (R8).
inline constexpr std::uint64_t kMuchWider = 16;

inline bool m1(const AccessFacts& f) { return f.reads && !f.snoops && f.memory_old; }
inline bool m2(const AccessFacts& f) { return f.writes && ((!f.snoops && f.dirty) || f.spills); }
inline bool m3(const AccessFacts& f) { return f.reads && f.snoops && f.stale && !f.synced_early; }
inline bool m4(const AccessFacts& f) { return f.reads && f.snoops && f.stale && (f.write_pending || f.synced_early); }
inline bool m9(const AccessFacts& f) { return f.writes && f.part_over_stale; }

inline bool m11(const MixedFacts& f) { return f.together && f.differ && f.writes; }

inline bool m5(const HandOverFacts& f) {
  return (f.dirty && f.done.partly_cleaned) || (f.stale && f.done.partly_invalidated);
}

inline bool m8(const HandOverFacts& f) {
  return f.done.issued && ((f.dirty && !f.done.cleaned) || (f.stale && !f.done.invalidated));
}

inline bool m6(const SlotFacts& f) { return f.taken && (f.from_slot ? f.old : f.newer); }
inline bool m7(bool kernel_mapped) { return !kernel_mapped; }

inline bool loses_zeroes(const OperationFacts& f) {
  return f.hands_to_device && f.operation == model::Operation::kInvalidate && !f.written;
}
inline bool loses_data(const OperationFacts& f) {
  return f.touched && f.loses && (f.line_by_line || f.operation == model::Operation::kInvalidate);
}
inline bool m10(const OperationFacts& f) { return loses_data(f) && !(loses_zeroes(f) && f.warned); }

inline bool l1(const MappingFacts& f) { return f.is_known && f.syncs && !f.is_live; }
inline bool l2(const MappingFacts& f) { return f.is_known && f.is_live && f.other_device; }
inline bool l3(const DirectionFacts& f) {
  return f.undoes ? !f.is_same && !f.told_of_caller : !f.is_within && !f.is_callers;
}
inline bool l4(const MappingFacts& f) { return f.is_known && f.unmaps && f.is_live && f.other_skip; }
inline bool l5(const MappingFacts& f) { return f.is_known && ((f.unmaps && !f.is_live) || f.outlives); }
inline bool l8(bool in_window, bool trusted) { return !in_window && !trusted; }
inline bool l9(const MappingFacts& f) { return f.is_known && f.maps && f.again; }
inline bool l10(const Release& release) { return release.done; }
inline bool l13(bool invalidated) { return invalidated; }
inline bool l14(const MappingFacts& f) { return f.is_known && f.other_entries; }

inline bool a1(bool unbracketed, bool exact) { return unbracketed && !exact; }
inline bool a2(const UserMappingFacts& f) { return f.hidden && !f.exact && !f.trusted; }

inline RuleSet refused(const model::Row& refusal) {
  RuleSet rules;
  if (const spec::Rule* rule = spec::find_rule(refusal.rule)) rules.add(spec::id_of(*rule));
  return rules;
}

inline bool r1(const FreeSyncFacts& f) { return f.syncs && f.coherent && !f.bounced && !f.told && !f.illegal; }
inline bool r2(const MappingFacts& f) { return l1(f); }
inline bool r3(const RedundancyFacts& f) { return cleans(f.operation); }
inline bool r4(const RedundancyFacts& f) { return invalidates(f.operation); }
inline bool r5(const RedundancyFacts& f) { return f.repeats_in_window || f.passes_on; }
inline bool r6(const RedundancyFacts& f) { return f.back_to_back; }
inline bool r7(const RedundancyFacts& f) { return f.uncached; }

inline bool r8(const WidthFacts& f) {
  if (f.wrong_direction && f.holds_mapping) return true;
  if (!f.operated) return false;
  // Only of what could go: a needed operation may carry another direction, as one pass for all mapped devices does.
  if (f.syncs && !f.had_effect && !f.within_caller) return true;
  return f.caller_bytes != 0 && f.bytes / kMuchWider >= f.caller_bytes;
}

inline hindsight::Settlement settlement_of(const RuleSet& rules) {
  return {rules.has(spec::RuleId::kM1) || rules.has(spec::RuleId::kM2),
          rules.has(spec::RuleId::kM3) || rules.has(spec::RuleId::kM4) || rules.has(spec::RuleId::kM9)};
}

inline HandOverFacts came_out_wrong(const RuleSet& rules, const OperationsInside& done) {
  return {rules.has(spec::RuleId::kM1) || rules.has(spec::RuleId::kM2), rules.has(spec::RuleId::kM3), done};
}

inline RuleSet broken_by(const HandOverFacts& f) {
  RuleSet rules;
  rules.add_if(spec::RuleId::kM5, m5(f));
  rules.add_if(spec::RuleId::kM8, m8(f));
  return rules;
}

inline RuleSet broken_by(const SlotFacts& f) {
  RuleSet rules;
  rules.add_if(spec::RuleId::kM6, m6(f));
  return rules;
}

inline RuleSet broken_by(const AccessFacts& f) {
  RuleSet rules;
  rules.add_if(spec::RuleId::kM1, m1(f));
  rules.add_if(spec::RuleId::kM2, m2(f));
  rules.add_if(spec::RuleId::kM3, m3(f));
  rules.add_if(spec::RuleId::kM4, m4(f));
  rules.add_if(spec::RuleId::kM9, m9(f));
  return rules;
}

inline RuleSet broken_by(const MappingFacts& f) {
  RuleSet rules;
  rules.add_if(spec::RuleId::kL1, l1(f));
  rules.add_if(spec::RuleId::kR2, r2(f));
  rules.add_if(spec::RuleId::kL2, l2(f));
  rules.add_if(spec::RuleId::kL4, l4(f));
  rules.add_if(spec::RuleId::kL5, l5(f));
  rules.add_if(spec::RuleId::kL9, l9(f));
  rules.add_if(spec::RuleId::kL14, l14(f));
  return rules;
}

inline RuleSet broken_by(const RedundancyFacts& f) {
  RuleSet rules;
  rules.add_if(spec::RuleId::kR3, r3(f));
  rules.add_if(spec::RuleId::kR4, r4(f));
  rules.add_if(spec::RuleId::kR5, r5(f));
  rules.add_if(spec::RuleId::kR6, r6(f));
  rules.add_if(spec::RuleId::kR7, r7(f));
  return rules;
}

}  // namespace custody::checker::replay
