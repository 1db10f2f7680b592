// SPDX-License-Identifier: BSD-2-Clause
// Asks the belief for what a device may find there.
#include "checker/replay/access_facts.hpp"

namespace custody::checker::replay {

using model::Access;

AccessFacts facts_of(BufferState& b, bool reads, bool writes, bool snoops, const Excused& excused) {
  AccessFacts f;
  f.reads = reads;
  f.writes = writes;
  f.snoops = snoops;
  f.memory_old = reads && !snoops && !excused.dirty && b.belief.meets(Access::kDeviceRead);
  f.dirty = writes && !snoops && !excused.dirty && b.belief.meets(Access::kDeviceWrite);
  f.stale = reads && snoops && !excused.stale && b.belief.meets(Access::kCoherentRead);
  return f;
}

AccessFacts facts_of(Rooms& rooms, BufferState& b, const Importer& importer, const Excused& excused) {
  const DeviceState& device = rooms.devices->of(importer.device());
  return facts_of(b, importer.may_read(), may_write(importer, device), device.snoops(), excused);
}

bool may_write_slots(const BufferState& b, const Importer& importer, const DeviceState& device) {
  return may_write(importer, device) && (!device.bounced || has_given(b.mappings, importer.id()));
}

}  // namespace custody::checker::replay
