// SPDX-License-Identifier: BSD-2-Clause
// The cheapest schedule of a buffer by trying all of them over hardware states. Shares nothing with the checker.
#pragma once

#include <optional>

#include "tests/property/hardware_sets.hpp"
#include "tests/property/optimum_program.hpp"

namespace custody::property {

/// What a schedule can do for a buffer.
struct Cheapest {
  std::optional<unsigned> passes;  ///< none: no schedule is free of hazards
  bool mixed = false;              ///< a pair of devices that no operation can keep apart was active together
};

/// The story is of a fresh buffer, without ranges, and its client keeps the rules; of others only `mixed` means
/// something. The syncs of the story are dropped. The copies of the bounced device stay where they are: they are no
/// operations of the cache but accesses of the CPU, which read and write the buffer through it. A clean and invalidate
/// costs `both`.
[[nodiscard]] Cheapest cheapest_schedule(const BufferStory& story, const std::vector<Kind>& devices, unsigned both,
                                         HardwareSets& sets);

}  // namespace custody::property
