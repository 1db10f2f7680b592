// SPDX-License-Identifier: BSD-2-Clause
// The machines of a lifetime: their tables as data, and the Boost.MSM machines that run them.
#pragma once

#include <cstddef>
#include <optional>
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

/// The small machine of a call, and its state where its record exists and where not.
struct PartStates {
  MachineId machine;
  Id exists, is_gone;
};
/// Nothing for a call that the owner's machine alone answers. A begin opens a window of its own: its record is new.
[[nodiscard]] constexpr std::optional<PartStates> part_of(Id event) {
  constexpr Id kMapped = at(kStates, "MappedForCpu"), kUnmapped = at(kStates, "Unmapped");
  if (names_attachment(event))
    return PartStates{MachineId::kAttachment, at(kStates, "Attached"), at(kStates, "Detached")};
  switch (event) {
    case at(kEvents, "begin_cpu_access"):
    case at(kEvents, "end_cpu_access"):
      return PartStates{MachineId::kWindow, at(kStates, "Open"), at(kStates, "Closed")};
    case at(kEvents, "vmap"):
    case at(kEvents, "vunmap"): return PartStates{MachineId::kKernelMapping, kMapped, kUnmapped};
    case at(kEvents, "mmap"):
    case at(kEvents, "munmap"): return PartStates{MachineId::kUserMapping, kMapped, kUnmapped};
    default: return std::nullopt;
  }
}

/// Who owns in a state of the owner's machine, as the facts `owner` and `next_owner` say it.
[[nodiscard]] constexpr std::uint8_t owner_code(Id state) {
  return state == at(kStates, "CpuOwned") ? 1 : state == at(kStates, "DeviceOwned") ? 2 : 0;
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
