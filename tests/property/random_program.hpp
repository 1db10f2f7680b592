// SPDX-License-Identifier: BSD-2-Clause
// Random programs: several tasks and devices of all kinds, a driver that forgets, calls that fail, things left open.
#pragma once

#include <cstdint>

#include "tests/property/program.hpp"

namespace custody::property {

/// What may be in a program.
struct ProgramShape {
  unsigned steps = 10;   ///< of clients and importers, at most
  bool faults = true;    ///< calls out of order, and things that are left open
  bool careless = true;  ///< a driver that leaves syncs out and makes others, in some programs
  bool overlaps = true;  ///< calls of several tasks at once, in some programs
  bool unknown = true;   ///< buffers whose history is not known, in some programs
};

/// The same program for the same seed, whatever ran before.
[[nodiscard]] Program random_program(std::uint64_t seed, const ProgramShape& shape = {});
/// The same of a program that has all accesses, with ranges.
[[nodiscard]] Program random_exact_program(std::uint64_t seed);

}  // namespace custody::property
