// SPDX-License-Identifier: BSD-2-Clause
// What can happen next: the client's calls with the syncs of their rows, the hardware's moves, the accesses.
#include <algorithm>
#include <bit>

#include "checker/explore/system.hpp"
#include "model/step.hpp"

namespace custody::checker {

using model::Access;
using model::at;
using model::Belief;
using model::Direction;
using model::Id;
using model::Operation;

namespace {

constexpr Direction kDirections[] = {Direction::kToDevice, Direction::kFromDevice, Direction::kBidirectional};
constexpr Id kExported = at(model::kFields, "exported"), kUser = at(model::kFields, "user_mappings"),
             kAttachedCount = at(model::kFields, "attached");
constexpr Id kDetachedState = at(model::kStates, "Detached"), kNonBacked = at(model::kStates, "NonOwnedNonBacked"),
             kCpuOwned = at(model::kStates, "CpuOwned"), kDeviceOwned = at(model::kStates, "DeviceOwned");

constexpr unsigned code_of(Direction d) {
  return d == Direction::kToDevice ? 1 : d == Direction::kFromDevice ? 2 : d == Direction::kBidirectional ? 3 : 0;
}
/// Memory current, line absent.
constexpr unsigned kCorrect = static_cast<unsigned>(std::countr_zero(model::start::kClean.bits));

unsigned only_state(Belief b) { return static_cast<unsigned>(std::countr_zero(b.bits)); }
Belief belief_of(unsigned state) { return Belief{static_cast<std::uint16_t>(1U << state)}; }

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
  constexpr std::pair<Deed::Kind, Id> kEvents[] = {{Deed::Kind::kMap, at(model::kEvents, "map")},
                                                   {Deed::Kind::kUnmap, at(model::kEvents, "unmap")},
                                                   {Deed::Kind::kDetach, at(model::kEvents, "detach")},
                                                   {Deed::Kind::kBegin, at(model::kEvents, "begin_cpu_access")},
                                                   {Deed::Kind::kBeginFails, at(model::kEvents, "begin_cpu_access")},
                                                   {Deed::Kind::kEnd, at(model::kEvents, "end_cpu_access")}};
  std::vector<RunSync> out;
  const Answer* found = nullptr;
  for (const auto& [kind, event] : kEvents)
    if (kind == deed.kind) found = answer(state, static_cast<Id>(get(state, state_)), event, deed.device);
  if (found == nullptr) return out;
  for (const Id id : found->row->syncs) {
    const model::Sync& sync = model::kSyncs[id];
    const Direction dir = direction_of(sync, deed.dir);
    const auto add = [&](int device) {
      const bool snooping = device >= 0 && snoops(static_cast<unsigned>(device));
      out.push_back({&sync, device, dir, snooping ? Operation::kNone : operation_of(sync, dir)});
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

void System::run_plans(Packed s, const std::vector<Plan>& plans, unsigned device, Successor& next) const {
  unsigned line = get(s, line_);
  const auto violate = [&](Property property) {
    if (!next.violates) next.property = property;
    next.violates = true;
  };
  // After a violation the search goes on from what a correct operation would have left: one fault, one finding.
  const auto operate = [&](Operation operation) {
    if (operation == Operation::kNone) return;
    const auto op = static_cast<std::size_t>(operation);
    ++next.operations;
    if (loses_[op][line]) violate(Property::kM10);
    line = operated_[op][line];
  };
  const auto untouched = [&](unsigned d) { return get(s, of_device(d, kDirOffset, 2)) == 0; };
  for (const Plan& plan : plans) {
    if (plan.targets != model::Targets::kAttached) continue;
    // It works on a table that is not mapped, not on this buffer.
    for (unsigned d = 0; d < configuration_.devices; ++d)
      if (untouched(d) && get(s, of_device(d, 0, 2)) != 0) violate(Property::kL1);
  }
  for (const Plan& plan : plans) {
    if (plan.targets == model::Targets::kExporter || plan.targets == model::Targets::kBuffer) operate(plan.operation);
    if (plan.targets == model::Targets::kOwn && !snoops(device)) operate(plan.operation);
    if (plan.targets != model::Targets::kMapped && plan.targets != model::Targets::kAttached) continue;
    for (unsigned d = 0; d < configuration_.devices; ++d)
      if (!untouched(d) && !snoops(d)) operate(plan.operation);
  }
  put(next.next, line_, line);
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
    case Deed::Kind::kDetach: put(s, of_device(deed.device, kDirOffset, 2), 0); break;
    case Deed::Kind::kBegin:
      put(s, window_[get(s, window_[0]) == 0 ? 0 : 1], code_of(deed.dir));
      windows_in_order();
      break;
    case Deed::Kind::kEnd:
      put(s, window_[get(s, window_[0]) == code_of(deed.dir) ? 0 : 1], 0);
      windows_in_order();
      break;
    default: break;
  }
}

void System::call(Packed s, const Deed& deed, Id event, std::vector<Successor>& out) const {
  const Answer* const buffer = answer(s, static_cast<Id>(get(s, state_)), event, deed.device);
  const Answer* attachment = nullptr;
  if (model::names_attachment(event))
    attachment = answer(s, static_cast<Id>(kDetachedState + get(s, of_device(deed.device, 0, 2))), event, deed.device);
  // A client that keeps the rules does nothing that the contract refuses.
  if (buffer == nullptr || buffer->refusal) return;
  if (attachment != nullptr && attachment->refusal) return;
  Successor next{deed, s, false, {}, 0};
  const auto& plans = buffer->plans[static_cast<std::size_t>(deed.dir)];
  if (!plans.empty()) run_plans(s, plans, deed.device, next);
  if (deed.kind == Deed::Kind::kBeginFails) {
    out.push_back(next);
    return;
  }
  const Packed before = s;
  apply(next.next, *buffer, deed.device);
  if (attachment != nullptr) apply(next.next, *attachment, deed.device);
  after_call(next.next, deed);
  if (deed.kind == Deed::Kind::kExport) put(next.next, line_, cached_ ? only_state(model::start::kDirty) : kCorrect);
  const unsigned was = get(before, state_), is = get(next.next, state_);
  const bool owned = was == kCpuOwned || was == kDeviceOwned;
  if (drops_backing_ && owned && is == kNonBacked) {
    // The storage goes, and with it what was written there.
    if (get(before, written_) != 0 && !next.violates) {
      next.violates = true;
      next.property = Property::kBackingLost;
    }
    put(next.next, written_, 0);
    put(next.next, line_, kCorrect);
  }
  out.push_back(next);
}

void System::windows(Packed s, std::vector<Successor>& out) const {
  const bool write_open = has_write_window(s);
  const unsigned open = open_windows(s);
  for (const Direction dir : kDirections) {
    const bool writes = dir != Direction::kFromDevice;
    const bool legal = !write_open && (!writes || open == 0);
    if (open < configuration_.windows && (legal || !configuration_.keeps_rules)) {
      call(s, {Deed::Kind::kBegin, 0, dir}, at(model::kEvents, "begin_cpu_access"), out);
      if (configuration_.failing_begins)
        call(s, {Deed::Kind::kBeginFails, 0, dir}, at(model::kEvents, "begin_cpu_access"), out);
    }
    bool is_open = false;
    for (unsigned w = 0; w < configuration_.windows; ++w) is_open = is_open || get(s, window_[w]) == code_of(dir);
    if (is_open) call(s, {Deed::Kind::kEnd, 0, dir}, at(model::kEvents, "end_cpu_access"), out);
  }
}

void System::access(Packed s, const Deed& deed, Access access, Property property, std::vector<Successor>& out) const {
  const Belief line = belief_of(get(s, line_));
  Successor next{deed, s, cached_ && model::is_hazard(access, line), property, 0};
  const Belief from = next.violates ? belief_of(kCorrect) : line;
  if (cached_) put(next.next, line_, only_state(model::perform(access, from)));
  if (drops_backing_ && (deed.kind == Deed::Kind::kCpuWrite || deed.kind == Deed::Kind::kDeviceWrite))
    put(next.next, written_, 1);
  if (next.next != s || next.violates) out.push_back(next);
}

void System::hardware(Packed s, std::vector<Successor>& out) const {
  if (!cached_) return;
  const unsigned line = get(s, line_);
  std::uint16_t moves = static_cast<std::uint16_t>(model::detail::hardware_image(line).bits & ~(1U << line));
  for (; moves != 0; moves = static_cast<std::uint16_t>(moves & (moves - 1))) {
    Successor next{{Deed::Kind::kHardware, 0, Direction::kNone}, s, false, {}, 0};
    put(next.next, line_, static_cast<unsigned>(std::countr_zero(moves)));
    out.push_back(next);
  }
}

void System::shared_successors(Packed s, std::vector<Successor>& out) const {
  if (is_freed(s)) return;
  if (get(s, field_[kExported]) == 0)
    return call(s, {Deed::Kind::kExport, 0, Direction::kNone}, at(model::kEvents, "export"), out);
  windows(s, out);
  const bool user = get(s, field_[kUser]) != 0;
  if (!user) call(s, {Deed::Kind::kMmap, 0, Direction::kNone}, at(model::kEvents, "mmap"), out);
  if (user) call(s, {Deed::Kind::kMunmap, 0, Direction::kNone}, at(model::kEvents, "munmap"), out);
  if (!user && open_windows(s) == 0 && get(s, field_[kAttachedCount]) == 0)
    call(s, {Deed::Kind::kRelease, 0, Direction::kNone}, at(model::kEvents, "release"), out);
  hardware(s, out);
  if (!user) return;
  unsigned dirs = 0;
  for (unsigned w = 0; w < configuration_.windows; ++w) dirs |= get(s, window_[w]);
  if ((dirs & 2U) != 0) access(s, {Deed::Kind::kCpuRead, 0, Direction::kNone}, Access::kCpuRead, Property::kM3, out);
  if ((dirs & 1U) != 0) access(s, {Deed::Kind::kCpuWrite, 0, Direction::kNone}, Access::kCpuWrite, Property::kM3, out);
}

void System::device_successors(Packed s, unsigned d, std::vector<Successor>& out) const {
  if (is_freed(s) || get(s, field_[kExported]) == 0) return;
  const bool free_to_map = !configuration_.keeps_rules || !has_write_window(s);
  const auto device = static_cast<std::uint8_t>(d);
  const Direction dir = dir_of(s, d);
  const bool attached = get(s, of_device(d, 0, 2)) != 0, mapped = dir != Direction::kNone;
  if (!attached) call(s, {Deed::Kind::kAttach, device, Direction::kNone}, at(model::kEvents, "attach"), out);
  if (attached && !mapped) call(s, {Deed::Kind::kDetach, device, Direction::kNone}, at(model::kEvents, "detach"), out);
  if (attached && !mapped && free_to_map)
    for (const Direction way : kDirections) call(s, {Deed::Kind::kMap, device, way}, at(model::kEvents, "map"), out);
  if (mapped && free_to_map) call(s, {Deed::Kind::kUnmap, device, dir}, at(model::kEvents, "unmap"), out);
  if (!mapped || open_windows(s) != 0) return;
  if (model::device_may_read(dir))
    access(s, {Deed::Kind::kDeviceRead, device, dir}, snoops(d) ? Access::kCoherentRead : Access::kDeviceRead,
           snoops(d) ? Property::kM3 : Property::kM1, out);
  if (model::device_may_write(dir))
    access(s, {Deed::Kind::kDeviceWrite, device, dir}, snoops(d) ? Access::kCoherentWrite : Access::kDeviceWrite,
           Property::kM2, out);
}

void System::successors(Packed s, std::vector<Successor>& out) const {
  out.clear();
  shared_successors(s, out);
  for (unsigned d = 0; d < configuration_.devices; ++d) device_successors(s, d, out);
}

}  // namespace custody::checker
