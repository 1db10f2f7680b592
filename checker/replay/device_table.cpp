// SPDX-License-Identifier: BSD-2-Clause
// Puts together what is declared, overridden and inferred of a device.
#include "checker/replay/device_table.hpp"

namespace custody::checker::replay {

DeviceState DeviceTable::describe(std::uint32_t id) const {
  const traces::DeviceInfo& info = directory_.devices[id];
  DeviceState state;
  state.allocates = info.allocates;
  state.bounced = info.bounced;
  state.reads_only = info.reads_only;
  state.line = info.line;
  if (info.coherent) {
    state.coherence = *info.coherent ? Coherence::kYes : Coherence::kNo;
    state.fixed = true;
  }
  if (all_coherent_) {
    state.coherence = Coherence::kYes;
    state.fixed = true;
  }
  for (const DeviceOverride& o : options_.devices) {
    if (o.name != info.name) continue;
    if (o.allocates) state.allocates = *o.allocates;
    if (o.bounced) state.bounced = *o.bounced;
    if (o.reads_only) state.reads_only = *o.reads_only;
    if (o.line) state.line = *o.line;
    if (!o.coherent) continue;
    state.coherence = *o.coherent ? Coherence::kYes : Coherence::kNo;
    state.fixed = true;
  }
  state.allocates = state.allocates && state.coherence == Coherence::kYes;
  return state;
}

DeviceState& DeviceTable::meet(std::uint32_t id) {
  if (id >= directory_.devices.size()) return nobody_;
  while (devices_.size() <= id) {
    devices_.push_back(describe(static_cast<std::uint32_t>(devices_.size())));
    has_bounced_ = has_bounced_ || devices_.back().bounced;
  }
  return devices_[id];
}

void DeviceTable::note_change(std::uint32_t id) {
  devices_[id].changed = ++changes_;
  log_.push_back({changes_, id});
  if (log_.size() > 2 * devices_.size())
    std::erase_if(log_, [this](const Change& change) { return !is_latest(change); });
}

bool DeviceTable::learn(std::uint32_t id, bool helper_ran) {
  DeviceState& device = of(id);
  if (device.fixed || &device == &nobody_ || (lossy_ && !helper_ran)) return false;
  const Coherence before = device.coherence;
  if (helper_ran) {
    device.coherence = Coherence::kNo;
  } else if (device.coherence != Coherence::kNo) {
    ++device.calls_without_operation;
    device.coherence = device.calls_without_operation >= 2 ? Coherence::kYes : Coherence::kLikely;
  }
  if (device.coherence == before) return false;
  note_change(id);
  return device.coherence != Coherence::kLikely;
}

void DeviceTable::note_bounced(std::uint32_t id) {
  DeviceState& device = of(id);
  if (device.bounced) return;
  device.bounced = has_bounced_ = true;
  note_change(id);
}

void DeviceTable::unlearn(std::uint32_t id) {
  DeviceState& device = of(id);
  if (device.fixed || device.calls_without_operation == 0 || device.coherence == Coherence::kNo) return;
  --device.calls_without_operation;
  note_change(id);
  device.coherence = device.calls_without_operation == 0   ? Coherence::kUnknown
                     : device.calls_without_operation == 1 ? Coherence::kLikely
                                                           : Coherence::kYes;
}

}  // namespace custody::checker::replay
