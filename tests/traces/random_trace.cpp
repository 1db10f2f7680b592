// SPDX-License-Identifier: BSD-2-Clause
// Random traces.
#include "tests/traces/random_trace.hpp"

#include <algorithm>
#include <string>

#include "traces/formats/litmus/scope.hpp"

namespace custody::traces::test {
namespace {

using formats::litmus::is_attachment_call;

constexpr EventKind kCalls[] = {
    EventKind::kMap,    EventKind::kUnmap, EventKind::kBeginCpuAccess, EventKind::kEndCpuAccess, EventKind::kAttach,
    EventKind::kDetach, EventKind::kVmap,  EventKind::kVunmap,         EventKind::kMmap,         EventKind::kMunmap,
    EventKind::kPin,    EventKind::kUnpin, EventKind::kMoveNotify,     EventKind::kRelease};
constexpr EventKind kOthers[] = {
    EventKind::kCpuRead,  EventKind::kCpuWrite,      EventKind::kDeviceRead, EventKind::kDeviceWrite,
    EventKind::kFence,    EventKind::kFenceSignaled, EventKind::kFlushVmap,  EventKind::kInvalidateVmap,
    EventKind::kBounceIn, EventKind::kBounceOut,     EventKind::kFd,         EventKind::kPut};
constexpr EventKind kDma[] = {EventKind::kDmaMap, EventKind::kDmaUnmap, EventKind::kSyncForCpu,
                              EventKind::kSyncForDevice};

bool can_fail(EventKind kind) {
  constexpr EventKind kFailing[] = {EventKind::kAttach,       EventKind::kMap,  EventKind::kBeginCpuAccess,
                                    EventKind::kEndCpuAccess, EventKind::kVmap, EventKind::kMmap,
                                    EventKind::kPin};
  return std::find(std::begin(kFailing), std::end(kFailing), kind) != std::end(kFailing);
}

class Generator {
 public:
  Generator(Choices choices, const TraceShape& shape) : choices_(std::move(choices)), shape_(shape) {
    for (const char* name : {"D", "E", "misc"}) {
      DeviceInfo device;
      device.name = name;
      if (!choices_.one_in(4)) device.coherent = choices_.one_in(3);
      device.allocates = device.coherent.value_or(false) && choices_.one_in(2);
      device.bounced = choices_.one_in(5);
      directory_.devices.push_back(device);
    }
    for (const char* name : {"main", "camera", "gpu thread"}) add_task(name);
  }

  void generate(EventSink& sink) {
    while (!choices_.done()) step();
    for (std::uint32_t task = 0; task < stacks_.size(); ++task)
      while (!stacks_[task].empty()) leave(task);
    Header header;
    header.title = "a random trace";
    header.observes_cache_ops =
        std::any_of(events_.begin(), events_.end(), [](const Event& e) { return e.maintenance.known; });
    sink.on_header(header, directory_);
    for (const Event& event : events_) sink.on_event(event, directory_);
  }

 private:
  std::uint32_t add_task(const std::string& name) {
    tasks_[live_tasks_++ % 3] = static_cast<std::uint32_t>(directory_.tasks.size());
    directory_.tasks.push_back({name, shape_.rich ? 100 + static_cast<std::int64_t>(directory_.tasks.size()) : -1});
    stacks_.emplace_back();
    return static_cast<std::uint32_t>(directory_.tasks.size() - 1);
  }

  void step() {
    const std::uint32_t slot = choices_.below(3);
    const std::uint32_t task = tasks_[slot];
    const std::uint32_t what = choices_.below(20);
    if (what < 5) return enter(task);
    if (what < 9) return leave(task);
    if (what < 13) return dma(task);
    if (what < 16) return other(task);
    if (what == 16) return export_buffer(task);
    if (what == 17) return cache(task);
    if (what == 18) return lost();
    if (choices_.one_in(3)) exit(task, slot);
  }

  Event base(EventKind kind, std::uint32_t task) {
    Event event;
    event.kind = kind;
    event.task = task;
    event.at.line = events_.size() + 1;
    if (task != kNoId && !stacks_[task].empty()) event.in = stacks_[task].back().call;
    if (shape_.rich) event.at.ts = ts_ += choices_.below(5000);
    return event;
  }

  void push(const Event& event) { events_.push_back(event); }

  std::uint32_t any_buffer() {
    const std::uint32_t name = choices_.below(2);
    if (names_[name] == kNoId) {
      BufferInfo info;
      info.name = name == 0 ? "b" : "c";
      names_[name] = static_cast<std::uint32_t>(directory_.buffers.size());
      directory_.buffers.push_back(info);
    }
    return names_[name];
  }

