// SPDX-License-Identifier: BSD-2-Clause
// Cache operations of a call in a search, and the copies of devices that are bounced.
#include "checker/explore/caches.hpp"

#include <vector>

namespace custody::checker::explore {

using model::Access;
using model::Direction;
using model::Operation;
using model::Targets;

BlockMask Caches::covered(BlockMask blocks) const {
  const bool wide = f_.configuration.cpu_line == 128 || f_.configuration.device_line == 128;
  return f_.granularity == 2 && wide ? f_.lines.all() : blocks;
}

BlockMask Caches::synced_blocks(const Label& label, const model::Sync& sync) const {
  return is_window_call(label.kind) && f_.granularity != 0 && !model::maps(sync.call) ? covered(label.blocks)
                                                                                      : f_.lines.all();
}

/// After a violation the search goes on from what a correct operation would have left: one fault, one finding.
void Caches::operate(Operation operation, BlockMask blocks, Successor& next) const {
  if (operation == Operation::kNone) return;
  ++next.operations;
  if (next.label.kind == Label::Kind::kRelease) return;  // nobody can look at the buffer any more
  const LineModel::Outcome outcome = f_.lines.operate(operation, blocks, get(next.next, f_.layout.line));
  if (outcome.wrong) next.violate(Property::kM10);
  put(next.next, f_.layout.line, outcome.wrong ? f_.lines.clean() : outcome.next);
}

void Caches::outdate_copies(Packed& s, int writer) const {
  if (f_.configuration.bounced == 0) return;
  for (unsigned d = 0; d < f_.configuration.devices; ++d)
    if (f_.configuration.bounces(d) && f_.layout.has_table(s, d) && static_cast<int>(d) != writer)
      put(s, f_.layout.of_device(d, f_.layout.block.slot_old, 1), 1);
}

bool Caches::misses_copy_of_another(Packed s, unsigned device) const {
  if (f_.configuration.bounced == 0) return false;
  for (unsigned d = 0; d < f_.configuration.devices; ++d)
    if (d != device && f_.configuration.bounces(d) &&
        get(s, f_.layout.of_device(d, f_.layout.block.slot_newer, 1)) != 0)
      return true;
  return false;
}

void Caches::correct(Packed& s) const {
  put(s, f_.layout.line, f_.lines.clean());
  for (unsigned d = 0; d < f_.configuration.devices; ++d)
    if (f_.configuration.bounces(d)) put(s, f_.layout.of_device(d, f_.layout.block.slot_old, 2), 0);
}

void Caches::copy(const model::Sync& sync, Direction dir, unsigned device, Successor& next) const {
  const Slot old = f_.layout.of_device(device, f_.layout.block.slot_old, 1),
             newer = f_.layout.of_device(device, f_.layout.block.slot_newer, 1);
  const bool in = model::copies_in(sync, dir), out = model::copies_out(sync, dir, f_.skips_implicit);
  const bool is_old = get(next.next, old) != 0, is_newer = get(next.next, newer) != 0;
  // A copy in overwrites what the slot holds, an unmap without copy drops it.
  if (is_newer && (in || (sync.call == model::SyncCall::kUnmap && !out))) next.violate(Property::kM6);
  if (in) {
    // The processor reads the buffer.
    const LineModel::Outcome read = f_.lines.access(Access::kCpuRead, f_.lines.all(), get(next.next, f_.layout.line));
    if (f_.cached && read.wrong) {
      next.violate(Property::kM3);
      put(next.next, f_.layout.line, f_.lines.clean());
    }
  } else if (out) {
    if (is_old) next.violate(Property::kM6);
    // What the buffer holds already makes nothing old, though the processor stores it.
    const unsigned line = get(next.next, f_.layout.line);
    if (f_.cached)
      put(next.next, f_.layout.line,
          is_newer ? f_.lines.access(Access::kCpuWrite, f_.lines.all(), line).next : f_.lines.rewritten(line));
    if (is_newer && !is_old) outdate_copies(next.next, static_cast<int>(device));
  }
  if (!in && !out && sync.call != model::SyncCall::kUnmap) return;
  put(next.next, newer, 0);
  put(next.next, old, 0);
}

bool Caches::strays(const Plan& plan, Packed s, unsigned device) const {
  return plan.sync.targets == Targets::kAttached && f_.layout.is_attached(s, device) && !f_.layout.has_table(s, device);
}

bool Caches::is_target(const Plan& plan, Packed s, unsigned device, unsigned own) const {
  switch (plan.sync.targets) {
    case Targets::kOwn: return device == own;
    case Targets::kMapped: return f_.layout.is_mapped(s, device);
    case Targets::kOthers: return device != own && f_.layout.is_mapped(s, device);
    case Targets::kAttached: return f_.layout.is_attached(s, device);
    case Targets::kFirst: {
      if (!f_.layout.is_mapped(s, device)) return false;
      const auto rank = [&](unsigned d) { return get(s, f_.layout.of_device(d, f_.layout.block.rank)); };
      for (unsigned d = 0; d < f_.configuration.devices; ++d)
        if (f_.layout.is_mapped(s, d) && rank(d) < rank(device)) return false;
      return true;
    }
    case Targets::kExporter:
    case Targets::kBuffer: break;
  }
  return false;
}

Plan Caches::settled(Plan plan, Packed s, unsigned device, unsigned own) const {
  if (!plan.is_late()) return plan;
  plan.dir = plan.sync.dir == model::SyncDirection::kKept ? f_.layout.kept(s, own) : f_.layout.dir(s, device);
  plan.operation = decisions_.operation_of(plan.sync, plan.dir);
  return plan;
}

void Caches::sync_device(const Plan& plan, Packed s, unsigned device, Successor& next) const {
  const Plan now = settled(plan, s, device, next.label.device);
  if (plan.is_late() && now.dir == Direction::kNone) return;
  if (f_.configuration.bounces(device)) copy(now.sync, now.dir, device, next);
  else if (!f_.configuration.snoops(device)) operate(now.operation, synced_blocks(next.label, now.sync), next);
}

void Caches::run(Packed s, const std::vector<Plan>& plans, Successor& next) const {
  for (const Plan& plan : plans) {
    if (plan.sync.targets != Targets::kAttached) continue;
    for (unsigned d = 0; d < f_.configuration.devices; ++d)
      if (strays(plan, s, d)) next.violate(Property::kL1);
  }
  for (const Plan& plan : plans) {
    if (!model::names_device(plan.sync.targets)) {
      operate(plan.operation, synced_blocks(next.label, plan.sync), next);
      continue;
    }
    for (unsigned d = 0; d < f_.configuration.devices; ++d)
      if (is_target(plan, s, d, next.label.device) && !misses(plan, s, d)) sync_device(plan, s, d, next);
  }
}

std::vector<RunSync> Caches::list(Packed s, const std::vector<Plan>& plans, const Label& label) const {
  std::vector<RunSync> out;
  for (const Plan& plan : plans) {
    if (!model::names_device(plan.sync.targets)) {
      out.push_back({plan.clause, plan.sync, -1, plan.dir, plan.operation, false});
      continue;
    }
    for (unsigned d = 0; d < f_.configuration.devices; ++d) {
      if (!is_target(plan, s, d, label.device)) continue;
      const Plan now = settled(plan, s, d, label.device);
      if (plan.is_late() && now.dir == Direction::kNone) continue;
      out.push_back({plan.clause, plan.sync, static_cast<int>(d), now.dir,
                     f_.configuration.snoops(d) || misses(plan, s, d) ? Operation::kNone : now.operation,
                     strays(plan, s, d)});
    }
  }
  return out;
}

namespace {

LineSet closure(const LineModel& model, const LineSet& lines) {
  std::vector<std::uint8_t> todo;
  LineSet after;
  const auto meet = [&](std::uint8_t line) {
    if (after[line]) return;
    after.set(line);
    todo.push_back(line);
  };
  for (unsigned line = 0; line < model.states(); ++line)
    if (lines[line]) meet(static_cast<std::uint8_t>(line));
  while (!todo.empty()) {
    const std::uint8_t line = todo.back();
    todo.pop_back();
    for (const std::uint8_t next : model.moves(line)) meet(next);
  }
  return after;
}

}  // namespace

LineSet lines_after(const LineModel& model, Operation operation, BlockMask blocks, const LineSet& lines) {
  LineSet after;
  for (unsigned line = 0; line < model.states(); ++line)
    if (lines[line]) after.set(model.operate(operation, blocks, line).next);
  return closure(model, after);
}

}  // namespace custody::checker::explore
