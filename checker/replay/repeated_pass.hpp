// SPDX-License-Identifier: BSD-2-Clause
// Syncs of the same memory right after each other, one for each device, where no call of the core is seen around them.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/event.hpp"

namespace custody::checker::replay {

/// A sync of all of a mapping; of a DMA call that is none `kind` is kLost.
struct Pass {
  traces::EventKind kind = traces::EventKind::kLost;
  model::Direction dir = model::Direction::kNone;
  std::uint32_t task = traces::kNoId;
  std::uint32_t device = traces::kNoId;
};

/// What of a buffer is known by the kernel's tracepoints only.
struct ByTracepoints {
  bool by_address = false;   ///< no call of the core names it: DMA calls do by addresses, or its inode
  bool was_mapped = false;   ///< of such a buffer
  bool hides_syncs = false;  ///< a device that has it may be coherent, and its syncs make no record then
  bool hushed = false;       ///< a missing sync was not told for that reason
  Pass pass;                 ///< the latest DMA call of a buffer that is known by address
};

/// What each task synced last.
class PassesByTask {
 public:
  /// The call does to the whole buffer what its task's call before did for another device: R5, if both are of one
  /// hand-over. `last` is the buffer's call before, and becomes this one; `mapped`: the memory that it names is mapped.
  [[nodiscard]] bool repeats(const traces::Event& e, bool mapped, Pass& last);

 private:
  std::vector<std::uint32_t> buffers_;  ///< by task
};

}  // namespace custody::checker::replay
