// SPDX-License-Identifier: BSD-2-Clause
// Parts of a buffer that the records of one operation name.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/event.hpp"

namespace custody::traces {

struct Extent {
  std::uint64_t offset = 0, bytes = 0;
  bool placed = true;  ///< false: so many bytes, and the record does not say where
};

/// Sets the bytes of `did` to those of the union, and its offset where they are one range. Ends beyond 2^64 - 1 are
/// cut.
void cover(Maintenance& did, std::vector<Extent> extents);

}  // namespace custody::traces
