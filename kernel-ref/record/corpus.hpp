// SPDX-License-Identifier: GPL-2.0-only
// The recordings of the drivers that the project keeps.
#pragma once

#include <string>
#include <vector>

namespace custody::kernel_ref::record {

struct Recording {
  std::string path;  ///< below the root of the sources
  std::string text;
};

/// Every recording, made now: event logs of the pipeline and of random usage, with exact accesses, and the litmus files
/// of the cases. The same each time.
[[nodiscard]] std::vector<Recording> make_corpus();

}  // namespace custody::kernel_ref::record
