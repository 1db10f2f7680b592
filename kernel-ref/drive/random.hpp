// SPDX-License-Identifier: GPL-2.0-only
// Random sequences, longer than what is explored.
#pragma once

#include "kernel-ref/drive/explore.hpp"

namespace custody::kernel_ref::drive {

/// Makes so many calls in sequences of 40, each from a new export to a release. The same for the same seed. Returns the
/// number of calls made.
std::uint64_t wander(Stage& stage, FindingBook& book, std::uint64_t calls, std::uint64_t seed,
                     const Progress& progress);

}  // namespace custody::kernel_ref::drive
