// SPDX-License-Identifier: BSD-2-Clause
// A whole small trace in memory.
#include "traces/recorded_trace.hpp"

namespace custody::traces {
namespace {

using Ids = std::unordered_map<std::uint64_t, std::uint32_t>;

/// The new id of `key`, the next free one where it has none.
std::uint32_t renumber(Ids& ids, std::uint64_t key) {
  return ids.try_emplace(key, static_cast<std::uint32_t>(ids.size())).first->second;
}

std::uint32_t renumber_known(Ids& ids, std::uint32_t id) { return id == kNoId ? kNoId : renumber(ids, id); }

std::uint64_t key(std::uint32_t id, std::uint32_t generation) { return (std::uint64_t{generation} << 32U) | id; }

/// The place of `id`, made where it is new.
template <typename Info>
Info& entry(std::vector<Info>& infos, std::uint32_t id) {
  if (infos.size() <= id) infos.resize(id + std::size_t{1});
  return infos[id];
}

}  // namespace

std::uint32_t RecordedTrace::device(std::uint32_t id, const Directory& from) {
  if (id >= from.devices.size()) return kNoId;
  const std::uint32_t mine = renumber(devices_, id);
  entry(directory_.devices, mine) = from.devices[id];
  return mine;
}

std::uint32_t RecordedTrace::task(std::uint32_t id, const Directory& from) {
  if (id >= from.tasks.size()) return kNoId;
  const std::uint32_t mine = renumber(tasks_, id);
  entry(directory_.tasks, mine) = from.tasks[id];
  return mine;
}

std::uint32_t RecordedTrace::buffer(std::uint32_t id, const Directory& from) {
  if (id >= from.buffers.size()) return kNoId;
  const std::uint32_t mine = renumber(buffers_, key(id, from.buffers[id].generation));
  BufferInfo& info = entry(directory_.buffers, mine);
  info = from.buffers[id];
  info.generation = 0;
  return mine;
}

std::uint32_t RecordedTrace::attachment(std::uint32_t id, const Directory& from) {
  if (id >= from.attachments.size()) return kNoId;
  const AttachmentInfo& info = from.attachments[id];
  const auto [place, added] =
      attachments_.try_emplace(key(id, info.generation), static_cast<std::uint32_t>(attachments_.size()));
  const std::uint32_t mine = place->second;
  if (!added) {
    // Its buffer can be gone by now and the id of that mean another.
    directory_.attachments[mine].attach_seen = info.attach_seen;
    return mine;
  }
  AttachmentInfo copy = info;
  copy.generation = 0;
  copy.device = device(info.device, from);
  copy.buffer = buffer(info.buffer, from);
  directory_.attachments.push_back(std::move(copy));
  return mine;
}

void RecordedTrace::on_header(const Header& header, const Directory& directory) {
  header_ = header;
  for (std::size_t i = 0; i < directory.devices.size(); ++i) device(static_cast<std::uint32_t>(i), directory);
}

void RecordedTrace::on_event(const Event& event, const Directory& directory) {
  Event mine = event;
  mine.buffer = buffer(event.buffer, directory);
  mine.device = device(event.device, directory);
  mine.attachment = attachment(event.attachment, directory);
  mine.task = task(event.task, directory);
  mine.in = renumber_known(calls_, event.in);
  mine.call = renumber_known(calls_, event.call);
  mine.dma.mapping = renumber_known(mappings_, event.dma.mapping);
  events_.push_back(mine);
}

void replay(const RecordedTrace& trace, EventSink& sink) {
  sink.on_header(trace.header(), trace.directory());
  for (const Event& event : trace.events()) sink.on_event(event, trace.directory());
}

}  // namespace custody::traces
