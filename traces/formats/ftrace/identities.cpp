// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/identities.hpp"

#include <string>

#include "model/spelling.hpp"
#include "traces/formats/ftrace/cleaning.hpp"

namespace custody::traces::formats::ftrace {

std::uint32_t Identities::add_buffer(bool export_seen) {
  auto id = static_cast<std::uint32_t>(directory_.buffers.size());
  if (!buffers_.free.empty()) {
    id = buffers_.free.back();
    buffers_.free.pop_back();
  } else {
    directory_.buffers.emplace_back();
    buffers_.state.emplace_back();
  }
  BufferInfo& info = directory_.buffers[id];
  const std::uint32_t generation = info.generation + 1;
  info = BufferInfo{};
  info.generation = generation;
  info.name = "b" + std::to_string(++buffers_.count);
  info.export_seen = export_seen;
  info.by_address = true;
  buffers_.state[id] = {};
  return id;
}

void Identities::drop_buffer(std::uint32_t id) { buffers_.free.push_back(id); }

std::uint32_t Identities::new_buffer(std::uint64_t pointer, bool export_seen) {
  const std::uint32_t id = add_buffer(export_seen);
  directory_.buffers[id].by_address = false;
  buffers_.state[id] = {pointer, 0, false};
  buffers_.by_pointer[pointer] = id;
  return id;
}

std::uint32_t Identities::export_buffer(std::uint64_t pointer) {
  const auto it = buffers_.by_pointer.find(pointer);
  if (it != buffers_.by_pointer.end()) {
    Buffer& old = buffers_.state[it->second];
    // A dead buffer whose pointer is taken can no longer be named: its id is free.
    if (old.released && old.mappings == 0) buffers_.free.push_back(it->second);
  }
  return new_buffer(pointer, true);
}

std::uint32_t Identities::buffer(std::uint64_t pointer) {
  const auto it = buffers_.by_pointer.find(pointer);
  return it != buffers_.by_pointer.end() ? it->second : new_buffer(pointer, false);
}

std::uint32_t Identities::live_buffer(std::uint64_t pointer) const {
  const auto it = buffers_.by_pointer.find(pointer);
  return it != buffers_.by_pointer.end() && !buffers_.state[it->second].released ? it->second : kNoId;
}

void Identities::release_buffer(std::uint64_t pointer) {
  const auto it = buffers_.by_pointer.find(pointer);
  if (it == buffers_.by_pointer.end() || buffers_.state[it->second].released) return;
  buffers_.state[it->second].released = true;
  buffers_.tombstones.emplace_back(it->second, directory_.buffers[it->second].generation);
  if (buffers_.tombstones.size() > kTombstones) bury();
}

void Identities::bury() {
  const auto [id, generation] = buffers_.tombstones.front();
  buffers_.tombstones.pop_front();
  if (directory_.buffers[id].generation != generation || !buffers_.state[id].released) return;
  const auto it = buffers_.by_pointer.find(buffers_.state[id].pointer);
  if (it == buffers_.by_pointer.end() || it->second != id)
    return;  // the pointer means another buffer: the id was freed then
  buffers_.by_pointer.erase(it);
  if (buffers_.state[id].mappings == 0) buffers_.free.push_back(id);
}

void Identities::forget_released() {
  while (!buffers_.tombstones.empty()) bury();
}

std::uint32_t Identities::add_attachment(std::uint32_t buffer, std::uint32_t device) {
  std::uint32_t id = attachments_.ids.take();
  if (id == kNoId) {
    id = static_cast<std::uint32_t>(directory_.attachments.size());
    directory_.attachments.emplace_back();
  }
  AttachmentInfo& info = directory_.attachments[id];
  info.name = "a" + std::to_string(++attachments_.count);
  info.device = device;
  info.buffer = buffer;
  info.attach_seen = true;
  ++info.generation;
  return id;
}

std::uint32_t Identities::attach(std::uint64_t pointer, std::uint32_t buffer, std::uint32_t device) {
  const std::uint32_t id = add_attachment(buffer, device);
  attachments_.by_pointer[pointer] = id;
  return id;
}

std::uint32_t Identities::attachment(std::uint64_t pointer, std::uint32_t buffer) {
  const auto it = attachments_.by_pointer.find(pointer);
  if (it != attachments_.by_pointer.end() && directory_.attachments[it->second].buffer == buffer) return it->second;
  const std::uint32_t id = attach(pointer, buffer, kNoId);
  directory_.attachments[id].attach_seen = false;
  return id;
}

std::uint32_t Identities::attached_to(std::uint64_t pointer) const {
  const auto it = attachments_.by_pointer.find(pointer);
  if (it == attachments_.by_pointer.end()) return kNoId;
  const std::uint32_t buffer = directory_.attachments[it->second].buffer;
  return buffer != kNoId && !buffers_.state[buffer].released ? buffer : kNoId;
}

void Identities::detach(std::uint64_t pointer) {
  const auto it = attachments_.by_pointer.find(pointer);
  if (it == attachments_.by_pointer.end()) return;
  attachments_.ids.give_back(it->second);
  attachments_.by_pointer.erase(it);
}

std::uint32_t Identities::device(std::string_view name) {
  const std::size_t place = name.size() * 7 + static_cast<unsigned char>(name.empty() ? ' ' : name.back());
  std::uint32_t& recent = devices_.recent[place % devices_.recent.size()];
  if (recent != kNoId && directory_.devices[recent].name == name) return recent;
  const auto [it, added] =
      devices_.by_name.try_emplace(std::string(name), static_cast<std::uint32_t>(directory_.devices.size()));
  // Outputs of UTF-8 tell two such names apart too.
  if (added) directory_.devices.push_back({model::spell_as_utf8(name), notes_.coherent(name), false, false});
  return recent = it->second;
}

std::uint32_t Identities::task(std::int64_t pid, std::uint32_t cpu, std::string_view comm) {
  // All idle tasks have pid 0: each processor has its own.
  const std::uint64_t key = pid != 0 ? static_cast<std::uint64_t>(pid) : (std::uint64_t{1} << 40U) | cpu;
  Tasks::Recent& recent = tasks_.recent[key % tasks_.recent.size()];
  if (recent.key == key) return recent.id;
  const auto [it, added] = tasks_.by_key.try_emplace(key, static_cast<std::uint32_t>(directory_.tasks.size()));
  if (added) {
    std::string cleaned;
    clean(comm, cleaned);
    directory_.tasks.push_back({std::string(without_prefix(cleaned)), pid});
  }
  recent = {key, it->second};
  return it->second;
}

std::uint32_t Identities::map(std::uint64_t sgl, const Mapping& mapping) {
  const auto [it, added] = mappings_.by_sgl.try_emplace(sgl, mapping);
  if (!added && it->second.buffer == mapping.buffer) {
    it->second.call = mapping.call;
    return it->second.id;
  }
  if (!added) {
    --buffers_.state[it->second.buffer].mappings;
    it->second = mapping;
  }
  it->second.id = mappings_.count++;
  ++buffers_.state[mapping.buffer].mappings;
  mappings_.recent[it->second.id % mappings_.recent.size()] = {mapping.call, sgl};
  return it->second.id;
}

const Mapping* Identities::mapping(std::uint64_t sgl) const {
  const auto it = mappings_.by_sgl.find(sgl);
  return it != mappings_.by_sgl.end() ? &it->second : nullptr;
}

void Identities::unmap(std::uint64_t sgl) {
  const auto it = mappings_.by_sgl.find(sgl);
  if (it == mappings_.by_sgl.end()) return;
  const std::uint32_t id = it->second.buffer;
  mappings_.by_sgl.erase(it);
  Buffer& b = buffers_.state[id];
  if (--b.mappings != 0 || !b.released) return;
  const auto named = buffers_.by_pointer.find(b.pointer);
  if (named == buffers_.by_pointer.end() || named->second != id) buffers_.free.push_back(id);
}

void Identities::unmap_call(std::uint32_t call) {
  for (auto& [in, sgl] : mappings_.recent) {
    const Mapping* m = in == call && call != kNoId ? mapping(sgl) : nullptr;
    if (m != nullptr && m->call == call) unmap(sgl);
  }
}

}  // namespace custody::traces::formats::ftrace
