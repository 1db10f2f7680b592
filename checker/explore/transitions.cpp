// SPDX-License-Identifier: BSD-2-Clause
// What can happen next: the client's calls with the syncs of their rows, the hardware's moves, the accesses.
#include <algorithm>

#include "checker/explore/system.hpp"
#include "model/step.hpp"

namespace custody::checker {

using model::Access;
using model::at;
using model::Direction;
using model::Id;
using model::Operation;

namespace {

constexpr Direction kDirections[] = {Direction::kToDevice, Direction::kFromDevice, Direction::kBidirectional};
constexpr Id kExported = at(model::kFields, "exported"), kUser = at(model::kFields, "user_mappings"),
             kKernel = at(model::kFields, "kernel_mappings"), kAttachedCount = at(model::kFields, "attached");
constexpr Id kDetachedState = at(model::kStates, "Detached"), kNonBacked = at(model::kStates, "NonOwnedNonBacked"),
             kCpuOwned = at(model::kStates, "CpuOwned"), kDeviceOwned = at(model::kStates, "DeviceOwned");

constexpr unsigned code_of(Direction d) {
  return d == Direction::kToDevice ? 1 : d == Direction::kFromDevice ? 2 : d == Direction::kBidirectional ? 3 : 0;
}
/// A window in a state: its direction, and above it its range.
unsigned window_code(const Deed& deed) { return code_of(deed.dir) + deed.blocks * 4U; }

}  // namespace

bool System::has_write_window(Packed s) const {
  for (unsigned w = 0; w < configuration_.windows; ++w)
    if ((get(s, window_[w]) & 1U) != 0) return true;
  return false;
}

unsigned System::open_windows(Packed s) const {
  unsigned n = 0;
  for (unsigned w = 0; w < configuration_.windows; ++w) n += get(s, window_[w]) != 0 ? 1U : 0U;
  return n;
}

Operation System::operation_of(const model::Sync& sync, Direction dir) const {
  if (sync.skip || !cached_) return Operation::kNone;
  if (is_one_pass(sync)) return configuration_.arch->all_coherent ? Operation::kNone : Operation::kCleanInvalidate;
  switch (sync.call) {
    case model::SyncCall::kMap: return skips_implicit_ ? Operation::kNone : configuration_.arch->device_operation(dir);
    case model::SyncCall::kUnmap: return skips_implicit_ ? Operation::kNone : configuration_.arch->cpu_operation(dir);
    case model::SyncCall::kForDevice: return configuration_.arch->device_operation(dir);
    case model::SyncCall::kForCpu: return configuration_.arch->cpu_operation(dir);
    case model::SyncCall::kNone: break;
  }
  return Operation::kNone;
}

Direction System::direction_of(const model::Sync& sync, Direction call) {
  switch (sync.dir) {
    case model::SyncDirection::kToDevice: return Direction::kToDevice;
    case model::SyncDirection::kFromDevice: return Direction::kFromDevice;
    case model::SyncDirection::kBidirectional: return Direction::kBidirectional;
    case model::SyncDirection::kCaller:
    case model::SyncDirection::kMapping: break;  // an unmap is called with the mapping's
  }
  return call;
}

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
    const Direction dir = direction_of(sync, deed.dir);
    const auto add = [&](int device) {
      const bool snooping = device >= 0 && snoops(static_cast<unsigned>(device));
      out.push_back({found->row, &sync, device, dir, snooping ? Operation::kNone : operation_of(sync, dir)});
    };
    if (sync.targets == model::Targets::kOwn) add(deed.device);
    if (sync.targets == model::Targets::kExporter || sync.targets == model::Targets::kBuffer) add(-1);
    for (unsigned d = 0; d < configuration_.devices; ++d) {
      const bool mapped = dir_of(state, d) != Direction::kNone, attached = get(state, of_device(d, 0, 2)) != 0;
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

void System::outdate_copies(Packed& s, int writer) const {
  for (unsigned d = 0; d < configuration_.devices; ++d)
    if (bounces(d) && dir_of(s, d) != Direction::kNone && static_cast<int>(d) != writer)
      put(s, of_device(d, slot_old_, 1), 1);
}

bool System::misses_copy_of_another(Packed s, unsigned device) const {
  for (unsigned d = 0; d < configuration_.devices; ++d)
    if (d != device && bounces(d) && get(s, of_device(d, slot_newer_, 1)) != 0) return true;
  return false;
}

void System::copy(const model::Sync& sync, Direction dir, unsigned device, Successor& next) const {
  const Slot old = of_device(device, slot_old_, 1), newer = of_device(device, slot_newer_, 1);
  const bool to_copy =
      sync.call == model::SyncCall::kMap || (sync.call == model::SyncCall::kForDevice && model::device_may_read(dir));
  const bool from_copy = (sync.call == model::SyncCall::kForCpu || sync.call == model::SyncCall::kUnmap) &&
                         !sync.skip && model::device_may_write(dir);
  if (to_copy) {
    // The processor reads the buffer.
    const LineModel::Outcome read = lines_.access(Access::kCpuRead, lines_.all(), get(next.next, line_));
    if (cached_ && read.wrong) {
      violate(next, Property::kM3);
      put(next.next, line_, lines_.clean());
    }
    put(next.next, old, 0);
  }
  if (from_copy) {
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
      if (!is_mapped(d) && get(s, of_device(d, 0, 2)) != 0) violate(next, Property::kL1);
  }
  const auto sync_device = [&](const Plan& plan, unsigned d) {
    if (bounces(d)) copy(*plan.sync, plan.dir, d, next);
    else if (!snoops(d)) operate(plan.operation, synced_blocks(next.deed, *plan.sync), next);
  };
  for (const Plan& plan : plans) switch (plan.sync->targets) {
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

void System::after_call(Packed& s, const Deed& deed) const {
  const auto windows_in_order = [&] {
    if (configuration_.windows == 2 && get(s, window_[0]) < get(s, window_[1])) {
      const unsigned first = get(s, window_[0]);
      put(s, window_[0], get(s, window_[1]));
      put(s, window_[1], first);
    }
  };
  switch (deed.kind) {
    case Deed::Kind::kMap: put(s, of_device(deed.device, kDirOffset, 2), code_of(deed.dir)); break;
    case Deed::Kind::kUnmap:
    case Deed::Kind::kDetach:
      put(s, of_device(deed.device, kDirOffset, 2), 0);
      if (bounces(deed.device)) put(s, of_device(deed.device, slot_old_, 2), 0);
      break;
    case Deed::Kind::kBegin:
      put(s, window_[get(s, window_[0]) == 0 ? 0 : 1], window_code(deed));
      windows_in_order();
      break;
    case Deed::Kind::kEnd:
      put(s, window_[get(s, window_[0]) == window_code(deed) ? 0 : 1], 0);
      windows_in_order();
      break;
    default: break;
  }
}

void System::call(Packed s, const Deed& deed, Id event, std::vector<Successor>& out) const {
  const Answer* const buffer = answer(s, static_cast<Id>(get(s, state_)), event, deed);
  const Answer* attachment = nullptr;
  if (model::names_attachment(event))
    attachment = answer(s, static_cast<Id>(kDetachedState + get(s, of_device(deed.device, 0, 2))), event, deed);
  // A client that keeps the rules does nothing that the contract refuses. One that never brackets its accesses gives
  // its kernel mapping back all the same, and the kernel lets it.
  const bool goes_on = configuration_.client == Client::kVmap && deed.kind == Deed::Kind::kVunmap;
  if (buffer == nullptr || (buffer->refusal && !goes_on)) return;
  if (attachment != nullptr && attachment->refusal) return;
  Successor next{deed, s, false, {}, 0};
  const auto& plans = buffer->plans[static_cast<std::size_t>(deed.dir)];
  if (!plans.empty()) run_plans(s, plans, next);
  if (deed.kind == Deed::Kind::kBeginFails) {
    out.push_back(next);
    return;
  }
  const Packed before = s;
  apply(next.next, *buffer, deed.device);
  if (attachment != nullptr) apply(next.next, *attachment, deed.device);
  after_call(next.next, deed);
  if (deed.kind == Deed::Kind::kExport) put(next.next, line_, cached_ ? lines_.dirty() : lines_.clean());
  const unsigned was = get(before, state_), is = get(next.next, state_);
  const bool owned = was == kCpuOwned || was == kDeviceOwned;
  if (drops_backing_ && owned && is == kNonBacked) {
    // The storage goes, and with it what was written there.
    if (get(before, written_) != 0 && !next.violates) {
      next.violates = true;
      next.property = Property::kBackingLost;
    }
    put(next.next, written_, 0);
    put(next.next, line_, lines_.clean());
  }
  out.push_back(next);
}

void System::windows(Packed s, std::vector<Successor>& out) const {
  if (configuration_.client == Client::kNeverBrackets || configuration_.client == Client::kVmap) return;
  const bool write_open = has_write_window(s);
  const unsigned open = open_windows(s);
  for (const Direction dir : kDirections)
    // Ranges: the first block, the second, both.
    for (unsigned range = has_ranges() ? 1 : 0; range <= (has_ranges() ? lines_.all() : 0U); ++range) {
      const auto blocks = static_cast<BlockMask>(range);
      const bool writes = dir != Direction::kFromDevice;
      const bool legal = !write_open && (!writes || open == 0);
      if (open < configuration_.windows && (legal || configuration_.client == Client::kOverlapping)) {
        call(s, {Deed::Kind::kBegin, 0, dir, blocks}, at(model::kEvents, "begin_cpu_access"), out);
        if (configuration_.failing_begins)
          call(s, {Deed::Kind::kBeginFails, 0, dir, blocks}, at(model::kEvents, "begin_cpu_access"), out);
      }
      const Deed end{Deed::Kind::kEnd, 0, dir, blocks};
      bool is_open =
          is_owned_by_mapping(s) && dir == Direction::kBidirectional && (blocks == 0 || blocks == lines_.all());
      for (unsigned w = 0; w < configuration_.windows; ++w) is_open = is_open || get(s, window_[w]) == window_code(end);
      if (is_open) call(s, end, at(model::kEvents, "end_cpu_access"), out);
    }
}

bool System::is_owned_by_mapping(Packed s) const {
  return owns_by_mapping_ && get(s, state_) == kCpuOwned && open_windows(s) == 0;
}

BlockMask System::free_blocks(Packed s) const {
  if (configuration_.client == Client::kVmap) return get(s, field_[kKernel]) != 0 ? 0 : lines_.all();
  if (configuration_.client == Client::kNeverBrackets || configuration_.client == Client::kUnpaired)
    return lines_.all();
  if (is_owned_by_mapping(s)) return 0;
  BlockMask taken = 0;
  for (unsigned w = 0; w < configuration_.windows; ++w) {
    const unsigned window = get(s, window_[w]);
    if (window != 0) taken |= has_ranges() ? covered(static_cast<BlockMask>(window >> 2U)) : lines_.all();
  }
  return static_cast<BlockMask>(lines_.all() & ~taken);
}

bool System::spills_into_window(Packed s, const Deed& deed) const {
  return deed.kind == Deed::Kind::kDeviceWrite && configuration_.device_line == 128 && has_ranges() &&
         deed.blocks != lines_.all() && has_write_window(s);
}

bool System::meets_hazard(Packed s, const Deed& deed, Property& property) const {
  const bool by_cpu = deed.kind == Deed::Kind::kCpuRead || deed.kind == Deed::Kind::kCpuWrite;
  const bool reads = deed.kind == Deed::Kind::kCpuRead || deed.kind == Deed::Kind::kDeviceRead;
  const bool through_cache = by_cpu || snoops(deed.device);
  if (reads) property = through_cache ? Property::kM3 : Property::kM1;
  else property = by_cpu ? Property::kM9 : Property::kM2;
  if (cached_ && lines_.access(access_of(deed), deed.blocks, get(s, line_)).wrong) return true;
  if (spills_into_window(s, deed)) return true;
  if (!reads || !misses_copy_of_another(s, by_cpu ? configuration_.devices : deed.device)) return false;
  property = Property::kM6;
  return true;
}

bool System::is_any_mapped(Packed s) const {
  for (unsigned d = 0; d < configuration_.devices; ++d)
    if (dir_of(s, d) != Direction::kNone) return true;
  return false;
}

void System::cpu_accesses(Packed s, std::vector<Successor>& out) const {
  BlockMask reads = 0, writes = 0;
  const Client client = configuration_.client;
  if ((client == Client::kUnpaired || client == Client::kNeverBrackets) && is_any_mapped(s)) return;
  for (unsigned w = 0; w < configuration_.windows; ++w) {
    const unsigned window = get(s, window_[w]), dir = window & 3U;
    const BlockMask range = has_ranges() ? static_cast<BlockMask>(window >> 2U) : lines_.all();
    if ((dir & 2U) != 0) reads |= range;
    // A window for writing only overwrites whole lines.
    if (dir == code_of(Direction::kToDevice)) writes |= covered(range);
    if (dir == code_of(Direction::kBidirectional)) writes |= range;
  }
  if (client == Client::kNeverBrackets || client == Client::kVmap || is_owned_by_mapping(s))
    reads = writes = lines_.all();
  if (reads != 0) access(s, {Deed::Kind::kCpuRead, 0, Direction::kNone, reads}, out);
  if (writes != 0) access(s, {Deed::Kind::kCpuWrite, 0, Direction::kNone, writes}, out);
}

void System::device_accesses(Packed s, unsigned d, std::vector<Successor>& out) const {
  const Direction dir = dir_of(s, d);
  const BlockMask blocks = free_blocks(s);
  if (blocks == 0) return;
  const auto device = static_cast<std::uint8_t>(d);
  if (!bounces(d)) {
    if (model::device_may_read(dir)) access(s, {Deed::Kind::kDeviceRead, device, dir, blocks}, out);
    if (model::device_may_write(dir)) access(s, {Deed::Kind::kDeviceWrite, device, dir, blocks}, out);
    return;
  }
  // It touches its copy, never the buffer.
  if (model::device_may_read(dir) && (get(s, of_device(d, slot_old_, 1)) != 0 || misses_copy_of_another(s, d))) {
    Successor next{{Deed::Kind::kDeviceRead, device, dir, blocks}, s, true, Property::kM6, 0};
    correct(next.next);
    out.push_back(next);
  }
  if (!model::device_may_write(dir)) return;
  Successor next{{Deed::Kind::kDeviceWrite, device, dir, blocks}, s, false, {}, 0};
  put(next.next, of_device(d, slot_newer_, 1), 1);
  put(next.next, of_device(d, slot_old_, 1), 0);
  outdate_copies(next.next, static_cast<int>(d));
  if (drops_backing_) put(next.next, written_, 1);
  if (next.next != s) out.push_back(next);
}

void System::correct(Packed& s) const {
  put(s, line_, lines_.clean());
  for (unsigned d = 0; d < configuration_.devices; ++d)
    if (bounces(d)) put(s, of_device(d, slot_old_, 2), 0);
}

Access System::access_of(const Deed& deed) const {
  switch (deed.kind) {
    case Deed::Kind::kCpuRead: return Access::kCpuRead;
    case Deed::Kind::kCpuWrite: return Access::kCpuWrite;
    case Deed::Kind::kDeviceRead: return snoops(deed.device) ? Access::kCoherentRead : Access::kDeviceRead;
    default: return snoops(deed.device) ? Access::kCoherentWrite : Access::kDeviceWrite;
  }
}

void System::access(Packed s, const Deed& deed, std::vector<Successor>& out) const {
  Successor next{deed, s, false, {}, 0};
  Property property{};
  if (meets_hazard(s, deed, property)) {
    violate(next, property);
    correct(next.next);
  }
  if (cached_) put(next.next, line_, lines_.access(access_of(deed), deed.blocks, get(next.next, line_)).next);
  if (deed.kind == Deed::Kind::kCpuWrite || deed.kind == Deed::Kind::kDeviceWrite) {
    if (drops_backing_) put(next.next, written_, 1);
    outdate_copies(next.next, -1);
  }
  if (next.next != s || next.violates) out.push_back(next);
}

void System::hardware(Packed s, std::vector<Successor>& out) const {
  if (!cached_) return;
  for (const std::uint8_t line : lines_.moves(get(s, line_))) {
    Successor next{{Deed::Kind::kHardware, 0, Direction::kNone}, s, false, {}, 0};
    put(next.next, line_, line);
    out.push_back(next);
  }
}

void System::shared_successors(Packed s, std::vector<Successor>& out) const {
  if (is_freed(s)) return;
  if (get(s, field_[kExported]) == 0)
    return call(s, {Deed::Kind::kExport, 0, Direction::kNone}, at(model::kEvents, "export"), out);
  windows(s, out);
  const bool kernel = configuration_.client == Client::kVmap;
  const bool mapped = get(s, field_[kernel ? kKernel : kUser]) != 0;
  if (kernel) {
    if (mapped) call(s, {Deed::Kind::kVunmap, 0, Direction::kNone}, at(model::kEvents, "vunmap"), out);
    else call(s, {Deed::Kind::kVmap, 0, Direction::kNone}, at(model::kEvents, "vmap"), out);
  } else {
    if (mapped) call(s, {Deed::Kind::kMunmap, 0, Direction::kNone}, at(model::kEvents, "munmap"), out);
    else call(s, {Deed::Kind::kMmap, 0, Direction::kNone}, at(model::kEvents, "mmap"), out);
  }
  if (!mapped && open_windows(s) == 0 && get(s, field_[kAttachedCount]) == 0)
    call(s, {Deed::Kind::kRelease, 0, Direction::kNone}, at(model::kEvents, "release"), out);
  hardware(s, out);
  if (mapped) cpu_accesses(s, out);
}

void System::device_successors(Packed s, unsigned d, std::vector<Successor>& out) const {
  if (is_freed(s) || get(s, field_[kExported]) == 0) return;
  const bool free_to_map = configuration_.client != Client::kLegal || !has_write_window(s);
  const auto device = static_cast<std::uint8_t>(d);
  const Direction dir = dir_of(s, d);
  const bool attached = get(s, of_device(d, 0, 2)) != 0, mapped = dir != Direction::kNone;
  if (!attached) call(s, {Deed::Kind::kAttach, device, Direction::kNone}, at(model::kEvents, "attach"), out);
  if (attached && !mapped) call(s, {Deed::Kind::kDetach, device, Direction::kNone}, at(model::kEvents, "detach"), out);
  if (attached && !mapped && free_to_map)
    for (const Direction way : kDirections) call(s, {Deed::Kind::kMap, device, way}, at(model::kEvents, "map"), out);
  if (mapped && free_to_map) call(s, {Deed::Kind::kUnmap, device, dir}, at(model::kEvents, "unmap"), out);
  if (mapped) device_accesses(s, d, out);
}

void System::successors(Packed s, std::vector<Successor>& out) const {
  out.clear();
  shared_successors(s, out);
  for (unsigned d = 0; d < configuration_.devices; ++d) device_successors(s, d, out);
}

}  // namespace custody::checker
