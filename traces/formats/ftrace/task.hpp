// SPDX-License-Identifier: BSD-2-Clause
// What a session keeps of one task: the calls that it is in, and the DMA call that waits to be delivered.
#pragma once

#include <bitset>
#include <cstdint>
#include <utility>
#include <vector>

#include "traces/directory.hpp"
#include "traces/event.hpp"
#include "traces/formats/ftrace/attachment_ids.hpp"

namespace custody::traces::formats::ftrace {

/// A core call between its entry and its return.
struct Frame {
  EventKind kind;
  std::uint32_t call, buffer, attachment;
  model::Direction dir;
  std::uint32_t generation = 0;  ///< of the buffer
  bool awaits_inner = false;     ///< the function that this one calls may tell the same (told_twice.hpp)
  bool by_ioctl = false;         ///< told by the ioctl that made the call (sync_ioctl.hpp)
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

/// Forgets the maps that no attach has followed; returns how many there were.
std::size_t drop_orphans(Task& task);

/// Takes the innermost call off, which lets go of its attachment.
Frame pop(Task& task, AttachmentIds& attachments);

/// How deep a task can be in calls: in none whose buffer is gone, so that another one has its id now.
[[nodiscard]] inline std::size_t depth_below_gone(const std::vector<Frame>& stack, const Directory& directory) {
  std::size_t depth = 0;
  for (const Frame& frame : stack) {
    if (frame.buffer != kNoId && directory.buffers[frame.buffer].generation != frame.generation) break;
    ++depth;
  }
  return depth;
}

/// How deep a task can be in calls where it detaches from `buffer`: in none on that buffer. Where returns like that of
/// the call are never seen, it may have no probe.
[[nodiscard]] std::size_t depth_at_detach(const Task& task, std::uint32_t buffer,
                                          const std::bitset<kEventKinds>& returns_seen);

}  // namespace custody::traces::formats::ftrace
