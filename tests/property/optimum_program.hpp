// SPDX-License-Identifier: BSD-2-Clause
// Random programs for the optimum: one or two buffers, devices of all kinds, some clients that break the rules.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/property/program.hpp"

namespace custody::property {

enum class Deed : std::uint8_t { kOther, kMap, kUnmap, kBegin, kEnd, kExit };

/// The copy of a bounced device, between its slot and the buffer.
enum class Copy : std::uint8_t { kNone, kFirstIn, kIn, kOut, kLastOut, kDrop };

/// One call. The program makes at most one copy in each.
struct Deal {
  Deed deed = Deed::kOther;
  unsigned device = 0;
  Way way = Way::kBidi;
  Copy copy = Copy::kNone;
  std::string text;  ///< its lines
};

/// What is done to one buffer.
struct BufferStory {
  std::string name;
  std::vector<Deal> deals;
  bool older = false;   ///< than the trace
  bool broken = false;  ///< a client broke the rules
  bool ranged = false;  ///< a window was of a part
};

/// Devices map and unmap, one task for each buffer opens and closes windows. At most one device is bounced, and its
/// driver makes every copy that its slot needs: a copy that is missing no cache operation can mend. The syncs of the
/// others come as they like; the optimum is not to depend on them.
struct OptimumProgram {
  std::vector<Kind> devices;
  std::vector<BufferStory> buffers;
  std::string text;  ///< the litmus file; the calls of the buffers are interleaved

  /// The same for the same seed. Each buffer has at most `most` calls between its attachments and its release.
  [[nodiscard]] static OptimumProgram random(std::uint64_t seed, unsigned most);
};

}  // namespace custody::property