  void export_buffer(std::uint32_t task) {
    const std::uint32_t name = choices_.below(2);
    BufferInfo info;
    info.name = name == 0 ? "b" : "c";
    constexpr const char* kExporters[] = {"system", "udmabuf", "", "drm"};
    info.exporter = kExporters[choices_.below(4)];
    info.size = std::uint64_t{choices_.below(200)} * 1000;
    info.memory = static_cast<MemoryKind>(choices_.below(4));
    info.ino = shape_.rich ? choices_.below(100) : 0;
    info.export_seen = true;
    Event event = base(EventKind::kExport, task);
    event.buffer = names_[name] = static_cast<std::uint32_t>(directory_.buffers.size());
    directory_.buffers.push_back(info);
    push(event);
  }

  std::uint32_t new_attachment(std::uint32_t buffer, std::uint32_t device, bool seen) {
    AttachmentInfo info;
    info.name = "att" + std::to_string(directory_.attachments.size());
    info.buffer = buffer;
    info.device = device;
    info.attach_seen = seen;
    directory_.attachments.push_back(info);
    const auto id = static_cast<std::uint32_t>(directory_.attachments.size() - 1);
    scope_.attach(buffer, device, id);
    return id;
  }

  /// One of the attachments that an `attach` of the trace made; kNoId where there is none.
  std::uint32_t seen_attachment(std::uint32_t buffer) {
    std::vector<std::uint32_t> seen;
    for (std::uint32_t i = 0; i < directory_.attachments.size(); ++i)
      if (directory_.attachments[i].attach_seen && directory_.attachments[i].buffer == buffer) seen.push_back(i);
    return seen.empty() ? kNoId : seen[choices_.below(static_cast<std::uint32_t>(seen.size()))];
  }

  void set_importer(Event& event) {
    if (event.kind == EventKind::kAttach) {
      event.device = choices_.below(3);
      event.attachment = new_attachment(event.buffer, event.device, true);
      return;
    }
    if (!choices_.one_in(3)) {
      event.attachment = seen_attachment(event.buffer);
      if (event.attachment != kNoId) event.device = directory_.attachments[event.attachment].device;
      if (event.attachment != kNoId) return;
    }
    event.device = choices_.below(3);
    if (is_attachment_call(event.kind)) {
      event.attachment = scope_.of_call(event.buffer, event.device);
      if (event.attachment == kNoId) event.attachment = new_attachment(event.buffer, event.device, false);
      return;
    }
    const std::vector<Event>& stack = stacks_[event.task];
    const bool encloses = !stack.empty() && stack.back().buffer == event.buffer;
    event.attachment = scope_.of_dma(event.kind, event.buffer, event.device, encloses ? stack.back().attachment : kNoId,
                                     encloses ? stack.back().device : kNoId);
  }

  void set_range(Event& event) {
    if (!choices_.one_in(3)) return;
    event.range.offset = std::uint64_t{choices_.below(8)} * 64;
    event.range.length = 1 + choices_.below(5000);
  }

  void enter(std::uint32_t task) {
    if (stacks_[task].size() > 4) return leave(task);
    Event event = base(kCalls[choices_.below(std::size(kCalls))], task);
    event.phase = Phase::kEnter;
    event.buffer = any_buffer();
    if (is_attachment_call(event.kind)) set_importer(event);
    const bool window = event.kind == EventKind::kBeginCpuAccess || event.kind == EventKind::kEndCpuAccess;
    if (window || event.kind == EventKind::kMap || event.kind == EventKind::kUnmap)
      event.dir = static_cast<model::Direction>(choices_.below(4));
    if (window) set_range(event);
    if (shape_.rich && choices_.one_in(4)) {
      event.phase = Phase::kWhole;
      if (event.kind == EventKind::kDetach) scope_.end(event.buffer, event.device, event.attachment);
      return push(event);
    }
    event.call = calls_++;
    push(event);
    stacks_[task].push_back(event);
  }

  void leave(std::uint32_t task) {
    if (stacks_[task].empty()) return;
    Event event = stacks_[task].back();
    stacks_[task].pop_back();
    event.phase = Phase::kReturn;
    event.at.line = events_.size() + 1;
    if (shape_.rich) event.at.ts = ts_ += choices_.below(5000);
    if (can_fail(event.kind) && choices_.one_in(4)) event.ret = -static_cast<std::int32_t>(1 + choices_.below(600));
    if (event.kind == EventKind::kDetach || (event.kind == EventKind::kAttach && event.ret < 0))
      scope_.end(event.buffer, event.device, event.attachment);
    push(event);
  }

