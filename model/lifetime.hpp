// SPDX-License-Identifier: BSD-2-Clause
// The machines of a lifetime: their tables as data, and the Boost.MSM machines that run them.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "model/direction.hpp"
#include "model/row.hpp"

namespace custody::model {

enum class MachineId : std::uint8_t { kOwner, kMappingOwner, kAttachment, kWindow, kKernelMapping, kUserMapping };
inline constexpr std::size_t kMachineCount = 6;

/// What is said of a machine, and its table.
struct Machine {
  MachineId id;
  std::string_view name, says;
  StateSet states;
  std::span<const Row> rows;  ///< transitions, then refusals
  EventSet events;            ///< those that it answers; to others it is deaf
};
[[nodiscard]] const Machine& machine(MachineId id);
[[nodiscard]] std::span<const Machine> machines();

/// The owner's machine under these policies.
[[nodiscard]] constexpr MachineId owner_machine(const Policies& policies) {
  return policies.is("cpu_owns", "mapping") ? MachineId::kMappingOwner : MachineId::kOwner;
}

/// The row of any machine with that id; null where there is none.
[[nodiscard]] const Row* find_row(std::string_view id);

/// What a row's actions work on; Custody gives it.
class Subject;

/// What a machine answered.
struct Fired {
  const Row* row = nullptr;  ///< null: the machine is deaf to the event
  Id to = 0;                 ///< the machine's own state afterwards, as it was read back
};

/// Loads `state` into the Boost.MSM machine, fires `event` and reads the state back. The machine runs guards on `facts`
/// and actions on `subject`, which may be null: then only the answer is of interest. Calls on several threads are
/// independent.
[[nodiscard]] Fired fire(MachineId machine, Id state, Id event, const Facts& facts, Subject* subject);

}  // namespace custody::model
