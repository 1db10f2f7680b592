// SPDX-License-Identifier: BSD-2-Clause
// From who has the buffer to what may be done to it.
#include "checker/replay/agents.hpp"

#include "checker/replay/importer_kinds.hpp"

namespace custody::checker::replay {

using model::Access;
using model::AccessSet;
using model::Belief;

AccessSet writes_of(AccessSet accesses) {
  AccessSet writes;
  for (const Access a : {Access::kDeviceWrite, Access::kCoherentWrite, Access::kCoherentWriteDirty})
    if (accesses.has(a)) writes.add(a);
  return writes;
}

AccessSet accesses_of(const Importer& importer, const DeviceState& device, bool likely_snoops) {
  AccessSet set;
  if (device.bounced) return set;
  const bool snoops = device.coherence == Coherence::kYes || (likely_snoops && device.snoops());
  if (importer.may_read()) set.add(snoops ? Access::kCoherentRead : Access::kDeviceRead);
  if (!may_write(importer, device)) return set;
  set.add(snoops ? Access::kCoherentWrite : Access::kDeviceWrite);
  if (snoops && device.allocates) set.add(Access::kCoherentWriteDirty);
  return set;
}

Agents agents_of(CustodyAccount& custody, DeviceTable& devices, const AgentTerms& terms) {
  Agents agents;
  if (terms.exact) return agents;
  AccessSet windows;
  const model::Agents active = model::who_may_access(custody.custody());
  if (active.cpu_reads) windows.add(Access::kCpuRead);
  if (active.cpu_writes) windows.add(Access::kCpuWrite);
  for (const std::size_t i : told_apart(custody, devices)) {
    const Importer importer = custody.importer(i);
    if (!active.devices && !importer.evidence.fences.has_write()) continue;
    const DeviceState& device = devices.of(importer.device());
    AccessSet likely = accesses_of(importer, device);
    AccessSet sure = device.coherence == Coherence::kLikely ? accesses_of(importer, device, false) : likely;
    if (!active.devices) {
      likely = writes_of(likely);
      sure = writes_of(sure);
    }
    if (terms.waits == i) {
      agents.worst.add(likely).add(sure);
      continue;
    }
    agents.contract.add(likely);
    agents.if_not_coherent.add(sure);
  }
  const bool cpu_mapped = custody.may_be_cpu_mapped();
  if (terms.trust_mappings && cpu_mapped && custody.calls().empty())
    agents.contract.add(Access::kCpuRead).add(Access::kCpuWrite);
  agents.whole_buffer = agents.contract;
  agents.devices = active.devices;
  agents.cpu_writes = active.cpu_writes;
  if (active.devices) agents.hazards = hazards_of(agents.whole_buffer);
  agents.contract.add(windows);
  agents.worst.add(agents.contract).add(agents.if_not_coherent);
  agents.if_not_coherent.add(agents.contract);
  if (cpu_mapped || custody.was_abandoned()) agents.worst.add(Access::kCpuRead).add(Access::kCpuWrite);
  if (agents.worst.has(Access::kCpuWrite)) agents.worst.add(Access::kCpuWritePart);
  if (agents.worst.has(Access::kCoherentWrite)) agents.worst.add(Access::kCoherentWriteDirty);
  if (terms.own_device) agents.worst.add(Access::kDeviceWrite).add(Access::kCoherentWriteDirty);
  return agents;
}

Belief hazards_of(AccessSet accesses) {
  Belief all;
  for (unsigned a = 0; a < model::kAccesses; ++a)
    if (accesses.has(static_cast<Access>(a))) all = all | model::hazards(static_cast<Access>(a));
  return all;
}

}  // namespace custody::checker::replay
