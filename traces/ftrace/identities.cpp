// SPDX-License-Identifier: BSD-2-Clause
#include "traces/ftrace/identities.hpp"

#include <string>

namespace custody::traces::ftrace {

namespace {
constexpr std::size_t kRecentMaps = 64;
}  // namespace

std::uint32_t Identities::new_buffer(std::uint64_t pointer, bool export_seen) {
  auto id = static_cast<std::uint32_t>(directory_.buffers.size());
  if (!free_buffers_.empty()) {
    id = free_buffers_.back();
    free_buffers_.pop_back();
  } else {
    directory_.buffers.emplace_back();
    buffer_state_.emplace_back();
  }
  BufferInfo& info = directory_.buffers[id];
  const std::uint32_t generation = info.generation + 1;
  info = BufferInfo{};
  info.generation = generation;
  info.name = "b" + std::to_string(++buffer_count_);
  info.export_seen = export_seen;
  buffer_state_[id] = {pointer, 0, false};
  buffers_[pointer] = id;
  return id;
}

std::uint32_t Identities::export_buffer(std::uint64_t pointer) {
  const auto it = buffers_.find(pointer);
  if (it != buffers_.end()) {
    Buffer& old = buffer_state_[it->second];
    // A dead buffer whose pointer is taken can no longer be named: its id is free.
    if (old.released && old.mappings == 0) free_buffers_.push_back(it->second);
  }
  return new_buffer(pointer, true);
}

std::uint32_t Identities::buffer(std::uint64_t pointer) {
  const auto it = buffers_.find(pointer);
  return it != buffers_.end() ? it->second : new_buffer(pointer, false);
}

void Identities::release_buffer(std::uint64_t pointer) {
  const auto it = buffers_.find(pointer);
  if (it == buffers_.end() || buffer_state_[it->second].released) return;
  buffer_state_[it->second].released = true;
  tombstones_.emplace_back(it->second, directory_.buffers[it->second].generation);
  if (tombstones_.size() > kTombstones) bury();
}

void Identities::bury() {
  const auto [id, generation] = tombstones_.front();
  tombstones_.pop_front();
  if (directory_.buffers[id].generation != generation || !buffer_state_[id].released) return;
  const auto it = buffers_.find(buffer_state_[id].pointer);
  if (it == buffers_.end() || it->second != id) return;  // the pointer means another buffer: the id was freed then
  buffers_.erase(it);
  if (buffer_state_[id].mappings == 0) free_buffers_.push_back(id);
}

void Identities::forget_released() {
  while (!tombstones_.empty()) bury();
}

std::uint32_t Identities::attach(std::uint64_t pointer, std::uint32_t buffer, std::uint32_t device) {
  auto id = static_cast<std::uint32_t>(directory_.attachments.size());
  if (!free_attachments_.empty()) {
    id = free_attachments_.back();
    free_attachments_.pop_back();
  } else {
    directory_.attachments.emplace_back();
  }
  AttachmentInfo& info = directory_.attachments[id];
  info.name = "a" + std::to_string(++attachment_count_);
  info.device = device;
  info.buffer = buffer;
  info.attach_seen = true;
  ++info.generation;
  attachments_[pointer] = id;
  return id;
}

std::uint32_t Identities::attachment(std::uint64_t pointer, std::uint32_t buffer) {
  const auto it = attachments_.find(pointer);
  if (it != attachments_.end() && directory_.attachments[it->second].buffer == buffer) return it->second;
  const std::uint32_t id = attach(pointer, buffer, kNoId);
  directory_.attachments[id].attach_seen = false;
  return id;
}

void Identities::detach(std::uint64_t pointer) {
  const auto it = attachments_.find(pointer);
  if (it == attachments_.end()) return;
  free_attachments_.push_back(it->second);
  attachments_.erase(it);
}

std::uint32_t Identities::device(std::string_view name) {
  if (last_device_ != kNoId && directory_.devices[last_device_].name == name) return last_device_;
  const auto [it, added] =
      devices_.try_emplace(std::string(name), static_cast<std::uint32_t>(directory_.devices.size()));
  if (added) directory_.devices.push_back({std::string(name), std::nullopt, false, false});
  last_device_ = it->second;
  return it->second;
}

std::uint32_t Identities::task(std::int64_t pid, std::uint32_t cpu, std::string_view comm) {
  // All idle tasks have pid 0: each processor has its own.
  const std::uint64_t key = pid != 0 ? static_cast<std::uint64_t>(pid) : (std::uint64_t{1} << 40U) | cpu;
  const auto [it, added] = tasks_.try_emplace(key, static_cast<std::uint32_t>(directory_.tasks.size()));
  if (added) directory_.tasks.push_back({std::string(comm), pid});
  return it->second;
}

std::uint32_t Identities::map(std::uint64_t sgl, const Mapping& mapping) {
  const auto [it, added] = mappings_.try_emplace(sgl, mapping);
  if (!added && it->second.buffer == mapping.buffer) {
    it->second.call = mapping.call;
    return it->second.id;
  }
  if (!added) {
    --buffer_state_[it->second.buffer].mappings;
    it->second = mapping;
  }
  it->second.id = mapping_count_++;
  ++buffer_state_[mapping.buffer].mappings;
  recent_maps_.emplace_back(mapping.call, sgl);
  if (recent_maps_.size() > kRecentMaps) recent_maps_.erase(recent_maps_.begin());
  return it->second.id;
}

const Mapping* Identities::mapping(std::uint64_t sgl) const {
  const auto it = mappings_.find(sgl);
  return it != mappings_.end() ? &it->second : nullptr;
}

void Identities::unmap(std::uint64_t sgl) {
  const auto it = mappings_.find(sgl);
  if (it == mappings_.end()) return;
  const std::uint32_t id = it->second.buffer;
  mappings_.erase(it);
  Buffer& b = buffer_state_[id];
  if (--b.mappings != 0 || !b.released) return;
  const auto named = buffers_.find(b.pointer);
  if (named == buffers_.end() || named->second != id) free_buffers_.push_back(id);
}

void Identities::unmap_call(std::uint32_t call) {
  for (auto& [in, sgl] : recent_maps_) {
    const Mapping* m = in == call && call != kNoId ? mapping(sgl) : nullptr;
    if (m != nullptr && m->call == call) unmap(sgl);
  }
}

}  // namespace custody::traces::ftrace
