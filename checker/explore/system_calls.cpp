// SPDX-License-Identifier: BSD-2-Clause
// What can happen next: the client's calls, and with them what system_accesses.cpp adds.
#include "checker/explore/system.hpp"
#include "model/step.hpp"

namespace custody::checker {

using model::at;
using model::code_of;
using model::Direction;
using model::Id;

namespace {

constexpr Direction kDirections[] = {Direction::kToDevice, Direction::kFromDevice, Direction::kBidirectional};
constexpr Id kExported = at(model::kFields, "exported"), kUser = at(model::kFields, "user_mappings"),
             kKernel = at(model::kFields, "kernel_mappings"), kAttachedCount = at(model::kFields, "attached");
constexpr Id kDetachedState = at(model::kStates, "Detached"), kNonBacked = at(model::kStates, "NonOwnedNonBacked"),
             kCpuOwned = at(model::kStates, "CpuOwned"), kDeviceOwned = at(model::kStates, "DeviceOwned");

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
      if (bounces(deed.device) && !keeps_table(s, deed.device)) put(s, of_device(deed.device, slot_old_, 2), 0);
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
    attachment = answer(s, static_cast<Id>(kDetachedState + get(s, of_device(deed.device, kAttState, 2))), event, deed);
  // A client that keeps the rules does nothing that the contract refuses. One that never brackets its accesses gives
  // its kernel mapping back all the same, and the kernel lets it.
  const bool goes_on = configuration_.client == Client::kVmap && deed.kind == Deed::Kind::kVunmap;
  if (buffer == nullptr || (buffer->refusal && !goes_on)) return;
  if (attachment != nullptr && attachment->refusal) return;
  Successor next{deed, s, false, {}, 0};
  // The allocator has written; an exporter may write that back before anybody sees the buffer.
  if (deed.kind == Deed::Kind::kExport) put(next.next, line_, cached_ ? lines_.dirty() : lines_.clean());
  const auto& plans = buffer->plans[static_cast<std::size_t>(deed.dir)];
  if (!plans.empty()) run_plans(s, plans, next);
  if (deed.kind == Deed::Kind::kBeginFails) {
    out.push_back(next);
    return;
  }
  const Packed before = s;
  apply(next.next, *buffer, deed);
  if (attachment != nullptr) apply(next.next, *attachment, deed);
  after_call(next.next, deed);
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
  // Who keeps the rules gives back no mapping, nor a table that is kept for it, while another writes.
  const bool free_to_map = configuration_.client != Client::kLegal || !has_write_window(s);
  const bool free_to_detach = free_to_map || !keeps_table(s, d);
  const auto device = static_cast<std::uint8_t>(d);
  const Direction dir = dir_of(s, d);
  const bool attached = get(s, of_device(d, kAttState, 2)) != 0, mapped = dir != Direction::kNone;
  if (!attached) call(s, {Deed::Kind::kAttach, device, Direction::kNone}, at(model::kEvents, "attach"), out);
  if (attached && !mapped && free_to_detach)
    call(s, {Deed::Kind::kDetach, device, Direction::kNone}, at(model::kEvents, "detach"), out);
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