  /// The buffer of the call around the event, or another.
  void set_buffer(Event& event) {
    const std::vector<Event>& stack = stacks_[event.task];
    if (!stack.empty() && !choices_.one_in(3)) {
      event.buffer = stack.back().buffer;
      event.by = AttributedBy::kNesting;
    } else {
      event.buffer = any_buffer();
      if (shape_.rich && choices_.one_in(3)) event.by = AttributedBy::kScatterlist;
    }
  }

  void dma(std::uint32_t task) {
    Event event = base(kDma[choices_.below(4)], task);
    set_buffer(event);
    set_importer(event);
    event.dir = static_cast<model::Direction>(choices_.below(4));
    if (choices_.one_in(3)) event.dma.attrs |= kAttrSkipCpuSync;
    if (choices_.one_in(5)) event.dma.attrs |= 0x300;
    set_range(event);
    if (choices_.one_in(3)) event.dma.nents = choices_.below(9);
    if (event.kind == EventKind::kDmaMap && event.dma.nents != 0)
      event.dma.orig_nents = event.dma.nents + choices_.below(3);
    if (event.kind == EventKind::kDmaMap && choices_.one_in(5)) event.ret = -5;
    if (shape_.rich) set_mapping(event);
    Maintenance& did = event.maintenance;
    did.known = choices_.one_in(2);
    if (did.known) {
      did.kind = static_cast<model::Operation>(choices_.below(4));
      did.helper_ran = choices_.one_in(5);
      if (did.kind != model::Operation::kNone) {
        did.line = event.at.line;
        did.bytes = event.range.length != 0 ? event.range.length : directory_.buffers[event.buffer].size;
        if (choices_.one_in(3)) did.bytes = 1 + choices_.below(9000);
      }
    }
    push(event);
  }

  /// A mapping that was unmapped never comes back.
  void set_mapping(Event& event) {
    if (choices_.one_in(2)) return;
    std::uint32_t& mapping = mappings_[choices_.below(4)];
    if (mapping == kNoId) mapping = mapping_count_++;
    event.dma.mapping = mapping;
    if (event.kind == EventKind::kDmaUnmap) mapping = kNoId;
  }

  void cache(std::uint32_t task) {
    Event event = base(EventKind::kCacheOperation, task);
    set_buffer(event);
    set_range(event);
    const auto kind = static_cast<model::Operation>(1 + choices_.below(3));
    event.maintenance = {true, kind, false, false, false, event.range.length, event.at.line};
    if (event.range.length == 0) event.maintenance.bytes = directory_.buffers[event.buffer].size;
    push(event);
  }

  void other(std::uint32_t task) {
    Event event = base(kOthers[choices_.below(std::size(kOthers))], task);
    const bool inherits = event.kind == EventKind::kFlushVmap || event.kind == EventKind::kInvalidateVmap ||
                          event.kind == EventKind::kBounceIn || event.kind == EventKind::kBounceOut;
    if (inherits) set_buffer(event);
    else event.buffer = any_buffer();
    const bool fences = event.kind == EventKind::kFence || event.kind == EventKind::kFenceSignaled;
    if (fences || event.kind == EventKind::kDeviceRead || event.kind == EventKind::kDeviceWrite ||
        event.kind == EventKind::kBounceIn || event.kind == EventKind::kBounceOut)
      set_importer(event);
    if (event.kind == EventKind::kFence) event.ret = choices_.one_in(2) ? 1 : 0;
    if (event.kind == EventKind::kFd) event.range.length = choices_.below(20);
    if (!fences && event.kind != EventKind::kFd && event.kind != EventKind::kPut) set_range(event);
    push(event);
  }

  void lost() {
    Event event = base(EventKind::kLost, kNoId);
    event.range.length = 1 + choices_.below(100);
    push(event);
  }

  void exit(std::uint32_t task, std::uint32_t slot) {
    Event event = base(EventKind::kTaskExit, task);
    event.in = kNoId;
    stacks_[task].clear();
    push(event);
    const std::string name = directory_.tasks[task].name;
    live_tasks_ = slot;
    add_task(name);
  }

  Choices choices_;
  TraceShape shape_;
  Directory directory_;
  formats::litmus::AttachmentScope scope_;
  std::vector<Event> events_;
  std::vector<std::vector<Event>> stacks_;  ///< by task
  std::uint32_t tasks_[3] = {0, 0, 0};
  std::uint32_t names_[2] = {kNoId, kNoId};
  std::uint32_t mappings_[4] = {kNoId, kNoId, kNoId, kNoId};
  std::uint32_t mapping_count_ = 0;
  std::uint32_t live_tasks_ = 0;
  std::uint32_t calls_ = 0;
  std::int64_t ts_ = 0;
};

}  // namespace

void generate(std::vector<std::uint32_t> numbers, const TraceShape& shape, EventSink& sink) {
  Generator(Choices(std::move(numbers)), shape).generate(sink);
}

}  // namespace custody::traces::test
