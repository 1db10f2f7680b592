// SPDX-License-Identifier: BSD-2-Clause
// The machines by id: their tables as data, and which Boost.MSM machine runs each.
#include "model/lifetime.hpp"

#include <array>

#include "model/machine_tables.hpp"
#include "model/machines.hpp"

namespace custody::model {

namespace {

constexpr std::array<Machine, kMachineCount> kMachines = {{
    {MachineId::kOwner, "owner", "Who owns the buffer.", states_of(kOwnerRows), kOwnerRows, events_of(kOwnerRows)},
    {MachineId::kMappingOwner, "mapping_owner", "Who owns the buffer where cpu_owns = mapping.",
     states_of(kMappingOwnerRows), kMappingOwnerRows, events_of(kMappingOwnerRows)},
    {MachineId::kAttachment, "attachment", "An attachment: its maps and its pins.", states_of(kAttachmentRows),
     kAttachmentRows, events_of(kAttachmentRows)},
    {MachineId::kWindow, "window", "A CPU access window.", states_of(kWindowRows), kWindowRows, events_of(kWindowRows)},
    {MachineId::kKernelMapping, "kernel_mapping", "The kernel mapping and its users.", states_of(kKernelMappingRows),
     kKernelMappingRows, events_of(kKernelMappingRows)},
    {MachineId::kUserMapping, "user_mapping", "The user mappings.", states_of(kUserMappingRows), kUserMappingRows,
     events_of(kUserMappingRows)},
}};

using Fire = Fired (*)(Id, Id, const Facts&, Subject*);
constexpr Fire kFires[] = {fire_owner,  fire_mapping_owner,  fire_attachment,
                           fire_window, fire_kernel_mapping, fire_user_mapping};

}  // namespace

const Machine& machine(MachineId id) { return kMachines[static_cast<std::size_t>(id)]; }
std::span<const Machine> machines() { return kMachines; }

const Row* find_row(std::string_view id) {
  for (const Machine& m : kMachines)
    for (const Row& row : m.rows)
      if (row.id == id) return &row;
  return nullptr;
}

Fired fire(MachineId machine, Id state, Id event, const Facts& facts, Subject* subject) {
  return kFires[static_cast<std::size_t>(machine)](state, event, facts, subject);
}

}  // namespace custody::model
