// SPDX-License-Identifier: BSD-2-Clause
// The cache operations of a call, and what they leave of the line and of the copies.
#include "checker/explore/system.hpp"

namespace custody::checker {

using model::Access;
using model::at;
using model::Direction;
using model::Id;
using model::Operation;

std::vector<RunSync> System::syncs_of(Packed state, const Deed& deed) const {
  constexpr std::pair<Deed::Kind, Id> kEvents[] = {{Deed::Kind::kExport, at(model::kEvents, "export")},
                                                   {Deed::Kind::kAttach, at(model::kEvents, "attach")},
                                                   {Deed::Kind::kMmap, at(model::kEvents, "mmap")},
                                                   {Deed::Kind::kMunmap, at(model::kEvents, "munmap")},
                                                   {Deed::Kind::kVmap, at(model::kEvents, "vmap")},
                                                   {Deed::Kind::kVunmap, at(model::kEvents, "vunmap")},
                                                   {Deed::Kind::kMap, at(model::kEvents, "map")},
                                                   {Deed::Kind::kUnmap, at(model::kEvents, "unmap")},
                                                   {Deed::Kind::kDetach, at(model::kEvents, "detach")},
                                                   {Deed::Kind::kRelease, at(model::kEvents, "release")},
                                                   {Deed::Kind::kBegin, at(model::kEvents, "begin_cpu_access")},
                                                   {Deed::Kind::kBeginFails, at(model::kEvents, "begin_cpu_access")},
                                                   {Deed::Kind::kEnd, at(model::kEvents, "end_cpu_access")}};
  std::vector<RunSync> out;
  const Answer* found = nullptr;
  for (const auto& [kind, event] : kEvents)
    if (kind == deed.kind) found = answer(state, static_cast<Id>(get(state, state_)), event, deed);
  if (found == nullptr) return out;
  for (const Id id : found->row->syncs) {
    const model::Sync& sync = model::kSyncs[id];
    const Direction dir = model::direction_of(sync, deed.dir, kept_dir(state, deed.device));
    if (sync.dir == model::SyncDirection::kKept && dir == Direction::kNone) continue;
    const auto add = [&](int device) {
      const auto d = static_cast<unsigned>(device);
      const bool strays = sync.targets == model::Targets::kAttached && dir_of(state, d) == Direction::kNone;
      const bool snooping = device >= 0 && snoops(d);
      out.push_back({found->row, &sync, device, dir, snooping ? Operation::kNone : operation_of(sync, dir), strays});
    };
    if (sync.targets == model::Targets::kOwn) add(deed.device);
    if (sync.targets == model::Targets::kExporter || sync.targets == model::Targets::kBuffer) add(-1);
    for (unsigned d = 0; d < configuration_.devices; ++d) {
      const bool mapped = dir_of(state, d) != Direction::kNone, attached = get(state, of_device(d, kAttState, 2)) != 0;
      if ((sync.targets == model::Targets::kMapped && mapped) ||
          (sync.targets == model::Targets::kAttached && attached))
        add(static_cast<int>(d));
    }
  }
  return out;
}

void System::violate(Successor& next, Property property) {
  if (!next.violates) next.property = property;
  next.violates = true;
}

BlockMask System::covered(BlockMask blocks) const {
  const bool wide = configuration_.cpu_line == 128 || configuration_.device_line == 128;
  return granularity_ == 2 && wide ? lines_.all() : blocks;
}

BlockMask System::synced_blocks(const Deed& deed, const model::Sync& sync) const {
  const bool of_window =
      deed.kind == Deed::Kind::kBegin || deed.kind == Deed::Kind::kBeginFails || deed.kind == Deed::Kind::kEnd;
  return of_window && has_ranges() && !model::maps(sync.call) ? covered(deed.blocks) : lines_.all();
}

/// After a violation the search goes on from what a correct operation would have left: one fault, one finding.
void System::operate(Operation operation, BlockMask blocks, Successor& next) const {
  if (operation == Operation::kNone) return;
  ++next.operations;
  if (next.deed.kind == Deed::Kind::kRelease) return;  // nobody can look at the buffer any more
  const LineModel::Outcome outcome = lines_.operate(operation, blocks, get(next.next, line_));
  if (outcome.wrong) violate(next, Property::kM10);
  put(next.next, line_, outcome.wrong ? lines_.clean() : outcome.next);
}

LineSet System::lines_after(Operation operation, BlockMask blocks, const LineSet& lines) const {
  LineSet after;
  for (unsigned line = 0; line < lines_.states(); ++line)
    if (lines[line]) after.set(lines_.operate(operation, blocks, line).next);
  return closure(after);
}

LineSet System::closure(const LineSet& lines) const {
  std::vector<std::uint8_t> todo;
  LineSet after;
  const auto meet = [&](std::uint8_t line) {
    if (after[line]) return;
    after.set(line);
    todo.push_back(line);
  };
  for (unsigned line = 0; line < lines_.states(); ++line)
    if (lines[line]) meet(static_cast<std::uint8_t>(line));
  while (!todo.empty()) {
    const std::uint8_t line = todo.back();
    todo.pop_back();
    for (const std::uint8_t next : lines_.moves(line)) meet(next);
  }
  return after;
}

bool System::has_table(Packed s, unsigned device) const {
  return dir_of(s, device) != Direction::kNone || keeps_table(s, device);
}

Direction System::kept_dir(Packed s, unsigned device) const {
  Slot slot = cached_table_;
  slot.shift = static_cast<std::uint8_t>(slot.shift + devices_at_ + device * device_bits_);
  return model::direction_of_code(get(s, slot));
}

void System::outdate_copies(Packed& s, int writer) const {
  for (unsigned d = 0; d < configuration_.devices; ++d)
    if (bounces(d) && has_table(s, d) && static_cast<int>(d) != writer) put(s, of_device(d, slot_old_, 1), 1);
}

bool System::misses_copy_of_another(Packed s, unsigned device) const {
  for (unsigned d = 0; d < configuration_.devices; ++d)
    if (d != device && bounces(d) && get(s, of_device(d, slot_newer_, 1)) != 0) return true;
  return false;
}

void System::copy(const model::Sync& sync, Direction dir, unsigned device, Successor& next) const {
  const Slot old = of_device(device, slot_old_, 1), newer = of_device(device, slot_newer_, 1);
  if (model::copies_in(sync, dir)) {
    // The processor reads the buffer.
    const LineModel::Outcome read = lines_.access(Access::kCpuRead, lines_.all(), get(next.next, line_));
    if (cached_ && read.wrong) {
      violate(next, Property::kM3);
      put(next.next, line_, lines_.clean());
    }
    put(next.next, old, 0);
  }
  if (model::copies_out(sync, dir, skips_implicit_)) {
    if (get(next.next, old) != 0) violate(next, Property::kM6);
    put(next.next, newer, 0);
    put(next.next, old, 0);
    if (cached_) put(next.next, line_, lines_.access(Access::kCpuWrite, lines_.all(), get(next.next, line_)).next);
    outdate_copies(next.next, static_cast<int>(device));
  }
  if (sync.call != model::SyncCall::kUnmap) return;
  if (get(next.next, newer) != 0) violate(next, Property::kM6);
  put(next.next, newer, 0);
  put(next.next, old, 0);
}

void System::run_plans(Packed s, const std::vector<Plan>& plans, Successor& next) const {
  const auto is_mapped = [&](unsigned d) { return get(s, of_device(d, kDirOffset, 2)) != 0; };
  for (const Plan& plan : plans) {
    if (plan.sync->targets != model::Targets::kAttached) continue;
    // It works on a table that is not mapped, not on this buffer.
    for (unsigned d = 0; d < configuration_.devices; ++d)
      if (!is_mapped(d) && get(s, of_device(d, kAttState, 2)) != 0) violate(next, Property::kL1);
  }
  const auto sync_device = [&](const Plan& plan, unsigned d) {
    if (bounces(d)) copy(*plan.sync, plan.dir, d, next);
    else if (!snoops(d)) operate(plan.operation, synced_blocks(next.deed, *plan.sync), next);
  };
  for (Plan plan : plans) {
    if (plan.sync->dir == model::SyncDirection::kKept) {
      plan.dir = kept_dir(s, next.deed.device);
      if (plan.dir == Direction::kNone) continue;
      plan.operation = operation_of(*plan.sync, plan.dir);
    }
    switch (plan.sync->targets) {
      case model::Targets::kExporter:
      case model::Targets::kBuffer: operate(plan.operation, synced_blocks(next.deed, *plan.sync), next); break;
      case model::Targets::kOwn: sync_device(plan, next.deed.device); break;
      case model::Targets::kMapped:
      case model::Targets::kAttached:
        for (unsigned d = 0; d < configuration_.devices; ++d)
          if (is_mapped(d)) sync_device(plan, d);
        break;
      case model::Targets::kNone: break;
    }
  }
}

}  // namespace custody::checker
