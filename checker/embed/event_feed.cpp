// SPDX-License-Identifier: BSD-2-Clause
// Numbers buffers, devices, attachments and tasks, and pairs calls with their returns.
#include "checker/embed/event_feed.hpp"

#include <array>

#include "traces/formats/event_log/words.hpp"

namespace custody::checker::embed {

namespace {

using traces::EventKind;
using traces::kNoId;

/// Indexed by Kind.
constexpr std::array<EventKind, static_cast<std::size_t>(Kind::kLost) + 1> kKinds{
    EventKind::kExport,   EventKind::kRelease,    EventKind::kAttach,         EventKind::kDetach,
    EventKind::kMap,      EventKind::kUnmap,      EventKind::kBeginCpuAccess, EventKind::kEndCpuAccess,
    EventKind::kVmap,     EventKind::kVunmap,     EventKind::kMmap,           EventKind::kMunmap,
    EventKind::kPin,      EventKind::kUnpin,      EventKind::kMoveNotify,     EventKind::kDmaMap,
    EventKind::kDmaUnmap, EventKind::kSyncForCpu, EventKind::kSyncForDevice,  EventKind::kCacheOperation,
    EventKind::kCpuRead,  EventKind::kCpuWrite,   EventKind::kDeviceRead,     EventKind::kDeviceWrite,
    EventKind::kLost};

/// Something can run inside of it.
bool is_core_call(EventKind kind) { return kind <= EventKind::kMoveNotify && kind != EventKind::kExport; }

bool needs_device(EventKind kind) {
  return traces::formats::event_log::has_attachment(kind) || traces::formats::event_log::has_device(kind);
}

model::Operation operation_of(Cache cache) {
  switch (cache) {
    case Cache::kClean: return model::Operation::kClean;
    case Cache::kInvalidate: return model::Operation::kInvalidate;
    case Cache::kCleanInvalidate: return model::Operation::kCleanInvalidate;
    case Cache::kUnknown:
    case Cache::kNone: break;
  }
  return model::Operation::kNone;
}

model::Direction direction_of(Direction d) {
  switch (d) {
    case Direction::kToDevice: return model::Direction::kToDevice;
    case Direction::kFromDevice: return model::Direction::kFromDevice;
    case Direction::kBidirectional: return model::Direction::kBidirectional;
    case Direction::kNone: break;
  }
  return model::Direction::kNone;
}

std::uint32_t next_id(std::size_t size) { return static_cast<std::uint32_t>(size); }

}  // namespace

EventFeed::EventFeed(const Options& options, traces::EventSink& sink) : sink_(sink) {
  for (const Device& d : options.devices) {
    if (d.coherent && d.bounced)
      throw Error("device '" + d.name + "' is coherent and bounced, expected one of both at most");
    traces::DeviceInfo& info = directory_.devices[device(d.name)];
    info.coherent = d.coherent;
    info.bounced = d.bounced;
    info.reads_only = d.reads_only;
  }
  traces::Header header;
  header.source = "embedded";
  header.arch = options.arch;
  header.exact_accesses = options.exact_accesses;
  for (const auto& [name, value] : options.policies) header.policies.push_back({name, value, 0});
  sink_.on_header(header, directory_);
}

void EventFeed::fail(const std::string& what) const {
  throw Error("event " + std::to_string(count_ - 1) + ": " + what, count_ - 1);
}

std::uint32_t EventFeed::device(const std::string& name) {
  if (name.empty()) fail("names no device, expected one");
  const auto [place, added] = devices_.try_emplace(name, next_id(directory_.devices.size()));
  if (added) directory_.devices.emplace_back().name = name;
  return place->second;
}

std::uint32_t EventFeed::task(const std::string& name) {
  const auto [place, added] = tasks_.try_emplace(name, next_id(directory_.tasks.size()));
  if (added) {
    directory_.tasks.push_back({name.empty() ? "main" : name, -1});
    open_.emplace_back();
  }
  return place->second;
}

std::uint32_t EventFeed::export_buffer(const Event& event) {
  const std::uint32_t id = next_id(directory_.buffers.size());
  traces::BufferInfo info;
  info.name = event.buffer;
  info.exporter = event.exporter;
  info.size = event.size;
  info.export_seen = true;
  directory_.buffers.push_back(std::move(info));
  buffers_[event.buffer] = id;
  return id;
}

std::uint32_t EventFeed::buffer(const Event& event, const std::vector<OpenCall>& open) {
  if (event.buffer.empty()) {
    if (open.empty()) fail("names no buffer and is inside no call, expected a buffer");
    return open.back().entry.buffer;
  }
  if (event.kind == Kind::kExport) return export_buffer(event);
  const auto [place, added] = buffers_.try_emplace(event.buffer, next_id(directory_.buffers.size()));
  if (added) directory_.buffers.emplace_back().name = event.buffer;
  return place->second;
}

std::uint32_t EventFeed::attach(std::uint32_t buffer, std::uint32_t device, bool seen) {
  const std::uint32_t id = next_id(directory_.attachments.size());
  traces::AttachmentInfo info;
  info.name = directory_.buffers[buffer].name + ":" + directory_.devices[device].name;
  info.buffer = buffer;
  info.device = device;
  info.attach_seen = seen;
  directory_.attachments.push_back(std::move(info));
  scope_.attach(buffer, device, id);
  return id;
}

void EventFeed::resolve(const Event& from, const std::vector<OpenCall>& open, traces::Event& into) {
  into.buffer = buffer(from, open);
  const bool inside = !open.empty() && open.back().entry.buffer == into.buffer;
  if (!open.empty()) into.in = open.back().entry.call;
  if (from.buffer.empty()) into.by = traces::AttributedBy::kNesting;
  if (!needs_device(into.kind)) return;
  into.device = device(from.device);
  if (into.kind == EventKind::kAttach) {
    into.attachment = attach(into.buffer, into.device, true);
    if (!from.attachment.empty()) attachments_[{into.buffer, from.attachment}] = into.attachment;
  } else if (const auto named = attachments_.find({into.buffer, from.attachment}); named != attachments_.end()) {
    into.attachment = named->second;
  } else if (traces::formats::litmus::is_attachment_call(into.kind)) {
    into.attachment = scope_.of_call(into.buffer, into.device);
    if (into.attachment == kNoId) into.attachment = attach(into.buffer, into.device, false);
  } else {
    into.attachment = scope_.of_dma(into.kind, into.buffer, into.device, inside ? open.back().entry.attachment : kNoId,
                                    inside ? open.back().entry.device : kNoId);
  }
}

void EventFeed::enter(const Event& event, traces::Event& into, std::vector<OpenCall>& open) {
  if (!is_core_call(into.kind)) fail("only a call of the dma-buf core is entered and returns, expected kWhole");
  resolve(event, open, into);
  into.phase = traces::Phase::kEnter;
  into.call = calls_++;
  open.push_back({into, event.kind});
}

void EventFeed::leave(const Event& event, traces::Event& into, std::vector<OpenCall>& open) {
  if (open.empty() || open.back().kind != event.kind)
    fail("returns from a call that is not the task's latest open one, expected the return of that");
  const auto [at, ret] = std::pair(into.at, into.ret);
  into = open.back().entry;
  into.phase = traces::Phase::kReturn;
  into.at = at;
  into.ret = ret;
  open.pop_back();
}

void EventFeed::after(const traces::Event& event) {
  if (event.phase == traces::Phase::kEnter) return;
  const bool gone = event.kind == EventKind::kDetach || (event.kind == EventKind::kAttach && !event.ok());
  if (gone) scope_.end(event.buffer, event.device, event.attachment);
}

void EventFeed::deliver(const Event& event) {
  ++count_;
  traces::Event e;
  if (static_cast<std::size_t>(event.kind) >= kKinds.size()) fail("has no kind that there is");
  e.kind = kKinds[static_cast<std::size_t>(event.kind)];
  e.at = {count_, event.time};
  e.ret = event.result;
  e.dir = direction_of(event.direction);
  e.range = {event.offset, event.length};
  if (e.kind == EventKind::kLost) return sink_.on_event(e, directory_);
  e.task = task(event.task);
  std::vector<OpenCall>& open = open_[e.task];
  if (event.skips_sync) e.dma.attrs = traces::kAttrSkipCpuSync;
  if (event.phase == Phase::kEnter) enter(event, e, open);
  else if (event.phase == Phase::kReturn) leave(event, e, open);
  else resolve(event, open, e);
  const bool may_operate = traces::is_dma_call(e.kind) || e.kind == EventKind::kCacheOperation;
  if (may_operate && event.cache != Cache::kUnknown) {
    const std::uint64_t size = directory_.buffers[e.buffer].size;
    e.maintenance.known = true;
    e.maintenance.kind = operation_of(event.cache);
    e.maintenance.stated_none = event.cache == Cache::kNone;
    e.maintenance.bytes = event.length != 0 ? event.length : size;
    e.maintenance.line = count_;
    e.maintenance.offset = event.offset;
  }
  sink_.on_event(e, directory_);
  after(e);
}

}  // namespace custody::checker::embed
