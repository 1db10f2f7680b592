// SPDX-License-Identifier: BSD-2-Clause
// The ground truth of a program, by brute force over hardware states and accesses: sections 2 to 4 of the semantics,
// written a second time. It shares nothing with the checker, neither tables nor machines.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "tests/property/hardware_sets.hpp"
#include "tests/property/program.hpp"

namespace custody::property {

/// What can go wrong on a line.
enum class Harm : std::uint8_t {
  kCpuReadsOld,
  kDeviceReadsOld,
  kWrittenOver,  ///< a dirty line can be written back over what a device writes
  kCopiesOld,    ///< a bounce copy takes old data from the buffer, or puts old data into it
  kCopyLost,     ///< the newest data goes with a slot
  kLostWrite,    ///< an invalidate drops what was written
  kLostZeroes,   ///< the same of the zeroes of fresh memory, by the operation of an architecture that invalidates first
};
struct Hazard {
  std::size_t line = 0;
  Harm harm = Harm::kCpuReadsOld;
  unsigned device = 0;  ///< of a device's access
  bool operator==(const Hazard&) const = default;
};

/// How a program is read.
struct Reading {
  bool worst = false;                 ///< whatever may happen; else everybody keeps the rules
  bool mends = false;                 ///< runs in which a hazard came true do not go on: one fault, one hazard
  std::optional<std::size_t> gone{};  ///< the cache operation of this line is not made
};

struct Outcome {
  std::vector<Hazard> hazards;               ///< in their order; none in the worst case
  std::vector<std::size_t> unmapped, twice;  ///< lines of syncs of no mapping (L1), of tables mapped again (L9)
  std::vector<std::size_t> other_way;        ///< lines of unmaps of which no mapping has the direction
  std::vector<std::size_t> moved_away;       ///< lines of accesses to storage that has moved (L13)
  std::vector<bool> operates;                ///< by line: a cache operation reached the buffer
  std::vector<bool> no_effect;               ///< by line: and after it everything is possible that was before
  std::optional<std::size_t> mixed;          ///< where a pair of devices that no sync can keep apart was first active
  std::optional<std::size_t> apart;  ///< where a slot first held what another one, or the buffer beside it, cannot get
  bool means_nothing = false;        ///< it depends on what semantics do not say, or on what was before the program
};

[[nodiscard]] constexpr bool hands_to_device(Verb verb) {
  return verb == Verb::kDmaMap || verb == Verb::kSyncForDevice;
}
/// What the architecture does for a device that does not snoop.
[[nodiscard]] std::optional<Move> operation_of(Arch arch, Verb verb, Way way);

[[nodiscard]] Outcome follow(const Program& program, const Reading& reading, HardwareSets& sets);

}  // namespace custody::property
