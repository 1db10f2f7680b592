// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/tracepoints.hpp"

#include <algorithm>

#include "traces/formats/ftrace/session.hpp"
#include "traces/formats/ftrace/tracepoint_text.hpp"

namespace custody::traces::formats::ftrace {

namespace {

struct DmaKind {
  EventKind event = EventKind::kLost;
  bool single = false;
};

DmaKind dma_kind(TracepointKind kind) {
  switch (kind) {
    case TracepointKind::kMap: return {EventKind::kDmaMap, true};
    case TracepointKind::kMapSg:
    case TracepointKind::kMapSgError: return {EventKind::kDmaMap, false};
    case TracepointKind::kUnmap: return {EventKind::kDmaUnmap, true};
    case TracepointKind::kUnmapSg: return {EventKind::kDmaUnmap, false};
    case TracepointKind::kSyncForCpu: return {EventKind::kSyncForCpu, true};
    case TracepointKind::kSyncSgForCpu: return {EventKind::kSyncForCpu, false};
    case TracepointKind::kSyncForDevice: return {EventKind::kSyncForDevice, true};
    case TracepointKind::kSyncSgForDevice: return {EventKind::kSyncForDevice, false};
    default: return {};
  }
}

/// A record that does not fit into a page of the ring buffer is not made at all. An entry of a table takes 12 bytes in
/// a sync.
constexpr std::uint64_t kMostEntriesSynced = 300;

bool hides_calls(const Event& e, const Tracepoint& t) {
  return e.kind == EventKind::kDmaMap && std::max<std::uint64_t>(t.phys_addrs.size(), t.nents.all) > kMostEntriesSynced;
}

/// The operations of the architecture that follow the tracepoint, at most: one for each entry.
std::uint32_t operations_owed(const Event& e, const Tracepoint& t) {
  if (e.kind != EventKind::kDmaUnmap || e.skips_sync()) return 0;
  return static_cast<std::uint32_t>(t.phys_addrs.size() + t.dma_addrs.size());
}

/// Operations of one DMA call, at most: one for each entry of its table.
constexpr std::size_t kMostHeld = std::size_t{1} << 16U;

/// A page of a buffer that calls name is mapped by itself: its exporter's tables are not the DMA API's.
bool is_page_of(const Event& e, const Tracepoint& t, const Directory& directory) {
  if (e.buffer == kNoId || directory.buffers[e.buffer].by_address || t.sizes.empty()) return false;
  const bool maps = t.kind == TracepointKind::kMap || t.kind == TracepointKind::kUnmap;
  return maps && t.sizes.front() != directory.buffers[e.buffer].size;
}

}  // namespace

bool Tracepoints::read(const Head& head, std::uint64_t line) {
  const TracepointName name = recognise_tracepoint(head.group, head.event, head.rest);
  if (!name.found) return false;
  const std::string_view unreadable = parse_odd_tracepoint(name.kind, head.rest, odd_text_, record_);
  if (unreadable.empty()) {
    if (!record_.unknown_attribute.empty()) session_.records_.note_attribute(head, record_.unknown_attribute, line);
    take(head, record_, line);
    return true;
  }
  ++session_.statistics_.known_events;
  ++session_.statistics_.passed_over.unread;
  ++session_.statistics_.malformed;
  session_.warn(line,
                "event '" + std::string(head.event) + "' without a readable field '" + std::string(unreadable) + "'");
  session_.unread();
  return true;
}

void Tracepoints::take(const Head& head, const Tracepoint& t, std::uint64_t line) {
  ++session_.statistics_.known_events;
  if (session_.repeats_.take(head, t)) {
    ++session_.statistics_.malformed;
    session_.warn(line, std::string(Repeats::kSays));
    return session_.unread();
  }
  const RecordSource source = group_of(t.kind);
  ++session_.statistics_.tracepoints[static_cast<std::size_t>(source)];
  switch (source) {
    case RecordSource::kDmaTracepoints: return take_dma(head, t, line);
    case RecordSource::kBufferTracepoints: return take_buffer(head, t, line);
    // A fence names its driver and its timeline: neither a device nor a buffer.
    case RecordSource::kFenceTracepoints: return;
    case RecordSource::kIommuTracepoints: break;
  }
  const std::uint32_t task = session_.ids_.task(head.pid, head.cpu, head.comm);
  if (t.kind != TracepointKind::kIommuMap) return;
  if (iommu_.task != task || iommu_.end != t.iova_begin) iommu_ = {task, t.iova_begin, t.iova_end};
  else iommu_.end = t.iova_end;
}

bool Tracepoints::correlate(Event& e, const Tracepoint& t, bool may_create) {
  if (e.kind == EventKind::kDmaUnmap) return correlation_.unmap(e, t);
  if (e.kind != EventKind::kDmaMap) return correlation_.sync(e, t);
  const std::uint64_t at = t.dma_addrs.empty() ? 0 : t.dma_addrs.front();
  const bool translated = iommu_.task == e.task && at >= iommu_.begin && at < iommu_.end;
  iommu_.task = kNoId;
  correlation_.map(e, t, translated, may_create);
  return false;
}

void Tracepoints::nest(Event& e, const Task& task, bool in_interrupt) {
  if (task.stack.empty() || in_interrupt) return;
  const auto& frame = task.stack.back();
  e.in = frame.call;
  e.buffer = frame.buffer;
  e.by = AttributedBy::kNesting;
  if (frame.attachment == kNoId) return;
  std::uint32_t& known = directory_.attachments[frame.attachment].device;
  if (known == kNoId && frame.kind == EventKind::kMap) known = e.device;
  if (known == e.device) e.attachment = frame.attachment;
}

bool Tracepoints::completes(Task& task, const Event& e, const Tracepoint& t) {
  Event& probed = task.dma;
  if (!task.has_dma || task.is_traced || probed.kind != e.kind || probed.device != e.device || probed.dir != e.dir ||
      dma_kind(t.kind).single)
    return false;
  task.is_traced = true;
  task.owed = operations_owed(e, t);
  const bool unknown = probed.buffer == kNoId;
  const bool orphan = unknown && task.orphan_sgls.size() > task.orphans.size();
  probed.dma.attrs |= e.dma.attrs;
  probed.ret = e.ret;
  static_cast<void>(correlate(probed, t, false));
  session_.waiting_.find_buffer(probed.task, probed.buffer);
  if (unknown && probed.buffer == kNoId) return true;
  if (orphan) task.orphan_sgls.pop_back();
  else if (unknown) --session_.statistics_.unattributed;
  if (e.kind != EventKind::kDmaUnmap) session_.flush_dma(task);
  return true;
}

void Tracepoints::take_operations(Task& task, Event& e, const Tracepoint& t) {
  // One for each entry. What was before is of a call whose record is missing, or the exporter's own.
  const auto entries =
      static_cast<std::size_t>(std::max<std::uint64_t>({t.phys_addrs.size(), t.dma_addrs.size(), t.nents.all}));
  deliver_held(task, entries);
  task.ranges.clear();
  Maintenance& m = e.maintenance;
  for (std::size_t i = 0; i < task.held.size(); ++i) {
    const Maintenance& part = task.held[i].maintenance;
    m.helper_ran = m.by_name = true;
    if (part.kind == model::Operation::kNone) continue;
    add_operation(m, part.kind, task.held[i].at.line);
    task.ranges.push_back(task.held_ranges[i]);
  }
  task.held.clear();
  task.held_ranges.clear();
}

void Tracepoints::begin(Task& task, Event e, const Tracepoint& t, bool in_interrupt) {
  const bool unmaps = e.kind == EventKind::kDmaUnmap, maps = e.kind == EventKind::kDmaMap;
  if (unmaps) deliver_held(task);
  session_.settle(task, maps);
  nest(e, task, in_interrupt);
  const std::uint32_t around = e.buffer;
  if (correlate(e, t, !core_) && around != kNoId && !dma_kind(t.kind).single)
    session_.miss(e, around, "the map of what a '" + std::string(name(e.kind)) + "' names seems to be missing");
  task.ranges.clear();
  if (!unmaps) take_operations(task, e, t);
  if (is_page_of(e, t, directory_)) {
    ++session_.statistics_.unattributed;
    return;
  }
  const bool orphan = maps && core_ && e.buffer == kNoId && !in_interrupt && e.ok() &&
                      e.dir == model::Direction::kBidirectional && e.dma.mapping != kNoId;
  if (orphan) task.orphan_sgls.push_back(kNoTable);
  else if (e.buffer == kNoId) ++session_.statistics_.unattributed;
  if (e.buffer != kNoId && hides_calls(e, t)) directory_.buffers[e.buffer].hides_syncs = true;
  task.dma = e;
  task.has_dma = task.is_traced = true;
  task.owed = operations_owed(e, t);
  session_.waiting_.add(e.task, e.buffer);
  if (e.buffer != kNoId) session_.flush_others(e);
  if (!unmaps && !orphan) session_.flush_dma(task);
}

void Tracepoints::take_dma(const Head& head, const Tracepoint& t, std::uint64_t line) {
  const DmaKind kind = dma_kind(t.kind);
  if (kind.event == EventKind::kLost) return;
  if (!session_.header_.observes_dma_api || !session_.header_.traced_dma) {
    session_.header_.traced_dma = true;
    session_.observe(true, session_.header_.observes_cache_ops);
  }
  Event e = event_of(head, line, kind.event, session_.ids_.task(head.pid, head.cpu, head.comm));
  auto& task = session_.task_of(e.task);
  if (t.dir == model::Direction::kNone) {
    ++session_.statistics_.unattributed;
    return;
  }
  e.dir = t.dir;
  e.device = session_.ids_.device(t.device);
  e.dma.attrs = t.attrs;
  if (t.kind == TracepointKind::kMapSgError) e.ret = t.err < 0 ? t.err : -5;
  if (!completes(task, e, t)) begin(task, e, t, head.in_interrupt);
  traced_ = true;
}

void Tracepoints::take_buffer(const Head& head, const Tracepoint& t, std::uint64_t line) {
  // Probes of the core tell the same calls, with their pointers.
  if (core_) return;
  Event e = event_of(head, line, EventKind::kLost, session_.ids_.task(head.pid, head.cpu, head.comm));
  auto& task = session_.task_of(e.task);
  deliver_held(task);
  session_.settle(task, false);
  if (!correlation_.inodes().tell(e, t)) return;
  session_.deliver(e);
}

bool Tracepoints::holds(const Event& operation, const Fields& f, Task& task) {
  // Until the first tracepoint it is as likely that none follows.
  if (!traced_ && (probed_ || task.stack.empty())) return false;
  if (task.held.size() >= kMostHeld) deliver_held(task);
  Event single = operation;
  single.maintenance.known = single.maintenance.helper_ran = single.maintenance.by_name = true;
  single.maintenance.bytes = f.value[Fields::kSize];
  nest(single, task, false);
  task.held.push_back(single);
  task.held_ranges.emplace_back(f.value[Fields::kPaddr], f.value[Fields::kSize]);
  return true;
}

void Tracepoints::deliver_held(Task& task, std::size_t but) {
  const std::size_t count = task.held.size() - std::min(but, task.held.size());
  for (std::size_t i = 0; i < count; ++i) {
    const Event& e = task.held[i];
    if (e.buffer == kNoId) ++session_.statistics_.unattributed;
    else if (e.maintenance.kind != model::Operation::kNone) session_.deliver(e);
  }
  task.held.erase(task.held.begin(), task.held.begin() + static_cast<std::ptrdiff_t>(count));
  task.held_ranges.erase(task.held_ranges.begin(), task.held_ranges.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace custody::traces::formats::ftrace
