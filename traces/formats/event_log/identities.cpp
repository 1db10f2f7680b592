// SPDX-License-Identifier: BSD-2-Clause
// Which objects the names of an event log mean.
#include "traces/formats/event_log/identities.hpp"

#include <algorithm>

namespace custody::traces::formats::event_log {
namespace {

/// An id for a new object: one that is free with its next generation, else a new one.
template <typename Info>
std::uint32_t take_id(std::vector<Info>& infos, std::vector<std::uint32_t>& free, std::vector<bool>& gone) {
  if (free.empty()) {
    infos.emplace_back();
    gone.push_back(false);
    return static_cast<std::uint32_t>(infos.size() - 1);
  }
  const std::uint32_t id = free.back();
  free.pop_back();
  const std::uint32_t generation = infos[id].generation + 1;
  infos[id] = Info{};
  infos[id].generation = generation;
  gone[id] = false;
  return id;
}

/// Forgets the name of `id`, unless it means another object by now.
template <typename Names>
void forget(Names& names, std::string_view name, std::uint32_t id) {
  const auto found = names.find(name);
  if (found != names.end() && *found == id) names.erase(found);
}

/// The name means `id` from here on; `id` has it by now.
template <typename Names>
void give(Names& names, std::string_view name, std::uint32_t id) {
  const auto old = names.find(name);
  if (old != names.end()) names.erase(old);
  names.insert(id);
}

}  // namespace

std::uint32_t Identities::device(const std::string& name) {
  const auto [place, added] = devices_.try_emplace(name, static_cast<std::uint32_t>(directory_.devices.size()));
  if (added) {
    directory_.devices.emplace_back();
    directory_.devices.back().name = name;
  }
  return place->second;
}

std::uint32_t Identities::task(const Task& task) {
  if (task.key.empty() && task.tid < 0 && task.comm.empty()) return kNoId;
  const auto next = static_cast<std::uint32_t>(directory_.tasks.size());
  const std::uint32_t id = !task.key.empty() ? task_keys_.try_emplace(task.key, next).first->second
                           : task.tid >= 0   ? tids_.try_emplace(task.tid, next).first->second
                                             : comms_.try_emplace(task.comm, next).first->second;
  if (id == next) directory_.tasks.push_back({task.comm, task.tid});
  TaskInfo& info = directory_.tasks[id];
  if (!task.comm.empty() && info.name != task.comm) info.name = task.comm;
  return id;
}

void Identities::exit_task(const Task& task) {
  if (!task.key.empty()) task_keys_.erase(task.key);
  else if (task.tid >= 0) tids_.erase(task.tid);
  else comms_.erase(task.comm);
}

std::uint32_t Identities::new_buffer(const std::string& name, bool seen) {
  const std::uint32_t id = take_id(directory_.buffers, gone_buffers_.free, gone_buffers_.gone);
  directory_.buffers[id].name = name;
  directory_.buffers[id].export_seen = seen;
  if (buffer_by_id_.size() <= id) buffer_by_id_.resize(id + std::size_t{1});
  buffer_by_id_[id].name.reset();
  give(buffers_, name, id);
  return id;
}

std::uint32_t Identities::announce_buffer(const std::string& name) {
  const auto known = buffers_.find(name);
  if (known != buffers_.end()) return *known;
  announced_.insert(name);
  return new_buffer(name, false);
}

std::uint32_t Identities::export_buffer(const std::string& name) {
  const auto old = buffers_.find(name);
  if (old != buffers_.end() && announced_.erase(name) != 0) {
    directory_.buffers[*old].export_seen = true;
    return *old;
  }
  if (old != buffers_.end()) release_buffer(*old);
  return new_buffer(name, true);
}

std::uint32_t Identities::buffer(const std::string& name) {
  const auto found = buffers_.find(name);
  if (!announced_.empty()) announced_.erase(name);
  return found == buffers_.end() ? new_buffer(name, false) : *found;
}

void Identities::release_buffer(std::uint32_t id) {
  if (gone_buffers_.gone[id]) return;
  gone_buffers_.gone[id] = true;
  gone_buffers_.order.emplace_back(id, directory_.buffers[id].generation);
  if (gone_buffers_.order.size() <= kTombstones) return;
  const std::uint32_t oldest = gone_buffers_.order.front().first;
  gone_buffers_.order.pop_front();
  bury_buffer(oldest);
}

void Identities::bury_buffer(std::uint32_t id) {
  while (buffer_by_id_[id].last != kNoId) bury_attachment(buffer_by_id_[id].last);
  forget(buffers_, NameOfBuffer{this}(id), id);
  gone_buffers_.free.push_back(id);
}

std::uint32_t Identities::new_attachment(const std::string& name, std::uint32_t buffer, std::uint32_t device,
                                         bool seen) {
  const std::uint32_t id = take_id(directory_.attachments, gone_attachments_.free, gone_attachments_.gone);
  AttachmentInfo& info = directory_.attachments[id];
  info.name = name;
  info.buffer = buffer;
  info.device = device;
  info.attach_seen = seen;
  if (attached_.size() <= id) attached_.resize(id + std::size_t{1});
  Attached& a = attached_[id];
  a = {};
  give(attachments_, name, id);
  if (buffer == kNoId) return id;
  std::uint32_t& last = buffer_by_id_[buffer].last;
  a.before = last;
  if (last != kNoId) attached_[last].behind = id;
  last = id;
  return id;
}

std::uint32_t Identities::attach(const std::string& name, std::uint32_t buffer, std::uint32_t device) {
  const auto old = attachments_.find(name);
  if (old != attachments_.end()) detach(*old);
  return new_attachment(name, buffer, device, true);
}

std::uint32_t Identities::attachment(const std::string& name, std::uint32_t buffer, std::uint32_t device) {
  const auto found = attachments_.find(name);
  if (found == attachments_.end()) return new_attachment(name, buffer, device, false);
  AttachmentInfo& info = directory_.attachments[*found];
  if (info.device == kNoId) info.device = device;
  return *found;
}

bool Identities::is_of_another(const std::string& attachment, const std::string& buffer) const {
  const auto known = attachments_.find(attachment);
  if (known == attachments_.end()) return false;
  const auto named = buffers_.find(buffer);
  return named == buffers_.end() || *named != directory_.attachments[*known].buffer;
}

void Identities::detach(std::uint32_t id) {
  if (gone_attachments_.gone[id]) return;
  gone_attachments_.gone[id] = true;
  gone_attachments_.order.emplace_back(id, directory_.attachments[id].generation);
  if (gone_attachments_.order.size() <= kTombstones) return;
  const auto [oldest, generation] = gone_attachments_.order.front();
  gone_attachments_.order.pop_front();
  // It may have been buried with its buffer.
  if (directory_.attachments[oldest].generation == generation && gone_attachments_.gone[oldest])
    bury_attachment(oldest);
}

void Identities::bury_attachment(std::uint32_t id) {
  const std::uint32_t buffer = directory_.attachments[id].buffer;
  const std::uint32_t before = attached_[id].before, behind = attached_[id].behind;
  if (before != kNoId) attached_[before].behind = behind;
  if (behind != kNoId) attached_[behind].before = before;
  else if (buffer != kNoId) buffer_by_id_[buffer].last = before;
  forget(attachments_, NameOfAttachment{this}(id), id);
  gone_attachments_.gone[id] = false;
  gone_attachments_.free.push_back(id);
}

void Identities::keep_name_of_buffer(std::uint32_t id) {
  if (!buffer_by_id_[id].name.exists()) buffer_by_id_[id].name.emplace(directory_.buffers[id].name);
}

void Identities::keep_name_of_attachment(std::uint32_t id) {
  if (!attached_[id].name.exists()) attached_[id].name.emplace(directory_.attachments[id].name);
}

std::uint32_t Identities::mapping(const std::string& name) {
  std::uint32_t* const known = mappings_.find(name);
  if (known != nullptr && *known != kNoId) return *known;
  const std::uint32_t id = mapping_count_++;
  if (mapping_count_ == kNoId) mapping_count_ = 0;
  if (known != nullptr) return *known = id;
  return mappings_.add(name, id);
}

void Identities::unmap(const std::string& name) {
  if (std::uint32_t* const known = mappings_.find(name)) *known = kNoId;
}

}  // namespace custody::traces::formats::event_log
