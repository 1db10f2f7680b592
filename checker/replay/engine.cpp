// SPDX-License-Identifier: BSD-2-Clause
// The trace as a whole: buffers come, events are dispatched, losses make history incomplete, sums are closed.
#include <algorithm>

#include "checker/replay/engine.hpp"

namespace custody::checker {

using model::at;
using model::kFields;
using model::kStates;
using spec::RuleId;
using traces::EventKind;
using traces::kNoId;
using traces::Phase;

void Engine::on_header(const traces::Header& header, const traces::Directory& directory) {
  directory_ = &directory;
  header_ = header;
  const std::string& arch = options_.arch.empty() ? header.arch : options_.arch;
  if (const model::ArchProfile* profile = model::find_arch(arch)) arch_ = profile;
  if (!devices_) devices_.emplace(options_, directory);
  devices_->set_all_coherent(arch_->all_coherent);
  const std::uint32_t said = options_.cpu_line != 0 ? options_.cpu_line : header.cpu_line;
  cache_lines_ = {said != 0 ? said : arch_->line_bytes, arch_->cleans_edges};
  largest_line_ = cache_lines_.bytes;
  for (const traces::DeviceInfo& device : directory.devices) largest_line_ = std::max(largest_line_, device.line);
  for (const DeviceOverride& device : options_.devices)
    largest_line_ = std::max(largest_line_, device.line.value_or(0));
  fresh_ = model::fresh_world();
  for (const auto& policy : header.policies) set_policy(fresh_, policy.name, policy.value);
  for (const auto& [name, value] : options_.policies) set_policy(fresh_, name, value);
}

void Engine::apply_profile(BufferState& b, const traces::BufferInfo& info) {
  // A litmus file that names no exporter means kernel heap memory.
  const bool heap = info.exporter.empty() && info.export_seen && !header_.title.empty();
  const spec::ExporterProfile& profile = options_.exporters.find(heap ? "system" : info.exporter);
  spec::MemoryKind memory = profile.memory;
  if (info.memory == traces::MemoryKind::kCached) memory = spec::MemoryKind::kCached;
  if (info.memory == traces::MemoryKind::kWriteCombined) memory = spec::MemoryKind::kWriteCombined;
  if (info.memory == traces::MemoryKind::kCoherent) memory = spec::MemoryKind::kCoherent;
  const bool unknown = memory == spec::MemoryKind::kUnknown;
  b.cache = unknown || memory == spec::MemoryKind::kCached ? CacheKind::kCached : CacheKind::kUncached;
  b.assumed_cached = unknown;
  b.own_device = profile.own_device;
  b.history_known = profile.export_is_allocation && info.export_seen;
  b.silent = !header_.observes_dma_api || profile.sync_via == spec::SyncVia::kClflush ||
             profile.sync_via == spec::SyncVia::kDmaPage ||
             (profile.sync_via == spec::SyncVia::kArch && !header_.observes_cache_ops);
  if (b.silent) ++summary_.silent_buffers;
  model::Belief start = model::start::kClean;
  if (b.history_known && profile.zeroed_by == spec::ZeroedBy::kCpu) start = model::start::kDirty;
  b.contract = model::hardware_closure(start);
  b.worst = b.history_known ? b.contract : model::start::kAnything;
  b.schedule = schedules_.begin(b.contract);
  b.subset = subsets_.begin(b.contract);
}

void Engine::meet(BufferState& b, const Event& e) {
  if (b.exists) {
    judge_leaks(b);
    close_sums(b);
  }
  const traces::BufferInfo& info = directory_->buffers[e.buffer];
  b.generation = info.generation;
  b.exists = true;
  b.complete = info.export_seen;
  b.released = b.client_broke_rules = b.warned_first_invalidate = b.cpu_was_mapped = b.stale_for_sure = false;
  b.release_returned = b.sums_closed = b.forked = b.ineffective_sync = false;
  b.looked_away = false;
  b.lines.reset();
  b.passes = b.kept_passes = 0;
  b.stale_assumes = 0;
  b.last_unmapped_device = kNoId;
  b.events = b.significant_events = 0;
  b.size = info.size;
  b.world = fresh_;
  b.attachments.clear();
  b.mappings.clear();
  b.windows.clear();
  b.calls.clear();
  b.agents_stale = true;
  apply_profile(b, info);
  if (!b.complete) {
    b.world.state = at(kStates, "NonOwnedBacked");
    b.world.v[at(kFields, "exported")] = 1;
    b.world.v[at(kFields, "bracketed")] = 1;
  }
  ++summary_.buffers;
  ++summary_.live_buffers;
}

BufferState& Engine::buffer_of(const Event& e) {
  if (e.buffer >= buffers_.size()) buffers_.resize(e.buffer + std::size_t{1});
  BufferState& b = buffers_[e.buffer];
  if (!b.exists || b.generation != directory_->buffers[e.buffer].generation) meet(b, e);
  return b;
}

void Engine::remember(BufferState& b, const Event& e) {
  b.history[b.events % BufferState::kHistory] = e;
  ++b.events;
  const bool frame = e.phase == Phase::kReturn ||
                     (e.phase == Phase::kEnter && (e.kind == EventKind::kMap || e.kind == EventKind::kUnmap));
  if (!frame) ++b.significant_events;
}

void Engine::on_event(const Event& e, const traces::Directory& directory) {
  directory_ = &directory;
  ++summary_.events;
  if (e.task != kNoId) {
    if (e.task >= last_line_of_task_.size()) last_line_of_task_.resize(e.task + std::size_t{1});
    last_line_of_task_[e.task] = e.line;
  }
  if (e.kind == EventKind::kLost) return lose(e.length);
  if (e.kind == EventKind::kTaskExit) return abandon_windows(e.task);
  if (e.buffer == kNoId || e.buffer >= directory.buffers.size()) return;
  BufferState& b = buffer_of(e);
  tell_lines_apart(b, e);
  advance(b);
  switch (e.kind) {
    case EventKind::kDmaMap:
    case EventKind::kDmaUnmap:
    case EventKind::kSyncForCpu:
    case EventKind::kSyncForDevice: on_dma_call(b, e); break;
    case EventKind::kCacheOperation: on_cache_operation(b, e); break;
    case EventKind::kCpuRead:
    case EventKind::kCpuWrite:
    case EventKind::kDeviceRead:
    case EventKind::kDeviceWrite:
      schedules_.pass(b.schedule, b.contract_agents);
      on_access(b, e);
      break;
    case EventKind::kFence:
    case EventKind::kFenceSignaled:
      schedules_.pass(b.schedule, b.contract_agents);
      on_fence(b, e);
      break;
    case EventKind::kFlushVmap:
    case EventKind::kInvalidateVmap: on_alias(b, e); break;
    case EventKind::kBounceIn:
    case EventKind::kBounceOut: on_bounce(b, e); break;
    case EventKind::kFd:
    case EventKind::kPut: on_reference(b, e); break;
    default:
      schedules_.pass(b.schedule, b.contract_agents);
      on_core_call(b, e);
      break;
  }
  remember(b, e);
}

void Engine::lose(std::uint64_t count) {
  static_cast<void>(count);
  devices_->distrust_silence();
  for (BufferState& b : buffers_) {
    if (!b.exists || b.released) continue;
    inconclusive_ = true;
    b.complete = false;
    close_hindsight(b, model::hardware_closure(model::start::kClean));
    b.contract = model::hardware_closure(model::start::kClean);
    b.lines.reset();
    b.worst = model::start::kAnything;
    b.schedule.infeasible = true;
    b.windows.clear();
    b.calls.clear();
    b.agents_stale = true;
    b.world = fresh_;
    b.world.state = at(kStates, "NonOwnedBacked");
    b.world.v[at(kFields, "exported")] = 1;
    b.world.v[at(kFields, "bracketed")] = 1;
    b.world.v[at(kFields, "attached")] = static_cast<std::uint16_t>(b.attachments.size());
    for (AttachmentState& a : b.attachments) {
      a.complete = false;
      a.maps = {};
      a.lifetime = model::Attachment{at(kStates, "Attached"), {}};
    }
    for (MappingState& m : b.mappings) m.complete = false;
  }
}

void Engine::abandon_windows(std::uint32_t task) {
  for (BufferState& b : buffers_)
    for (Window& w : b.windows)
      if (w.task == task) w.abandoned = b.agents_stale = true;
}

void Engine::close_sums(BufferState& b) {
  if (b.sums_closed) return;
  b.sums_closed = true;
  MaintenanceTotals& totals = summary_.maintenance;
  settle_fates(b, b.released ? Fate::kUnobserved : Fate::kUndetermined);
  if (!b.released) subsets_.restart(b.subset, b.contract, b.contract);
  totals.subset_operations += b.subset.unknown ? b.passes : b.subset.passes + b.kept_passes;
  if (b.schedule.infeasible) ++totals.unschedulable_buffers;
  if (b.released) --summary_.live_buffers;
  if (b.cache == CacheKind::kUncached || b.schedule.infeasible) return;
  totals.optimum_operations += b.schedule.operations;
  totals.optimum_bytes += b.schedule.operations * b.size;
}

void Engine::judge_leaks(BufferState& b) {
  if (!b.released || !b.complete) return;
  // The exporter unmaps inside release: only where the releasing task went on is the unmap really missing.
  const bool went_on =
      b.release_returned || (b.release_task != kNoId && last_line_of_task_[b.release_task] > b.release_line);
  if (!went_on) return;
  for (const MappingState& m : b.mappings) {
    if (!m.complete) continue;
    Suspicion s;
    s.rules.add(RuleId::kL5);
    s.line = b.release_line;
    s.device = m.device;
    Event e;
    e.kind = EventKind::kRelease;
    e.buffer = static_cast<std::uint32_t>(&b - buffers_.data());
    e.line = b.release_line;
    e.task = b.release_task;
    report(b, e, nullptr, s);
  }
  b.mappings.clear();
}

void Engine::await_leaks(const BufferState& b) {
  std::uint32_t& place = released_[releases_++ % released_.size()];
  if (releases_ > released_.size()) judge_leaks(buffers_[place]);
  place = static_cast<std::uint32_t>(&b - buffers_.data());
}

void Engine::on_end(const traces::Directory& directory) {
  directory_ = &directory;
  settle_held(kNoId, false);
  for (BufferState& b : buffers_)
    if (b.exists) judge_leaks(b);
}

const Summary& Engine::finish() {
  for (BufferState& b : buffers_)
    if (b.exists) close_sums(b);
  summary_.costs = ledger_.entries();
  return summary_;
}

}  // namespace custody::checker
