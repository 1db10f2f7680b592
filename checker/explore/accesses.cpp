// SPDX-License-Identifier: BSD-2-Clause
// What the CPU and the devices may do to the buffer in a search, and the hardware's own moves.
#include "checker/explore/transitions.hpp"

namespace custody::checker::explore {

using model::Access;
using model::Direction;

/// Clients that leave rules aside access beside what custody allows, at the times that they keep among themselves.
BlockMask Accesses::free_blocks() const {
  const Client client = f_.configuration.client;
  if (client == Client::kVmap) return get(s_, f_.layout.kernel_users) != 0 ? 0 : f_.lines.all();
  if (client == Client::kNeverBrackets || client == Client::kUnpaired) return f_.lines.all();
  return agents_.of(s_).devices;
}

bool Accesses::spills_into_window(const Label& label) const {
  return f_.cached && label.kind == Label::Kind::kDeviceWrite && f_.configuration.device_line == 128 &&
         f_.granularity != 0 && label.blocks != f_.lines.all() && f_.layout.has_write_window(s_);
}

PropertySet Accesses::broken_by(const Label& label) const {
  const bool by_cpu = label.kind == Label::Kind::kCpuRead || label.kind == Label::Kind::kCpuWrite;
  const bool reads = label.kind == Label::Kind::kCpuRead || label.kind == Label::Kind::kDeviceRead;
  const bool through_cache = by_cpu || f_.configuration.snoops(label.device);
  const Property of_line = reads    ? through_cache ? Property::kM3 : Property::kM1
                           : by_cpu ? Property::kM9
                                    : Property::kM2;
  const bool meets = f_.cached && f_.lines.access(access_of(label), label.blocks, get(s_, f_.layout.line)).wrong;
  const bool misses = reads && caches_.misses_copy_of_another(s_, by_cpu ? f_.configuration.devices : label.device);
  PropertySet broken = meets || spills_into_window(label) ? bit_of(of_line) : PropertySet{0};
  if (misses) broken = static_cast<PropertySet>(broken | bit_of(Property::kM6));
  return broken;
}

Access Accesses::access_of(const Label& label) const {
  const bool snoops = f_.configuration.snoops(label.device);
  switch (label.kind) {
    case Label::Kind::kCpuRead: return Access::kCpuRead;
    case Label::Kind::kCpuWrite: return Access::kCpuWrite;
    case Label::Kind::kDeviceRead: return snoops ? Access::kCoherentRead : Access::kDeviceRead;
    default: return snoops ? Access::kCoherentWrite : Access::kDeviceWrite;
  }
}

void Accesses::access(const Label& label) {
  Successor next{label, s_, broken_by(label), 0};
  if (next.broken != 0) caches_.correct(next.next);
  if (f_.cached)
    put(next.next, f_.layout.line,
        f_.lines.access(access_of(label), label.blocks, get(next.next, f_.layout.line)).next);
  if (label.kind == Label::Kind::kCpuWrite || label.kind == Label::Kind::kDeviceWrite) {
    if (f_.drops_backing) put(next.next, f_.layout.written, 1);
    caches_.outdate_copies(next.next, -1);
  }
  if (next.next != s_ || next.broken != 0) out_.push_back(next);
}

void Accesses::add_hardware() {
  if (!f_.cached) return;
  for (const std::uint8_t line : f_.lines.moves(get(s_, f_.layout.line))) {
    Successor next{{Label::Kind::kHardware, 0, Direction::kNone, 0}, s_, 0, 0};
    put(next.next, f_.layout.line, line);
    out_.push_back(next);
  }
}

void Accesses::add_of_cpu() {
  const Client client = f_.configuration.client;
  const bool kernel = client == Client::kVmap;
  if (get(s_, kernel ? f_.layout.kernel_users : f_.layout.user_mappings) == 0) return;
  const bool avoids_devices = client == Client::kUnpaired || client == Client::kNeverBrackets;
  for (unsigned d = 0; d < f_.configuration.devices && avoids_devices; ++d)
    if (f_.layout.is_mapped(s_, d)) return;
  const AgentTable::Blocks& blocks = agents_.of(s_);
  const bool always = client == Client::kNeverBrackets || kernel;
  const BlockMask reads = always ? f_.lines.all() : blocks.cpu_reads,
                  writes = always ? f_.lines.all() : blocks.cpu_writes;
  if (reads != 0) access({Label::Kind::kCpuRead, 0, Direction::kNone, reads});
  if (writes != 0) access({Label::Kind::kCpuWrite, 0, Direction::kNone, writes});
}

void Accesses::add_of_device(unsigned d) {
  const Direction dir = f_.layout.dir(s_, d);
  const BlockMask blocks = free_blocks();
  if (blocks == 0 || dir == Direction::kNone) return;
  const auto device = static_cast<std::uint8_t>(d);
  if (!f_.configuration.bounces(d)) {
    if (model::device_may_read(dir)) access({Label::Kind::kDeviceRead, device, dir, blocks});
    if (model::device_may_write(dir)) access({Label::Kind::kDeviceWrite, device, dir, blocks});
    return;
  }
  // It touches its copy, never the buffer.
  const Slot old = f_.layout.of_device(d, f_.layout.block.slot_old, 1),
             newer = f_.layout.of_device(d, f_.layout.block.slot_newer, 1);
  if (model::device_may_read(dir) && (get(s_, old) != 0 || caches_.misses_copy_of_another(s_, d))) {
    Successor next{{Label::Kind::kDeviceRead, device, dir, blocks}, s_, bit_of(Property::kM6), 0};
    caches_.correct(next.next);
    out_.push_back(next);
  }
  if (!model::device_may_write(dir)) return;
  Successor next{{Label::Kind::kDeviceWrite, device, dir, blocks}, s_, 0, 0};
  put(next.next, newer, 1);
  put(next.next, old, 0);
  caches_.outdate_copies(next.next, static_cast<int>(d));
  if (f_.drops_backing) put(next.next, f_.layout.written, 1);
  if (next.next != s_) out_.push_back(next);
}

}  // namespace custody::checker::explore
