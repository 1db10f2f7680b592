// SPDX-License-Identifier: BSD-2-Clause
// Compares each sync with the one before it, of its buffer and of its task.
#include "checker/replay/repeated_pass.hpp"

#include <utility>

namespace custody::checker::replay {

using traces::EventKind;
using traces::kNoId;

bool PassesByTask::repeats(const traces::Event& e, bool mapped, Pass& last) {
  if (e.task == kNoId) return false;
  if (e.task >= buffers_.size()) buffers_.resize(e.task + std::size_t{1}, kNoId);
  const std::uint32_t before = std::exchange(buffers_[e.task], e.buffer);
  const bool syncs = e.kind == EventKind::kSyncForCpu || e.kind == EventKind::kSyncForDevice;
  const bool whole = e.range.length == 0 && e.dma.nents == 0;
  Pass pass;
  if (syncs && whole && mapped) pass = {e.kind, e.dir, e.task, e.device};
  const Pass previous = std::exchange(last, pass);
  return pass.kind != EventKind::kLost && before == e.buffer && previous.kind == pass.kind &&
         previous.dir == pass.dir && previous.task == pass.task && previous.device != pass.device;
}

}  // namespace custody::checker::replay
