// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/inodes.hpp"

namespace custody::traces::formats::ftrace {

std::uint32_t Inodes::buffer_of(const Tracepoint& t) {
  const auto [it, added] = by_inode_.try_emplace(t.ino, kNoId);
  if (!added && t.kind != TracepointKind::kExport) return it->second;
  // An inode that is exported again is another dma-buf: the one before is gone.
  if (!added && attachments_of_[it->second] == 0) leave(it->second);
  const std::uint32_t buffer = ids_.add_buffer(t.kind == TracepointKind::kExport);
  it->second = buffer;
  BufferInfo& info = directory_.buffers[buffer];
  info.exporter.assign(t.exp_name);
  info.size = t.size;
  info.ino = t.ino;
  attachments_of_[buffer] = 0;
  order_.emplace_back(t.ino, buffer);
  shrink();
  return buffer;
}

void Inodes::leave(std::uint32_t buffer) {
  attachments_of_.erase(buffer);
  if (!addresses_.knows(buffer)) ids_.drop_buffer(buffer);
}

void Inodes::count_down(std::uint32_t buffer) {
  const auto it = attachments_of_.find(buffer);
  if (it == attachments_of_.end() || --it->second != 0) return;
  const auto named = by_inode_.find(directory_.buffers[buffer].ino);
  if (named == by_inode_.end() || named->second != buffer) leave(buffer);
}

void Inodes::shrink() {
  for (std::size_t looked = 0; by_inode_.size() > kMost && looked < kMost; ++looked) {
    const auto [ino, buffer] = order_.front();
    order_.pop_front();
    const auto it = by_inode_.find(ino);
    if (it == by_inode_.end() || it->second != buffer) continue;
    const auto attachments = attachments_of_.find(buffer);
    if (attachments != attachments_of_.end() && attachments->second != 0) {
      order_.emplace_back(ino, buffer);
      continue;
    }
    by_inode_.erase(it);
    return leave(buffer);
  }
}

void Inodes::attach(Event& e, const Tracepoint& t) {
  e.kind = EventKind::kAttach;
  e.device = ids_.device(t.device);
  if (t.attachment == 0) return;
  Attached& a = attached_[t.attachment];
  // Its detach was not seen.
  if (a.id != kNoId) count_down(a.buffer);
  else a.id = ids_.add_attachment(e.buffer, e.device);
  a = {a.id, e.buffer, e.device, e.task, false};
  directory_.attachments[a.id].buffer = e.buffer;
  directory_.attachments[a.id].device = e.device;
  ++attachments_of_[e.buffer];
  e.attachment = a.id;
}

void Inodes::detach(Event& e, const Tracepoint& t) {
  e.kind = EventKind::kDetach;
  e.device = ids_.device(t.device);
  const auto it = attached_.find(t.attachment);
  if (it == attached_.end()) return;
  if (it->second.buffer == e.buffer) e.attachment = it->second.id;
  count_down(it->second.buffer);
  ids_.drop_attachment(it->second.id);
  attached_.erase(it);
}

bool Inodes::tell(Event& e, const Tracepoint& t) {
  e.buffer = buffer_of(t);
  switch (t.kind) {
    case TracepointKind::kExport: e.kind = EventKind::kExport; return true;
    case TracepointKind::kMmap: e.kind = EventKind::kMmap; return true;
    case TracepointKind::kPut: e.kind = EventKind::kPut; return true;
    case TracepointKind::kFd:
      e.kind = EventKind::kFd;
      e.range.length = t.fd > 0 ? static_cast<std::uint64_t>(t.fd) : 0;
      return true;
    case TracepointKind::kAttach: attach(e, t); return true;
    case TracepointKind::kDetach: detach(e, t); return true;
    default: return false;
  }
}

std::uint32_t Inodes::join(std::uint32_t task, std::uint32_t device, std::uint64_t bytes) {
  if (bytes == 0) return kNoId;
  Attached* only = nullptr;
  for (auto& [pointer, a] : attached_) {
    if (a.device != device || directory_.buffers[a.buffer].size != bytes) continue;
    // A second one that fits, whoever made it: which of them is mapped is not told.
    if (only != nullptr) return kNoId;
    only = &a;
  }
  if (only == nullptr || only->task != task || only->joined) return kNoId;
  only->joined = true;
  return only->buffer;
}

void Inodes::forget() {
  for (const auto& [buffer, count] : attachments_of_)
    if (!addresses_.knows(buffer)) ids_.drop_buffer(buffer);
  for (const auto& [pointer, a] : attached_) ids_.drop_attachment(a.id);
  by_inode_.clear();
  attachments_of_.clear();
  attached_.clear();
  order_.clear();
}

}  // namespace custody::traces::formats::ftrace
