// SPDX-License-Identifier: GPL-2.0-only
// A client of the dma-buf core on a machine: calls the real functions and records them.
#include "kernel-ref/client/client.hpp"

#include <algorithm>

namespace custody::kernel_ref::client {

using model::Direction;
using traces::Event;
using traces::EventKind;
using traces::kNoId;

namespace {
constexpr int kRestart = -512;  ///< -ERESTARTSYS
}

Client::Client(machine::Machine& machine, traces::EventSink& sink, ClientOptions options)
    : machine_(machine), recorder_(machine, sink), options_(std::move(options)) {
  machine_.on_dma = [this](const machine::DmaCall& call) { recorder_.dma(call); };
  machine_.on_flush = [this](std::uint64_t bytes) { recorder_.flush(bytes); };
  machine_.on_alias = [this](bool flush, bool, std::uint64_t bytes) { recorder_.alias(flush, bytes); };
  traces::Header header;
  header.source = options_.driver + " of linux " + kernel_release() + ", seed " + std::to_string(options_.seed);
  header.arch = machine_.options().arch->name;
  header.exact_accesses = options_.exact_accesses;
  recorder_.start(header);
}

Client::~Client() {
  machine_.on_dma = nullptr;
  machine_.on_alias = nullptr;
  machine_.on_flush = nullptr;
}

int Client::export_buffer(std::uint64_t bytes, std::uint32_t& buffer) {
  ++calls_;
  shim_buffer made{};
  const int ret = shim_export(options_.driver.c_str(), bytes, &made);
  if (ret != 0) return ret;
  buffer = recorder_.new_buffer(made.exporter, made.size, made.ino);
  if (buffer >= buffers_.size()) buffers_.resize(buffer + std::size_t{1});
  Buffer& b = buffers_[buffer];
  b.dmabuf = made.dmabuf;
  b.size = made.size;
  b.pages.assign(made.size / machine::kPageBytes, 0);
  Event event;
  event.kind = EventKind::kExport;
  event.buffer = buffer;
  recorder_.say(event);
  // The client's own eye on the bytes: not a call of the program.
  return shim_mmap(b.dmabuf, b.pages.data(), b.pages.size());
}

void Client::release(std::uint32_t buffer) {
  ++calls_;
  const Event call = recorder_.enter(EventKind::kRelease, buffer, kNoId, Direction::kNone);
  shim_put(buffers_[buffer].dmabuf);
  recorder_.leave(call, 0);
  recorder_.free_buffer(buffer);
}

int Client::attach(std::uint32_t buffer, std::uint32_t device, std::uint32_t& attachment) {
  ++calls_;
  attachment = recorder_.new_attachment(buffer, device);
  if (attachment >= attachments_.size()) attachments_.resize(attachment + std::size_t{1});
  Attachment& a = attachments_[attachment];
  a = {nullptr, nullptr, nullptr, buffer, device};
  const Event call = recorder_.enter(EventKind::kAttach, buffer, attachment, Direction::kNone);
  const int ret = shim_attach(buffers_[buffer].dmabuf, device, &a.attachment);
  recorder_.leave(call, ret);
  if (ret != 0) recorder_.free_attachment(attachment);
  return ret;
}

void Client::detach(std::uint32_t attachment) {
  ++calls_;
  Attachment& a = attachments_[attachment];
  const Event call = recorder_.enter(EventKind::kDetach, a.buffer, attachment, Direction::kNone);
  shim_detach(buffers_[a.buffer].dmabuf, a.attachment);
  recorder_.leave(call, 0);
  recorder_.free_attachment(attachment);
}

int Client::map(std::uint32_t attachment, Direction dir) {
  ++calls_;
  Attachment& a = attachments_[attachment];
  const Event call = recorder_.enter(EventKind::kMap, a.buffer, attachment, dir);
  void* table = nullptr;
  const int ret = shim_map(a.attachment, static_cast<int>(dir), &table);
  recorder_.leave(call, ret);
  if (ret != 0) return ret;
  a.table = table;
  a.list = shim_list_of(table);
  return 0;
}

void Client::unmap(std::uint32_t attachment, Direction dir) {
  ++calls_;
  Attachment& a = attachments_[attachment];
  const Event call = recorder_.enter(EventKind::kUnmap, a.buffer, attachment, dir);
  shim_unmap(a.attachment, a.table, static_cast<int>(dir));
  recorder_.leave(call, 0);
}

int Client::begin_cpu_access(std::uint32_t buffer, Direction dir) {
  ++calls_;
  const Event call = recorder_.enter(EventKind::kBeginCpuAccess, buffer, kNoId, dir);
  const int ret = shim_begin_cpu_access(buffers_[buffer].dmabuf, static_cast<int>(dir));
  recorder_.leave(call, ret);
  return ret;
}

int Client::end_cpu_access(std::uint32_t buffer, Direction dir) {
  ++calls_;
  const Event call = recorder_.enter(EventKind::kEndCpuAccess, buffer, kNoId, dir);
  const int ret = shim_end_cpu_access(buffers_[buffer].dmabuf, static_cast<int>(dir));
  recorder_.leave(call, ret);
  return ret;
}

int Client::begin_interrupted(std::uint32_t buffer, Direction dir) {
  void* fence = nullptr;
  const int added = shim_add_fence(buffers_[buffer].dmabuf, 1, &fence);
  if (added != 0) return added;
  shim_set_signal_pending(1);
  const int ret = begin_cpu_access(buffer, dir);
  shim_set_signal_pending(0);
  shim_signal_fence(fence);
  return ret == kRestart ? -4 : ret;
}

int Client::vmap(std::uint32_t buffer) {
  ++calls_;
  const Event call = recorder_.enter(EventKind::kVmap, buffer, kNoId, Direction::kNone);
  const int ret = shim_vmap(buffers_[buffer].dmabuf);
  recorder_.leave(call, ret);
  return ret;
}

void Client::vunmap(std::uint32_t buffer) {
  ++calls_;
  const Event call = recorder_.enter(EventKind::kVunmap, buffer, kNoId, Direction::kNone);
  shim_vunmap(buffers_[buffer].dmabuf);
  recorder_.leave(call, 0);
}

int Client::mmap(std::uint32_t buffer) {
  ++calls_;
  Buffer& b = buffers_[buffer];
  const Event call = recorder_.enter(EventKind::kMmap, buffer, kNoId, Direction::kNone);
  const int ret = shim_mmap(b.dmabuf, b.pages.data(), b.pages.size());
  recorder_.leave(call, ret);
  return ret;
}

void Client::tell_cpu_access(std::uint32_t buffer, bool writes) {
  Event event;
  event.kind = writes ? EventKind::kCpuWrite : EventKind::kCpuRead;
  event.buffer = buffer;
  recorder_.say(event);
}

void Client::importer_sync(std::uint32_t attachment, Direction dir, bool for_cpu) {
  ++calls_;
  const Attachment& a = attachments_[attachment];
  shim_importer_sync(a.attachment, a.table, static_cast<int>(dir), for_cpu ? 1 : 0);
}

void Client::touch(std::uint32_t buffer, std::uint32_t attachment, EventKind kind, std::size_t offset, std::size_t n) {
  if (!options_.exact_accesses) return;
  Event event;
  event.kind = kind;
  event.buffer = buffer;
  event.attachment = attachment;
  if (attachment != kNoId) event.device = attachments_[attachment].device;
  event.range.offset = offset;
  event.range.length = n;
  recorder_.say(event);
}

template <class Visit>
void Client::visit_pages(std::uint32_t buffer, std::size_t offset, std::size_t n, const Visit& visit) {
  while (n > 0) {
    const std::size_t part = std::min(n, machine::kPageBytes - offset % machine::kPageBytes);
    visit(page(buffer, offset / machine::kPageBytes) + offset % machine::kPageBytes, part);
    offset += part;
    n -= part;
  }
}

void Client::cpu_write(std::uint32_t buffer, std::size_t offset, const std::uint8_t* from, std::size_t n) {
  touch(buffer, kNoId, EventKind::kCpuWrite, offset, n);
  visit_pages(buffer, offset, n, [&](machine::Phys at, std::size_t part) {
    machine_.memory().store(at, from, part);
    from += part;
  });
}

void Client::cpu_read(std::uint32_t buffer, std::size_t offset, std::uint8_t* to, std::size_t n) {
  touch(buffer, kNoId, EventKind::kCpuRead, offset, n);
  visit_pages(buffer, offset, n, [&](machine::Phys at, std::size_t part) {
    machine_.memory().load(at, to, part);
    to += part;
  });
}

bool Client::device_write(std::uint32_t attachment, std::size_t offset, const std::uint8_t* from, std::size_t n) {
  const Attachment& a = attachments_[attachment];
  touch(a.buffer, attachment, EventKind::kDeviceWrite, offset, n);
  return machine_.device_store(a.list, a.device, offset, from, n);
}

bool Client::device_read(std::uint32_t attachment, std::size_t offset, std::uint8_t* to, std::size_t n) {
  const Attachment& a = attachments_[attachment];
  touch(a.buffer, attachment, EventKind::kDeviceRead, offset, n);
  return machine_.device_load(a.list, a.device, offset, to, n);
}

}  // namespace custody::kernel_ref::client
