// SPDX-License-Identifier: BSD-2-Clause
// What a session keeps of one task: the calls that it is in, and the DMA call that waits to be delivered.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "traces/event.hpp"

namespace custody::traces::formats::ftrace {

/// A core call between its entry and its return.
struct Frame {
  EventKind kind;
  std::uint32_t call, buffer, attachment;
  model::Direction dir;
  std::uint32_t generation = 0;  ///< of the buffer
  bool awaits_inner = false;     ///< the function that this one calls may tell the same (told_twice.hpp)
};

/// What of one task is not over.
struct Task {
  std::vector<Frame> stack;
  bool was_outside = false;  ///< the trace shows it outside any call: of what it called since, the entry is there
  bool has_dma = false;      ///< `dma` waits for the architecture operations that belong to it
  bool is_traced = false;    ///< a tracepoint of `dma` was there, so that its operations are known or counted
  std::uint32_t owed = 0;    ///< operations that may still follow the tracepoint of an unmap
  std::uint64_t unmapped_by_outer = 0;  ///< the buffer of the last vunmap whose inner function may tell the same
  Event dma;
  std::vector<Event> held;  ///< operations of a DMA call whose tracepoint may follow
  std::vector<std::pair<std::uint64_t, std::uint64_t>> held_ranges;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;  ///< of dma: address, bytes
  std::vector<Event> orphans;                                   ///< maps before the attach in which the core made them
  std::vector<std::uint64_t> orphan_sgls;
};

}  // namespace custody::traces::formats::ftrace
