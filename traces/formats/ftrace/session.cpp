// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/session.hpp"

#include <algorithm>

#include "traces/formats/ftrace/probes.hpp"
#include "traces/formats/ftrace/sync_ioctl.hpp"

namespace custody::traces::formats::ftrace {

namespace {

constexpr std::size_t kDeepest = 16;

/// Bytes of the union of address ranges.
std::uint64_t bytes_of(std::vector<std::pair<std::uint64_t, std::uint64_t>>& ranges) {
  if (ranges.size() == 1) return ranges[0].second;
  std::sort(ranges.begin(), ranges.end());
  std::uint64_t total = 0, reached = 0;
  for (const auto& [begin, size] : ranges) {
    const std::uint64_t end = begin + size < begin ? ~std::uint64_t{0} : begin + size;
    if (end <= reached) continue;
    total += end - std::max(begin, reached);
    reached = end;
  }
  return total;
}

constexpr bool is_return(int probe) {
  return probe == kMapRet || probe == kUnmapRet || probe == kBeginRet || probe == kEndRet || probe == kVmapRet;
}

}  // namespace

void Session::observe(bool dma_api, bool cache_ops, const RecorderNotes* notes) {
  if (notes != nullptr) {
    header_.arch = notes->arch;
    ids_.told(*notes);
  }
  header_.source = "ftrace";
  header_.observes_dma_api = dma_api;
  header_.observes_cache_ops = cache_ops;
  header_.by_probes = true;
  sink_.on_header(header_, directory_);
}

void Session::warn(std::uint64_t line, std::string message) { statistics_.warn(line, std::move(message)); }

Task& Session::task_of(std::uint32_t id) {
  if (id >= tasks_.size()) tasks_.resize(id + std::size_t{1});
  return tasks_[id];
}

Event event_of(const Head& head, std::uint64_t line, EventKind kind, std::uint32_t task) {
  Event e;
  e.kind = kind;
  e.at.line = line;
  e.at.ts = head.ts;
  e.task = task;
  return e;
}

void Session::unread() {
  // What waits was before it.
  while (!waiting_.all().empty()) flush_dma(tasks_[waiting_.all().back().task], Cut::kByLoss);
  tracepoints_.forget();
  sink_.on_gap({}, directory_);
}

void Session::miss(const Event& at, std::uint32_t buffer, const std::string& what) {
  warn(at.at.line, what);
  sink_.on_gap({Gap::Kind::kMissingRecord, at.kind, buffer, at.task}, directory_);
}

void Session::deliver(const Event& e) {
  ++statistics_.events;
  sink_.on_event(e, directory_);
}

void Session::flush_dma(Task& task, Cut cut) {
  if (!task.has_dma) return;
  task.has_dma = false;
  waiting_.remove(task.dma.task);
  Event& e = task.dma;
  if (!task.ranges.empty()) e.maintenance.bytes = bytes_of(task.ranges);
  e.maintenance.known = header_.observes_cache_ops;
  if (e.buffer == kNoId) return;
  if (cut != Cut::kNot && header_.observes_cache_ops && !e.maintenance.helper_ran && !e.skips_sync()) {
    // Its operation may be what is not there: neither is its silence a sign of a coherent device, nor what a profile
    // says.
    const std::string where = cut == Cut::kByLoss ? "may be among the lost events" : "may come after the trace ends";
    if (cut == Cut::kByLoss) ++statistics_.unattributed;
    return warn(e.at.line, "the operation of a '" + std::string(name(e.kind)) + "' " + where + "; not read");
  }
  deliver(e);
}

void Session::flush_others(const Event& e) {
  if (!waiting_.may_be_on(e.buffer)) return;
  for (std::size_t i = 0; i < waiting_.all().size(); ++i) {
    const WaitingCalls::Call call = waiting_.all()[i];
    if (call.task == e.task || call.buffer != e.buffer) continue;
    Task& other = tasks_[call.task];
    // A DMA call of another task on the same buffer came first; only if its segments may still follow it has to wait.
    const std::uint64_t size = directory_.buffers[e.buffer].size;
    if (header_.observes_cache_ops && !other.ranges.empty() && size != 0 && bytes_of(other.ranges) < size) continue;
    if (header_.observes_cache_ops && other.ranges.empty()) continue;
    flush_dma(other);
    --i;
  }
}

void Session::settle(Task& task, bool keeps_orphans) {
  if (task.has_dma && task.dma.buffer == kNoId && task.orphan_sgls.size() > task.orphans.size()) {
    Event orphan = task.dma;
    if (!task.ranges.empty()) orphan.maintenance.bytes = bytes_of(task.ranges);
    orphan.maintenance.known = header_.observes_cache_ops;
    task.orphans.push_back(orphan);
  }
  flush_dma(task);
  if (!task.orphans.empty() && !keeps_orphans) statistics_.unattributed += drop_orphans(task);
}

void Session::on_export(Event& e, const Fields& f) {
  if (error_of(f.value[Fields::kDmabuf]) != 0) return;  // the export failed: there is no object
  const std::uint32_t old = ids_.live_buffer(f.value[Fields::kDmabuf]);
  e.buffer = ids_.export_buffer(f.value[Fields::kDmabuf]);
  BufferInfo& info = directory_.buffers[e.buffer];
  info.size = f.value[Fields::kSize];
  info.ino = f.value[Fields::kIno];
  info.exporter.assign(f.exp_name);
  deliver(e);
  if (old == kNoId) return;
  // A buffer in a call cannot have been freed.
  for (const Task& task : tasks_)
    for (const Frame& frame : task.stack)
      if (frame.buffer == old)
        return miss(e, kNoId,
                    "an export where a buffer is of which a call has not returned; records seem to be missing");
}

void Session::on_attach(Event& e, const Fields& f, Task& task) {
  if (error_of(f.value[Fields::kAttach]) != 0) {
    statistics_.unattributed += drop_orphans(task);
    return;
  }
  e.buffer = ids_.buffer(f.value[Fields::kDmabuf]);
  e.device = ids_.device(f.dev);
  if (const std::uint32_t of = ids_.attached_to(f.value[Fields::kAttach]); of != kNoId)
    miss(e, of, "an attachment where one is that was not detached; its detach seems to be missing");
  e.attachment = ids_.attach(f.value[Fields::kAttach], e.buffer, e.device);
  flush_others(e);
  deliver(e);
  for (std::size_t i = 0; i < task.orphans.size(); ++i) {
    Event& map = task.orphans[i];
    if (map.device != e.device) {
      ++statistics_.unattributed;
      continue;
    }
    map.buffer = e.buffer;
    map.attachment = e.attachment;
    map.by = AttributedBy::kNesting;
    if (task.orphan_sgls[i] == Tracepoints::kNoTable) tracepoints_.adopt(map);
    else map.dma.mapping = ids_.map(task.orphan_sgls[i], {kNoId, e.buffer, e.attachment, e.device, kNoId});
    deliver(map);
  }
  task.orphans.clear();
  task.orphan_sgls.clear();
}

void Session::on_whole(Event& e, const Fields& f, Task& task) {
  if (f.has(Fields::kDmabuf)) e.buffer = ids_.buffer(f.value[Fields::kDmabuf]);
  if (f.has(Fields::kAttach)) {
    if (e.buffer == kNoId) {
      ++statistics_.unattributed;
      return;
    }
    e.attachment = ids_.attachment(f.value[Fields::kAttach], e.buffer);
    e.device = directory_.attachments[e.attachment].device;
  }
  if (e.kind == EventKind::kDetach) close(task, depth_at_detach(task, e.buffer, returns_seen_), e);
  flush_others(e);
  deliver(e);
  if (e.kind == EventKind::kDetach) ids_.detach(f.value[Fields::kAttach]);
  if (e.kind == EventKind::kRelease) ids_.release_buffer(f.value[Fields::kDmabuf]);
}

void Session::close(Task& task, std::size_t depth, const Event& at) {
  while (task.stack.size() > depth) {
    const Frame frame = pop(task, ids_.attachment_ids());
    Event e;
    e.kind = frame.kind;
    e.phase = Phase::kReturn;
    e.dir = frame.dir;
    e.buffer = frame.buffer;
    e.attachment = frame.attachment;
    e.call = frame.call;
    e.task = at.task;
    e.at.ts = at.at.ts;
    e.at.line = at.at.line;
    if (e.attachment != kNoId) e.device = directory_.attachments[e.attachment].device;
    warn(at.at.line, "a call of '" + std::string(name(frame.kind)) + "' has no return event; taken as returned here");
    sink_.on_gap({Gap::Kind::kOpenCall, frame.kind, frame.buffer, kNoId}, directory_);
    deliver(e);
  }
}

void Session::on_entry(Event& e, const Fields& f, Task& task) {
  e.buffer = ids_.buffer(f.value[Fields::kDmabuf]);
  if (f.has(Fields::kAttach)) {
    e.attachment = ids_.attachment(f.value[Fields::kAttach], e.buffer);
    e.device = directory_.attachments[e.attachment].device;
  }
  if (e.kind == EventKind::kUnmap && f.has(Fields::kSgt)) e.ret = error_of(f.value[Fields::kSgt]);
  const auto same = std::find_if(task.stack.begin(), task.stack.end(),
                                 [&](const Frame& x) { return x.kind == e.kind || x.buffer == e.buffer; });
  if (same != task.stack.end()) close(task, static_cast<std::size_t>(same - task.stack.begin()), e);
  else if (task.stack.size() >= kDeepest) close(task, 0, e);
  flush_others(e);
  e.phase = Phase::kEnter;
  e.call = next_call_++;
  if (!task.stack.empty()) e.in = task.stack.back().call;
  ids_.attachment_ids().hold(e.attachment);
  task.stack.push_back({e.kind, e.call, e.buffer, e.attachment, e.dir, directory_.buffers[e.buffer].generation});
  deliver(e);
}

void Session::on_return(Event& e, const Fields& f, Task& task) {
  const auto found =
      std::find_if(task.stack.rbegin(), task.stack.rend(), [&](const Frame& x) { return x.kind == e.kind; });
  if (found == task.stack.rend()) {
    // Else the trace began inside the call.
    if (task.was_outside)
      miss(e, kNoId, "a return of '" + std::string(name(e.kind)) + "' whose entry seems to be missing");
    task.was_outside = true;
    return;
  }
  returns_seen_.set(static_cast<std::size_t>(e.kind));
  close(task, static_cast<std::size_t>(found.base() - task.stack.begin()), e);
  const Frame frame = pop(task, ids_.attachment_ids());
  e.phase = Phase::kReturn;
  e.call = frame.call;
  e.buffer = frame.buffer;
  e.attachment = frame.attachment;
  e.dir = frame.dir;
  if (!task.stack.empty()) e.in = task.stack.back().call;
  if (e.attachment != kNoId) e.device = directory_.attachments[e.attachment].device;
  if (e.kind == EventKind::kMap) e.ret = error_of(f.value[Fields::kSgt]);
  else if (f.has(Fields::kRet)) e.ret = static_cast<std::int32_t>(f.value[Fields::kRet]);
  if (e.kind == EventKind::kMap && e.ret == 0 && f.value[Fields::kSgt] == 0)
    e.ret = -14;  // a faulted probe or NULL: no table
  if (e.kind == EventKind::kMap && e.ret != 0) ids_.unmap_call(e.call);
  flush_others(e);
  deliver(e);
}

void Session::on_dma(Event& e, const Fields& f, Task& task, bool in_interrupt) {
  if (!header_.observes_dma_api) observe(true, header_.observes_cache_ops);
  e.device = ids_.device(f.dev);
  e.dma.attrs = f.value[Fields::kAttrs];
  e.dma.nents = e.kind == EventKind::kDmaMap ? 0 : static_cast<std::uint32_t>(f.value[Fields::kNents]);
  e.dma.orig_nents = static_cast<std::uint32_t>(f.value[Fields::kOrigNents]);
  const std::uint64_t sgl = f.value[Fields::kSgl];
  const Frame* frame = task.stack.empty() || in_interrupt ? nullptr : &task.stack.back();
  const Mapping* live = e.kind == EventKind::kDmaMap ? nullptr : ids_.mapping(sgl);
  tracepoints_.nest(e, task, in_interrupt);
  if (live != nullptr) {
    if (e.buffer == kNoId || e.buffer != live->buffer) e.by = AttributedBy::kScatterlist;
    e.buffer = live->buffer;
    e.attachment = live->attachment;
    e.dma.mapping = live->id;
  }
  if (live != nullptr && frame != nullptr && e.kind == EventKind::kDmaUnmap && frame->kind == EventKind::kUnmap &&
      live->attachment != kNoId && live->attachment != frame->attachment)
    miss(e, live->buffer, "a dma_unmap of a table of another attachment than the call's; records seem to be missing");
  if (live != nullptr && live->is_doubtful && live->device != e.device)
    miss(e, live->buffer, "a call for a table whose own dma_map may be missing; records seem to be missing");
  bool is_doubtful = false;
  if (const Mapping* at = ids_.mapping(sgl); e.kind == EventKind::kDmaMap && at != nullptr && at->device != e.device) {
    is_doubtful = true;
    miss(e, at->buffer, "a table mapped that is mapped for another device; its dma_unmap seems to be missing");
    ids_.unmap(sgl);
  }
  if (e.kind == EventKind::kDmaMap && frame != nullptr)
    e.dma.mapping = ids_.map(sgl, {kNoId, e.buffer, e.attachment, e.device, frame->call, is_doubtful});
  if (e.kind == EventKind::kDmaUnmap) ids_.unmap(sgl);
  if (e.buffer == kNoId && e.kind == EventKind::kDmaMap && !in_interrupt && e.dir == model::Direction::kBidirectional) {
    task.orphan_sgls.push_back(sgl);
  } else if (e.buffer == kNoId) {
    ++statistics_.unattributed;
  }
  task.dma = e;
  task.has_dma = true;
  task.is_traced = false;
  task.owed = 0;
  task.ranges.clear();
  waiting_.add(e.task, e.buffer);
  if (e.buffer != kNoId) flush_others(e);
}

void Session::on_arch(Event& e, const Fields& f, Task& task) {
  if (!header_.observes_cache_ops) observe(header_.observes_dma_api, true);
  const bool joins = task.has_dma && (!task.is_traced || task.owed != 0);
  if (task.owed != 0) --task.owed;
  if (!joins && tracepoints_.holds(e, f, task)) return;
  if (!joins) {
    if (task.stack.empty()) {
      ++statistics_.unattributed;
      return;
    }
    e.in = task.stack.back().call;
    e.buffer = task.stack.back().buffer;
    e.by = AttributedBy::kNesting;
    e.maintenance.known = true;
  }
  Maintenance& m = joins ? task.dma.maintenance : e.maintenance;
  m.helper_ran = m.by_name = true;
  if (e.maintenance.kind == model::Operation::kNone) return;
  add_operation(m, e.maintenance.kind, e.at.line);
  if (joins) {
    task.ranges.emplace_back(f.value[Fields::kPaddr], f.value[Fields::kSize]);
  } else {
    m.bytes = f.value[Fields::kSize];
    deliver(e);
  }
}

void Session::dispatch(int probe, Event& e, const Fields& f, Task& task, bool in_interrupt) {
  switch (probe) {
    case kExportProbe: return on_export(e, f);
    case kAttachProbe: return on_attach(e, f, task);
    case kMapRet:
    case kUnmapRet:
    case kBeginRet:
    case kEndRet:
    case kVmapRet: return on_return(e, f, task);
    case kMapProbe:
    case kUnmapProbe:
    case kBegin:
    case kEnd:
    case kVmapProbe: return on_entry(e, f, task);
    case kDmaMapProbe:
    case kDmaUnmapProbe:
    case kForCpu:
    case kForDevice: return on_dma(e, f, task, in_interrupt);
    default: return on_whole(e, f, task);
  }
}

void Session::tracepoint(const Head& head, const Tracepoint& record, std::uint64_t line) {
  tracepoints_.take(head, record, line);
}

void Session::record(const Head& head, std::uint64_t line) {
  const ProbeName* found = records_.names().find_ordinary(head);
  if (found == nullptr) {
    if (tracepoints_.read(head, line)) return;
    found = records_.names().find(head);
  }
  Fields f;
  bool damaged = false;
  const ProbeName* probe = records_.read(head, found, line, f, damaged);
  if (damaged) unread();
  if (probe != nullptr) record(head, *probe, f, line);
}

void Session::record_ioctl(const Head& head, const ProbeName& probe, Fields f, std::uint64_t line) {
  const std::uint32_t id = ids_.task(head.pid, head.cpu, head.comm);
  const Told told = told_by_ioctl(probe.probe, f, task_of(id));
  if (told.probe != nullptr) return record(head, *told.probe, f, line);
  if (told.unreadable)
    miss(event_of(head, line, EventKind::kEndCpuAccess, id), ids_.buffer(f.value[Fields::kDmabuf]),
         "a DMA_BUF_IOCTL_SYNC whose flags could not be read; a window began or ended");
}

void Session::record(const Head& head, const ProbeName& probe, const Fields& f, std::uint64_t line) {
  if (probe.probe == kSyncIoctl || probe.probe == kSyncIoctlRet) return record_ioctl(head, probe, f, line);
  const std::uint32_t id = ids_.task(head.pid, head.cpu, head.comm);
  Task& task = task_of(id);
  if (told_twice_.is_again(probe, f, task, ids_)) return;
  if (repeats_.take(head, probe, f)) {
    ++statistics_.malformed;
    warn(line, std::string(Repeats::kSays));
    return unread();
  }
  Event e = event_of(head, line, probe.kind, id);
  if (f.has(Fields::kDir)) e.dir = static_cast<model::Direction>(f.value[Fields::kDir]);
  if (const std::size_t depth = depth_below_gone(task.stack, directory_); depth != task.stack.size()) {
    while (task.stack.size() > depth) pop(task, ids_.attachment_ids());
    miss(e, kNoId, "a call of a buffer that was released since; its return seems to be missing");
  }
  if (probe.probe == kArchClean || probe.probe == kArchInval) {
    const bool nothing = probe.probe == kArchInval && e.dir == model::Direction::kToDevice;
    e.maintenance.kind = nothing                     ? model::Operation::kNone
                         : probe.probe == kArchClean ? model::Operation::kClean
                                                     : model::Operation::kInvalidate;
    return on_arch(e, f, task);
  }
  tracepoints_.deliver_held(task);
  settle(task, probe.probe == kAttachProbe || probe.probe == kDmaMapProbe);
  if (!is_return(probe.probe) && !is_dma_call(probe.kind) && task.stack.empty()) task.was_outside = true;
  tracepoints_.note_probe(is_dma_call(probe.kind));
  dispatch(probe.probe, e, f, task, head.in_interrupt);
  ToldTwice::note_entry(probe, f, task);
}

void Session::lost(std::uint64_t count, std::uint64_t line) {
  for (Task& task : tasks_) {
    flush_dma(task, Cut::kByLoss);
    statistics_.unattributed += drop_orphans(task) + task.held.size();
    task.held.clear();
    task.held_ranges.clear();
    while (!task.stack.empty()) pop(task, ids_.attachment_ids());
    task.was_outside = false;
  }
  ids_.forget_released();
  tracepoints_.forget();
  statistics_.lost += count;
  Event e;
  e.kind = EventKind::kLost;
  e.range.length = count;
  e.at.line = line;
  deliver(e);
}

void Session::finish() {
  for (Task& task : tasks_) {
    if (task.has_dma && task.dma.buffer == kNoId && task.orphan_sgls.size() > task.orphans.size())
      ++statistics_.unattributed;
    tracepoints_.deliver_held(task);
    flush_dma(task, Cut::kByEnd);
    statistics_.unattributed += drop_orphans(task);
  }
  sink_.on_end(directory_);
}

}  // namespace custody::traces::formats::ftrace
