// SPDX-License-Identifier: BSD-2-Clause
// Draws the life of buffers as the machines tell it: nothing is decided here.
#include "checker/report/timeline.hpp"

#include <algorithm>

namespace custody::checker::report {

using traces::Event;
using traces::EventKind;
using traces::kNoId;

namespace {

void name_one(std::vector<std::string>& names, std::uint32_t id, const auto& infos) {
  if (id >= infos.size()) return;
  if (id >= names.size()) names.resize(id + std::size_t{1});
  if (names[id].empty()) names[id] = infos[id].name;
}

TimelineEvent event_of(const Event& e) {
  TimelineEvent out;
  out.line = e.at.line;
  out.ts = e.at.ts;
  out.bytes = e.maintenance.bytes != 0 ? e.maintenance.bytes : e.range.length;
  out.ret = e.ret;
  out.device = e.device;
  out.task = e.task;
  out.call = e.call;
  out.kind = e.kind;
  out.phase = e.phase;
  out.dir = e.dir;
  out.skips_sync = e.skips_sync();
  return out;
}

}  // namespace

void Timeline::know(std::uint32_t device, std::uint32_t task, const traces::Directory& d) {
  name_one(devices_, device, d.devices);
  name_one(tasks_, task, d.tasks);
}

Timeline::Live& Timeline::live_of(std::uint32_t buffer, std::uint32_t generation, const traces::Directory& d) {
  if (buffer >= live_.size()) live_.resize(buffer + std::size_t{1});
  Live& live = live_[buffer];
  const traces::BufferInfo& info = d.buffers[buffer];
  if (live.row == kNoId || live.generation != generation) {
    live = {};
    live.row = static_cast<std::uint32_t>(rows_.size());
    live.generation = generation;
    live.losses = losses_.size();
    rows_.emplace_back();
  }
  // A reader can learn them late.
  TimelineRow& row = rows_[live.row];
  if (info.generation == generation) {
    if (row.name != info.name) row.name = info.name;
    if (row.exporter != info.exporter) row.exporter = info.exporter;
    row.size = info.size;
    row.ino = info.ino;
  }
  return live;
}

void Timeline::close(std::vector<Slice>& slices, std::map<std::uint32_t, std::uint32_t>& open, std::uint32_t place) {
  for (const auto& [who, slice] : open) slices[slice].to = place;
  open.clear();
}

void Timeline::set(std::vector<Slice>& slices, std::map<std::uint32_t, std::uint32_t>& open, std::uint32_t who, bool is,
                   Slice slice) {
  const auto found = open.find(who);
  if (is && found == open.end()) {
    open.emplace(who, static_cast<std::uint32_t>(slices.size()));
    slices.push_back(slice);
  } else if (!is && found != open.end()) {
    slices[found->second].to = slice.from;
    open.erase(found);
  }
}

/// Nobody is known to have it behind a loss, until its next event.
void Timeline::hear_losses(Live& live) {
  if (live.losses == losses_.size()) return;
  const std::uint32_t loss = losses_[live.losses];
  live.losses = losses_.size();
  close(maps_, live.maps, loss);
  close(windows_, live.windows, loss);
  if (live.owner == kNoId) return;
  owners_[live.owner].to = loss;
  live.owner = static_cast<std::uint32_t>(owners_.size());
  owners_.push_back({live.row, loss, Slice::kOpen, kNotKnown});
}

void Timeline::draw(Live& live, const Standing& s, const Event& e, std::uint32_t place) {
  const std::uint32_t owner = s.known ? s.owner : kNotKnown;
  if (live.owner == kNoId || owners_[live.owner].who != owner) {
    if (live.owner != kNoId) owners_[live.owner].to = place;
    live.owner = static_cast<std::uint32_t>(owners_.size());
    owners_.push_back({live.row, place, Slice::kOpen, owner});
  }
  if (e.device != kNoId) set(maps_, live.maps, e.device, s.device_mapped, {live.row, place, Slice::kOpen, e.device});
  if (!s.has_windows) close(windows_, live.windows, place);
  else if (e.task != kNoId) {
    set(windows_, live.windows, e.task, s.task_has_window, {live.row, place, Slice::kOpen, e.task});
    if (s.task_has_window && e.kind == EventKind::kBeginCpuAccess) with_windows_[e.task].push_back(e.buffer);
  }
  if (owner == model::at(model::kStates, "Freed")) close(maps_, live.maps, place);
}

/// The windows of a task close with it.
void Timeline::end_task(const Event& e, const StandingOf& standing, std::uint32_t place) {
  const auto found = with_windows_.find(e.task);
  if (found == with_windows_.end()) return;
  std::vector<std::uint32_t> buffers = std::move(found->second);
  with_windows_.erase(found);
  std::sort(buffers.begin(), buffers.end());
  buffers.erase(std::unique(buffers.begin(), buffers.end()), buffers.end());
  for (const std::uint32_t buffer : buffers) {
    Live& live = live_[buffer];
    const Standing s = standing(buffer, e);
    if (live.generation == s.generation) draw(live, s, e, place);
  }
}

void Timeline::note(const Event& e, const StandingOf& standing, const traces::Directory& d) {
  if (events_.size() == kMostEvents) {
    ++left_out_;
    return;
  }
  const auto place = static_cast<std::uint32_t>(events_.size());
  events_.push_back(event_of(e));
  know(e.device, e.task, d);
  if (e.kind == EventKind::kLost) return losses_.push_back(place);
  if (e.kind == EventKind::kTaskExit) return end_task(e, standing, place);
  if (e.buffer >= d.buffers.size()) return;
  const Standing s = standing(e.buffer, e);
  Live& live = live_of(e.buffer, d.buffers[e.buffer].generation, d);
  hear_losses(live);
  events_.back().row = live.row;
  events_.back().operation = s.operation;
  events_.back().belief = s.belief;
  draw(live, s, e, place);
}

std::uint32_t Timeline::row_of(const Finding& f, const traces::Directory& d) {
  if (f.buffer >= d.buffers.size()) return kNoId;
  // What is told of a buffer when its id has the next one: no event of that one was heard yet.
  const bool is_told_late = f.buffer < live_.size() && live_[f.buffer].row != kNoId &&
                            f.place.trigger.at.line < (events_.empty() ? 0 : events_.back().line + 1);
  if (is_told_late) return live_[f.buffer].row;
  if (events_.size() == kMostEvents) return kNoId;
  return live_of(f.buffer, d.buffers[f.buffer].generation, d).row;
}

std::uint32_t Timeline::place_of(const Finding& f) const {
  if (events_.empty() || f.line > events_.back().line) {
    // Of the event that comes next, or of an operation that has lines of its own behind that of its call.
    const bool is_next = events_.empty() || f.place.trigger.at.line > events_.back().line;
    if (is_next && events_.size() == kMostEvents) return kNoId;
    return static_cast<std::uint32_t>(events_.size() - (is_next ? 0 : 1));
  }
  const auto after = std::upper_bound(events_.begin(), events_.end(), f.line,
                                      [](std::uint64_t line, const TimelineEvent& e) { return line < e.line; });
  return after == events_.begin() ? kNoId : static_cast<std::uint32_t>(after - events_.begin() - 1);
}

}  // namespace custody::checker::report
