// SPDX-License-Identifier: BSD-2-Clause
// Events of a log on their way to the sink.
#include "traces/formats/event_log/queue.hpp"

#include <algorithm>

namespace custody::traces::formats::event_log {

void Queue::add(const Event& event, std::unique_ptr<Learned> learned) {
  if (entries_.empty()) return deliver_(event, learned.get());
  Entry entry;
  entry.event = event;
  entry.learned = std::move(learned);
  entries_.push_back(std::move(entry));
  if (entries_.size() <= kMostWaiting) return;
  close(entries_.front());
  flush();
}

void Queue::add_call(const Event& event, std::unique_ptr<Learned> learned, std::string call, bool returns) {
  Entry entry;
  entry.event = event;
  entry.learned = std::move(learned);
  entry.open = true;
  entry.returns = returns;
  entry.call = std::move(call);
  entries_.push_back(std::move(entry));
  ++open_;
  if (entries_.size() <= kMostWaiting) return;
  close(entries_.front());
  flush();
}

Event* Queue::waiting(const std::string& call) {
  if (open_ == 0) return nullptr;
  // The latest first: a name can be given again.
  const auto found = std::find_if(entries_.rbegin(), entries_.rend(),
                                  [&](const Entry& entry) { return entry.open && entry.call == call; });
  return found == entries_.rend() ? nullptr : &found->event;
}

bool Queue::merge(const std::string& call, model::Operation kind, const Extent& extent, std::uint64_t line) {
  Event* const event = waiting(call);
  if (event == nullptr) return false;
  Maintenance& did = event->maintenance;
  did.known = true;
  if (kind == model::Operation::kNone) return true;
  add_operation(did, kind, line);
  for (Entry& entry : entries_)
    if (&entry.event == event) entry.extents.push_back(extent);
  return true;
}

void Queue::close(Entry& entry) {
  if (!entry.open) return;
  entry.open = false;
  --open_;
  if (!entry.extents.empty()) cover(entry.event.maintenance, std::move(entry.extents));
}

void Queue::close(const std::string& call) {
  const Event* const event = waiting(call);
  for (Entry& entry : entries_)
    if (&entry.event == event) close(entry);
  flush();
}

void Queue::close_records_of(std::uint32_t task) {
  if (open_ == 0) return;
  for (Entry& entry : entries_)
    if (entry.open && !entry.returns && entry.event.task == task) close(entry);
  flush();
}

void Queue::close_all() {
  for (Entry& entry : entries_) close(entry);
  flush();
}

void Queue::flush() {
  while (!entries_.empty() && !entries_.front().open) {
    deliver_(entries_.front().event, entries_.front().learned.get());
    entries_.pop_front();
  }
}

}  // namespace custody::traces::formats::event_log
