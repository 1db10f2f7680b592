// SPDX-License-Identifier: GPL-2.0-only
// Turns what happens on the machine into events of a trace.
#include "kernel-ref/client/recorder.hpp"

#include <algorithm>

namespace custody::kernel_ref::client {

using traces::Event;
using traces::EventKind;
using traces::kNoId;
using traces::Phase;

void Recorder::start(traces::Header header) {
  directory_.tasks.push_back({"client", 1});
  for (const machine::Device& d : machine_.devices()) {
    const bool snoops = d.coherent || machine_.options().arch->all_coherent;
    directory_.devices.push_back({d.name, snoops, d.bounced, false});
  }
  header.observes_dma_api = header.observes_cache_ops = true;
  sink_.on_header(header, directory_);
}

std::uint32_t Recorder::new_buffer(const std::string& exporter, std::uint64_t size, std::uint64_t ino) {
  auto id = static_cast<std::uint32_t>(directory_.buffers.size());
  if (free_buffers_.empty()) {
    directory_.buffers.emplace_back();
  } else {
    id = free_buffers_.back();
    free_buffers_.pop_back();
  }
  traces::BufferInfo& info = directory_.buffers[id];
  const std::uint32_t generation = info.generation + 1;
  info = {};
  info.name = "b" + std::to_string(++buffer_names_);
  info.exporter = exporter;
  info.size = size;
  info.ino = ino;
  info.export_seen = true;
  info.generation = generation;
  // What the exporter mapped for itself before its export is of this buffer.
  for (Mapping& m : mappings_)
    if (m.buffer == kNoId) m.buffer = id;
  return id;
}

std::uint32_t Recorder::new_attachment(std::uint32_t buffer, std::uint32_t device) {
  auto id = static_cast<std::uint32_t>(directory_.attachments.size());
  if (free_attachments_.empty()) {
    directory_.attachments.emplace_back();
  } else {
    id = free_attachments_.back();
    free_attachments_.pop_back();
  }
  traces::AttachmentInfo& info = directory_.attachments[id];
  const std::uint32_t generation = info.generation + 1;
  info = {"a" + std::to_string(++attachment_names_), device, buffer, true, generation};
  return id;
}

void Recorder::deliver(Event event) {
  event.at.line = ++lines_;
  event.at.ts = static_cast<std::int64_t>(lines_) * 1000;
  if (event.task == kNoId) event.task = task_;
  sink_.on_event(event, directory_);
}

void Recorder::say(Event event) { deliver(event); }

void Recorder::as_task(std::uint32_t task) {
  while (directory_.tasks.size() <= task) {
    const auto number = static_cast<std::int64_t>(directory_.tasks.size()) + 1;
    directory_.tasks.push_back({"client" + std::to_string(number), number});
  }
  if (inside_.size() <= task) inside_.resize(task + std::size_t{1});
  task_ = task;
}

Event Recorder::enter(EventKind kind, std::uint32_t buffer, std::uint32_t attachment, model::Direction dir) {
  Event call;
  call.kind = kind;
  call.phase = Phase::kEnter;
  call.buffer = buffer;
  call.attachment = attachment;
  if (attachment != kNoId) call.device = directory_.attachments[attachment].device;
  call.dir = dir;
  call.call = calls_++;
  inside_[task_] = call;
  deliver(call);
  return call;
}

void Recorder::leave(Event call, int ret) {
  call.phase = Phase::kReturn;
  call.ret = ret;
  inside_[task_] = Event{};
  deliver(call);
}

void Recorder::dma(const machine::DmaCall& call) {
  constexpr EventKind kKinds[] = {EventKind::kDmaMap, EventKind::kDmaUnmap, EventKind::kSyncForCpu,
                                  EventKind::kSyncForDevice};
  Event event;
  event.kind = kKinds[static_cast<unsigned>(call.kind)];
  event.dir = call.dir;
  event.dma.attrs = call.attrs;
  event.device = call.device;
  event.dma.nents = call.nents;
  event.dma.orig_nents = call.orig_nents;
  event.in = inside_[task_].call;
  event.buffer = inside_[task_].buffer;
  event.by = traces::AttributedBy::kNesting;
  event.maintenance = {true,      call.operation, call.helper_ran,
                       false,     false,          call.operation == model::Operation::kNone ? 0 : call.bytes,
                       lines_ + 1};
  const auto at = std::find_if(mappings_.begin(), mappings_.end(),
                               [&](const Mapping& m) { return m.table == call.table && m.device == call.device; });
  if (call.kind == machine::DmaCall::Kind::kMap) {
    if (inside_[task_].device == call.device) event.attachment = inside_[task_].attachment;
    event.dma.mapping = mapping_count_++;
    mappings_.push_back({call.table, call.device, event.dma.mapping, event.buffer, event.attachment});
  } else if (at != mappings_.end()) {
    event.dma.mapping = at->id;
    event.buffer = at->buffer;
    event.attachment = at->attachment;
    if (call.kind == machine::DmaCall::Kind::kUnmap) mappings_.erase(at);
  }
  deliver(event);
}

void Recorder::flush(std::uint64_t bytes) {
  Event event;
  event.kind = EventKind::kCacheOperation;
  event.buffer = inside_[task_].buffer;
  event.in = inside_[task_].call;
  event.by = traces::AttributedBy::kNesting;
  event.maintenance = {true, model::Operation::kCleanInvalidate, true, false, false, bytes, lines_ + 1};
  deliver(event);
}

void Recorder::alias(bool flush, std::uint64_t bytes) {
  Event event;
  event.kind = flush ? EventKind::kFlushVmap : EventKind::kInvalidateVmap;
  event.buffer = inside_[task_].buffer;
  event.in = inside_[task_].call;
  static_cast<void>(bytes);
  deliver(event);
}

}  // namespace custody::kernel_ref::client
