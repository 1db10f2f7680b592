// SPDX-License-Identifier: BSD-2-Clause
// Groups of atoms that make sense to leave out together.
#pragma once

#include <vector>

#include "checker/minimize/excerpt.hpp"

namespace custody::checker::minimize {

/// Atoms that go together, in the order of the trace.
using Chunk = std::vector<Atom>;

/// From coarse to fine.
enum class Grain : std::uint8_t {
  kLifetimes,  ///< all calls of one attachment, and what other calls do for it; the pairs of other calls
  kPairs,      ///< attach and detach, map and unmap, begin and end, ...
  kUnits,      ///< a call with what is nested in it and its return
  kParts,      ///< what is nested in a call, and the cache lines under one DMA call
};

/// The chunks of what is left, by first event. Nothing nested in the call that event `whole` enters is a chunk of its
/// own (Layout::kNone: no such call).
[[nodiscard]] std::vector<Chunk> chunks(const Excerpt& excerpt, const Kept& kept, Grain grain, std::size_t whole);

}  // namespace custody::checker::minimize
