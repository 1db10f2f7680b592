// SPDX-License-Identifier: BSD-2-Clause
// Traces to be damaged, in every format that is read.
#pragma once

#include <string>
#include <vector>

namespace custody::checker::test {

struct Sample {
  std::string name;
  std::string bytes;
  bool has_checksum = false;  ///< over all that it holds: whatever changes it is told
};

/// Samples that one reader reads; a format is one entry.
struct Format {
  std::string name;
  /// Events come as their lines are read, at most so many lines later; 0: the lines of events are not those of the
  /// bytes.
  std::uint64_t waits = 0;
  std::vector<Sample> samples;
};

/// What is in the repository or can be made here, and what is in the folder that the environment variable
/// CUSTODY_DAMAGE_SAMPLES names: files FORMAT/NAME, those of the format `checksum` are Sample::has_checksum.
[[nodiscard]] std::vector<Format> formats_to_damage();

}  // namespace custody::checker::test
