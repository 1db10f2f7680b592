// SPDX-License-Identifier: BSD-2-Clause
// What a recording says of itself in its trace, in comments that readers of ftrace text pass over or read.
#pragma once

#include <string>
#include <vector>

#include "traces/recording/machine.hpp"
#include "traces/recording/recording.hpp"

namespace custody::traces::recording {

/// What is known of the machine before the first record.
struct Origin {
  Kernel kernel;
  ArchitectureGuess architecture;
  std::vector<DeviceCoherence> devices;
  std::string types;  ///< the file that the offsets are of; empty: no probes
};
[[nodiscard]] Origin origin_here(const std::string& types);

/// The first lines of the trace: kernel, architecture profile with its evidence, devices, probes with their offsets,
/// tracepoints, what was refused and what is therefore not seen.
[[nodiscard]] std::string head_of(const Origin& origin, const Setup& setup);

/// The last lines: what was missed or lost.
[[nodiscard]] std::string foot_of(const Losses& losses);

/// One line each: which events nobody will see.
[[nodiscard]] std::vector<std::string> blind_spots(const Setup& setup);

}  // namespace custody::traces::recording
