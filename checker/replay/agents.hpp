// SPDX-License-Identifier: BSD-2-Clause
// Part of the belief room: which accesses the agents that are active now may make.
#pragma once

#include <optional>

#include "checker/replay/custody.hpp"
#include "checker/replay/device_table.hpp"
#include "model/coherence.hpp"

namespace custody::checker::replay {

/// The accesses that may happen until the next event.
struct Agents {
  model::AccessSet contract;         ///< if everybody keeps the rules
  model::AccessSet if_not_coherent;  ///< the same if devices that are only likely to snoop do not
  model::AccessSet worst;            ///< whatever may happen
  model::AccessSet whole_buffer;     ///< those of the contract without the CPU windows, which may be of parts
  model::Belief hazards;             ///< of those of devices that own the buffer, and of the CPU beside them
  bool devices = false;              ///< devices own the buffer
  bool cpu_writes = false;           ///< through a window
};

/// What the accesses depend on beside custody and devices.
struct AgentTerms {
  bool exact = false;                  ///< the trace has all accesses: nobody makes others
  bool trust_mappings = false;         ///< CPU accesses may come through any live mapping, without window
  bool own_device = false;             ///< the exporter's device uses the buffer without an attachment
  std::optional<std::size_t> waits{};  ///< the importer there syncs before its device starts: but in the worst case
};

/// Its device may write the buffer, or its slot: by the live maps, and by what the device does.
[[nodiscard]] inline bool may_write(const Importer& importer, const DeviceState& device) {
  return importer.may_write() && !device.reads_only;
}

/// Those of them that write.
[[nodiscard]] model::AccessSet writes_of(model::AccessSet accesses);

/// What the importer's live maps let its device do to the buffer: nothing where it is bounced and touches its slot
/// only. `likely_snoops`: devices that are only likely to snoop are taken as snooping.
[[nodiscard]] model::AccessSet accesses_of(const Importer& importer, const DeviceState& device,
                                           bool likely_snoops = true);

[[nodiscard]] Agents agents_of(CustodyAccount& custody, DeviceTable& devices, const AgentTerms& terms);

/// The states in which one of the accesses is a hazard.
[[nodiscard]] model::Belief hazards_of(model::AccessSet accesses);

}  // namespace custody::checker::replay
