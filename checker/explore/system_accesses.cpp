// SPDX-License-Identifier: BSD-2-Clause
// What the CPU and the devices may do to the buffer, and the hardware's own moves.
#include "checker/explore/system.hpp"

namespace custody::checker {

using model::Access;
using model::at;
using model::code_of;
using model::Direction;
using model::Id;

namespace {

constexpr Id kKernel = at(model::kFields, "kernel_mappings"), kCpuOwned = at(model::kStates, "CpuOwned");

}  // namespace

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
  return cached_ && deed.kind == Deed::Kind::kDeviceWrite && configuration_.device_line == 128 && has_ranges() &&
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

}  // namespace custody::checker
