// SPDX-License-Identifier: BSD-2-Clause
// The trace as a whole: buffers come and go, events are walked through the rooms, losses make history incomplete.
#include "checker/replay/engine.hpp"

#include "checker/replay/access.hpp"
#include "checker/replay/advance.hpp"
#include "checker/replay/advice.hpp"
#include "checker/replay/by_address.hpp"
#include "checker/replay/dma.hpp"
#include "checker/replay/hand_over.hpp"
#include "checker/replay/missing_records.hpp"
#include "checker/replay/task_exit.hpp"
#include "checker/replay/traced_syncs.hpp"

namespace custody::checker::replay {

using traces::Event;
using traces::EventKind;
using traces::kNoId;

void Engine::on_header(const traces::Header& header, const traces::Directory& directory) {
  rooms_.judge.name_by(directory);
  rooms_.terms = terms_of(header, rooms_.options, directory);
  if (!rooms_.devices) rooms_.devices.emplace(rooms_.options, directory);
  rooms_.devices->set_all_coherent(rooms_.terms.arch->all_coherent);
  ++rooms_.news.headers;
}

BufferState& Engine::buffer_of(const Event& e) {
  BufferState& b = rooms_.buffers.of(e.buffer);
  if (!rooms_.news.are_heard(b.heard)) hear_news(rooms_, b);
  const traces::BufferInfo& info = rooms_.judge.directory().buffers[e.buffer];
  if (b.exists && b.generation == info.generation) return b;
  if (b.exists) {
    finish_late_hand_over(rooms_, b);
    judge_leaks(rooms_, b, leaks_);
    close(b);
    give_verdict(rooms_, e.buffer, b, &rooms_.judge.directory());
  }
  meet(rooms_, e.buffer, info);
  return b;
}

void Engine::on_gap(const traces::Gap& gap, const traces::Directory& directory) {
  rooms_.judge.name_by(directory);
  note_gap(rooms_, gap);
}

void Engine::on_event(const Event& e, const traces::Directory& directory) {
  rooms_.judge.name_by(directory);
  rooms_.buffers.fetch(e.buffer);
  ++rooms_.summary.events;
  rooms_.summary.coverage.inventory.note(e);
  leaks_.note(e);
  if (e.kind == EventKind::kLost) {
    rooms_.unplaced.settle_all(rooms_.judge);
    return lose(rooms_, JudgedReason::kLostEvents);
  }
  if (e.kind == EventKind::kTaskExit) return exit_task(rooms_, e);
  if (e.buffer == kNoId || e.buffer >= directory.buffers.size()) return;
  // Whoever it is has to be known when an error ends the trace, and its directory with it.
  if (e.device != kNoId) static_cast<void>(rooms_.devices->of(e.device));
  BufferState& b = buffer_of(e);
  if (b.evidence.traced.by_address) {
    walk_by_address(rooms_, b, e);
    return b.history.remember(e);
  }
  if (rooms_.terms.header.traced_dma) watch_traced_syncs(rooms_, b, e);
  if (!rooms_.unplaced.empty() && is_core_call(e.kind)) rooms_.unplaced.settle(e.task, rooms_.judge);
  find_missing_records(rooms_, b, e);
  if (e.device != kNoId && b.doubts.note(e, b.mappings))
    rooms_.of_device.add(e.device, e.buffer,
                         [&](std::uint32_t id) { return rooms_.buffers[id].doubts.has_device(e.device); });
  if (waits_for_own_sync(b, e)) {
    tell_lines_apart(rooms_, b, e);
    advance_beside_late(rooms_, b);
  } else {
    finish_late_hand_over(rooms_, b);
    advance(rooms_, b, e);
  }
  walk(b, e);
  b.history.remember(e);
}

void Engine::walk(BufferState& b, const Event& e) {
  switch (e.kind) {
    case EventKind::kDmaMap:
    case EventKind::kDmaUnmap:
    case EventKind::kSyncForCpu:
    case EventKind::kSyncForDevice: return walk_dma_call(rooms_, b, e);
    case EventKind::kCacheOperation: return walk_cache_operation(rooms_, b, e);
    case EventKind::kFlushVmap:
    case EventKind::kInvalidateVmap: return walk_alias(rooms_, b, e);
    case EventKind::kBounceIn:
    case EventKind::kBounceOut: return walk_bounce(rooms_, b, e);
    case EventKind::kFd:
    case EventKind::kPut: return walk_reference(rooms_, b, e);
    default: break;
  }
  rooms_.accounts.pass(b.account, b.agents.now.contract);
  if (e.kind >= EventKind::kCpuRead && e.kind <= EventKind::kDeviceWrite) return walk_access(rooms_, b, e);
  if (e.kind == EventKind::kFence || e.kind == EventKind::kFenceSignaled) return walk_fence(rooms_, b, e);
  const bool released = walk_core_call(rooms_, b, e);
  if (e.kind == EventKind::kBeginCpuAccess) note_window(rooms_, b);
  if (!released) return;
  advise(rooms_, b);
  close(b);
  const auto waited = leaks_.await(e.buffer);
  if (!waited) return;
  BufferState& other = rooms_.buffers[*waited];
  hear_news(rooms_, other);
  judge_leaks(rooms_, other, leaks_);
}

void Engine::close(BufferState& b) {
  if (b.account.closed) return;
  const bool released = b.custody.release().done;
  // What lives on can still be lost, or looked at.
  const bool over = released && !b.evidence.memory_outlives;
  rooms_.accounts.close(b.account, b.belief, over, b.evidence.cache == CacheKind::kCached);
  if (released) --rooms_.summary.live_buffers;
}

void Engine::on_end(const traces::Directory& directory) {
  rooms_.judge.name_by(directory);
  rooms_.unplaced.settle_all(rooms_.judge);
  rooms_.held.settle_all(rooms_.judge);
  for (std::uint32_t id = 0; id < rooms_.buffers.size(); ++id) {
    BufferState& b = rooms_.buffers[id];
    hear_news(rooms_, b);
    if (!b.exists) continue;
    finish_late_hand_over(rooms_, b);
    if (!b.custody.release().done) advise(rooms_, b);
    judge_leaks(rooms_, b, leaks_);
  }
  give_verdicts(rooms_, &directory);
}

const Summary& Engine::finish() {
  for (std::uint32_t id = 0; id < rooms_.buffers.size(); ++id) {
    BufferState& b = rooms_.buffers[id];
    hear_losses(rooms_, b);
    if (b.exists) close(b);
  }
  give_verdicts(rooms_, nullptr);
  rooms_.summary.costs = rooms_.accounts.costs();
  return rooms_.summary;
}

}  // namespace custody::checker::replay
