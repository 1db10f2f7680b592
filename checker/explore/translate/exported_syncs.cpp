// SPDX-License-Identifier: BSD-2-Clause
// What the syncs of clauses do to the line and to the copies of an exported model.
#include "checker/explore/translate/exporter.hpp"
#include "model/sync.hpp"

namespace custody::checker::explore::translate {

using model::Access;
using model::code_of;
using model::Direction;
using model::Operation;
using model::Targets;

void ExportedSyncs::operate(Operation op, BlockMask blocks, const std::string& when, Effects& effects) {
  if (op == Operation::kNone) return;
  f_.forbid(when, line_.is_wrong(op, blocks), "M10", effects);
  f_.set_when(when, "line", line_.operated(op, blocks), effects);
}

void ExportedSyncs::copy(const model::Sync& sync, Direction dir, unsigned device, const std::string& when,
                         Effects& effects) {
  const std::string old = of("copy_old", device), newer = of("copy_newer", device);
  const bool in = model::copies_in(sync, dir), out = model::copies_out(sync, dir, f_.contract.skips_implicit());
  const std::string is_newer = f_.d.equal(newer, "1"), is_old = f_.d.equal(old, "1");
  // A copy in overwrites what the slot holds, an unmap without copy drops it.
  if (in || (sync.call == model::SyncCall::kUnmap && !out)) f_.forbid(when, is_newer, "M6", effects);
  if (in) {
    const std::string stale = f_.cached ? line_.is_wrong(Access::kCpuRead, f_.all()) : "";
    f_.forbid(when, stale, "M3", effects);
    if (!stale.empty()) f_.set_when(f_.d.both(when, stale), "line", line_.clean(), effects);
  } else if (out) {
    f_.forbid(when, is_old, "M6", effects);
    // What the buffer holds already makes nothing old, though the processor stores it.
    const std::string stored = f_.d.choose(is_newer, line_.accessed(Access::kCpuWrite, f_.all()), line_.rewritten());
    if (f_.cached) f_.set_when(when, "line", stored, effects);
    f_.outdate_copies(device, f_.d.both(when, f_.d.both(is_newer, f_.d.no(is_old))), effects);
  }
  if (!in && !out && sync.call != model::SyncCall::kUnmap) return;
  f_.set_when(when, newer, "0", effects);
  f_.set_when(when, old, "0", effects);
}

Operation ExportedSyncs::operation_of(const model::Sync& sync, Direction dir) const {
  return f_.cached ? model::operation_of(sync, dir, *f_.c.arch, f_.contract.skips_implicit()) : Operation::kNone;
}

void ExportedSyncs::on_device(const model::Sync& sync, Direction dir, unsigned device, BlockMask blocks,
                              const std::string& when, Effects& effects) {
  if (f_.c.bounces(device)) copy(sync, dir, device, when, effects);
  else if (!f_.c.snoops(device)) operate(operation_of(sync, dir), blocks, when, effects);
}

std::string ExportedSyncs::targets(const model::Sync& sync, unsigned device) const {
  const std::string mapped = of("dir", device) + " > 0";
  if (sync.targets == Targets::kOwn) return "";
  if (sync.targets == Targets::kAttached)
    return f_.tells_left_table(device) ? f_.d.either(f_.has_table(device), f_.has_left_table(device))
                                       : f_.has_table(device);
  if (sync.targets != Targets::kFirst) return mapped;
  std::string first = mapped;
  for (unsigned e = 0; e < f_.c.devices; ++e)
    if (e != device)
      first = f_.d.both(first, f_.d.no(f_.d.both(of("dir", e) + " > 0", of("rank", e) + " < " + of("rank", device))));
  return first;
}

void ExportedSyncs::run_in(const model::Sync& sync, Direction dir, const ExportedCall& call, const std::string& when,
                           Effects& effects) {
  const BlockMask blocks = model::maps(sync.call) ? f_.all() : call.blocks;
  if (!model::names_device(sync.targets)) return operate(operation_of(sync, dir), blocks, when, effects);
  for (unsigned e = 0; e < f_.c.devices; ++e) {
    if (sync.targets == Targets::kOwn && e != call.device) continue;
    if (sync.targets == Targets::kOthers && e == call.device) continue;
    const std::string where = f_.d.both(when, targets(sync, e));
    if (sync.dir != model::SyncDirection::kMapping || sync.targets == Targets::kOwn) {
      on_device(sync, dir, e, blocks, where, effects);
      continue;
    }
    for (const Direction mapped : kExportedDirections)
      on_device(sync, mapped, e, blocks, f_.d.both(where, f_.d.equal(of("dir", e), number(code_of(mapped)))), effects);
  }
}

void ExportedSyncs::run(const model::Sync& sync, const ExportedCall& call, const std::string& when, Effects& effects) {
  if (sync.dir != model::SyncDirection::kKept) {
    const Direction mapped = sync.targets == Targets::kOwn ? call.dir : Direction::kNone;
    return run_in(sync, model::direction_of(sync, call.dir, mapped, Direction::kNone), call, when, effects);
  }
  for (const Direction kept : kExportedDirections)
    if (f_.keeps_tables())
      run_in(sync, kept, call, f_.d.both(when, f_.d.equal(of("kept", call.device), number(code_of(kept)))), effects);
}

void ExportedSyncs::forbid_strays(const model::Sync& sync, const std::string& when, Effects& effects) const {
  if (sync.targets != Targets::kAttached) return;
  for (unsigned e = 0; e < f_.c.devices; ++e)
    f_.forbid(when, f_.d.both(of("att", e) + " > 0", f_.d.no(f_.has_table(e))), "L1", effects);
}

}  // namespace custody::checker::explore::translate
