// SPDX-License-Identifier: BSD-2-Clause
// The names of a litmus file.
#include "traces/formats/litmus/names.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace custody::traces::formats::litmus {
namespace {

constexpr std::size_t kMaxListed = 20;

std::uint32_t next_id(std::size_t size) { return static_cast<std::uint32_t>(size); }

std::string listed(const std::vector<std::string_view>& names) {
  std::string all;
  for (std::size_t i = 0; i < std::min(names.size(), kMaxListed); ++i) all.append(i == 0 ? "" : ", ").append(names[i]);
  return all + (names.size() > kMaxListed ? ", ..." : "");
}

std::string listed(const std::vector<DeviceInfo>& devices) {
  if (devices.empty()) return "none is declared";
  std::vector<std::string_view> names;
  for (const DeviceInfo& device : devices) names.emplace_back(device.name);
  return listed(names);
}

}  // namespace

Names::Names(std::vector<DeviceInfo> devices, std::vector<std::string_view> older) : older_(std::move(older)) {
  directory_.devices = std::move(devices);
  for (std::size_t i = 0; i < directory_.devices.size(); ++i) devices_.emplace(directory_.devices[i].name, next_id(i));
}

std::uint32_t Names::task(std::string_view name) {
  const auto [place, added] = tasks_.try_emplace(name, next_id(directory_.tasks.size()));
  if (added) directory_.tasks.push_back(TaskInfo{std::string(name), -1});
  return place->second;
}

void Names::exit_task(std::string_view name) { tasks_.erase(name); }

std::uint32_t Names::export_buffer(const Words& words, const Statement& s) {
  if (devices_.contains(s.buffer)) words.fail(shown(s.buffer) + " is a device, expected the name of a buffer");
  BufferInfo info;
  info.name = s.buffer;
  info.exporter = s.exported.exporter;
  info.size = s.number;
  info.memory = s.exported.memory;
  info.export_seen = true;
  return add_buffer(std::move(info), s.buffer);
}

std::uint32_t Names::add_buffer(BufferInfo info, std::string_view name) {
  const std::uint32_t id = next_id(directory_.buffers.size());
  directory_.buffers.push_back(std::move(info));
  buffers_[name] = id;
  return id;
}

std::string Names::known_buffers() const {
  std::vector<std::string_view> names = older_;
  for (std::uint32_t id = 0; id < directory_.buffers.size(); ++id) {
    const std::string_view name = directory_.buffers[id].name;
    if (buffers_.find(name)->second == id && std::find(older_.begin(), older_.end(), name) == older_.end())
      names.push_back(name);
  }
  return names.empty() ? std::string() : "one of: " + listed(names) + "; or ";
}

std::uint32_t Names::buffer(const Words& words, std::string_view name) {
  const auto found = buffers_.find(name);
  if (found != buffers_.end()) return found->second;
  if (devices_.contains(name)) words.fail(shown(name) + " is a device, expected the name of a buffer");
  if (std::find(older_.begin(), older_.end(), name) == older_.end())
    words.fail("no line above exports " + shown(name) + ", expected " + known_buffers() +
               "an `export` of it, or `older " + std::string(name) +
               "` in the header for a buffer from before the trace");
  BufferInfo info;
  info.name = name;
  return add_buffer(std::move(info), name);
}

std::uint32_t Names::device(const Words& words, std::string_view name) const {
  const auto found = devices_.find(name);
  if (found == devices_.end())
    words.fail("undeclared device " + shown(name) +
               ", expected an attachment (`as NAME`) or a device that the header " +
               "declares: " + listed(directory_.devices));
  return found->second;
}

const std::uint32_t* Names::alias(const Words& words, std::string_view name, std::uint32_t buffer) const {
  const auto found = aliases_.find(name);
  if (found == aliases_.end()) return nullptr;
  const std::uint32_t of = directory_.attachments[found->second].buffer;
  if (of != buffer)
    words.fail("the attachment " + shown(name) + " is one of buffer " + shown(directory_.buffers[of].name) +
               ", not of " + shown(directory_.buffers[buffer].name));
  return &found->second;
}

Importer Names::add_attachment(std::uint32_t buffer, std::uint32_t device, std::string_view name, bool seen) {
  AttachmentInfo info;
  info.name =
      name.empty() ? directory_.buffers[buffer].name + ":" + directory_.devices[device].name : std::string(name);
  info.buffer = buffer;
  info.device = device;
  info.attach_seen = seen;
  const std::uint32_t id = next_id(directory_.attachments.size());
  directory_.attachments.push_back(std::move(info));
  live_.push_back(true);
  scope_.attach(buffer, device, id);
  return {device, id};
}

Importer Names::attach(const Words& words, const Statement& s, std::uint32_t buffer) {
  const std::uint32_t by = device(words, s.device);
  if (!s.alias.empty()) {
    if (devices_.contains(s.alias)) words.fail(shown(s.alias) + " is a device, expected a new name for the attachment");
    const auto old = aliases_.find(s.alias);
    if (old != aliases_.end() && live_[old->second])
      words.fail(shown(s.alias) + " names a live attachment, expected a new name");
  }
  const Importer importer = add_attachment(buffer, by, s.alias, true);
  if (!s.alias.empty()) aliases_[s.alias] = importer.attachment;
  return importer;
}

Importer Names::of_call(const Words& words, std::string_view name, std::uint32_t buffer) {
  if (const std::uint32_t* const id = alias(words, name, buffer)) return {directory_.attachments[*id].device, *id};
  const std::uint32_t by = device(words, name);
  const std::uint32_t id = scope_.of_call(buffer, by);
  return id == kNoId ? add_attachment(buffer, by, {}, false) : Importer{by, id};
}

Importer Names::of_dma(const Words& words, EventKind kind, std::string_view name, std::uint32_t buffer,
                       Importer enclosing) {
  if (const std::uint32_t* const id = alias(words, name, buffer)) return {directory_.attachments[*id].device, *id};
  const std::uint32_t by = device(words, name);
  return {by, scope_.of_dma(kind, buffer, by, enclosing.attachment, enclosing.device)};
}

void Names::end_attachment(std::uint32_t attachment) {
  const AttachmentInfo& info = directory_.attachments[attachment];
  live_[attachment] = false;
  scope_.end(info.buffer, info.device, attachment);
}

}  // namespace custody::traces::formats::litmus
