// SPDX-License-Identifier: BSD-2-Clause
// Events of a log on their way to the sink: a DMA call waits for its cache operations, what follows waits behind it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "traces/extents.hpp"
#include "traces/formats/event_log/learned.hpp"

namespace custody::traces::formats::event_log {

class Queue {
 public:
  static constexpr std::size_t kMostWaiting = 1024;

  /// `learned`, null for most events, is what is known from the event on.
  using Deliver = std::function<void(const Event& event, const Learned* learned)>;
  explicit Queue(Deliver deliver) : deliver_(std::move(deliver)) {}

  void add(const Event& event, std::unique_ptr<Learned> learned);
  /// A DMA call whose cache operations name `call`. With `returns` it waits for its return, else for its task.
  void add_call(const Event& event, std::unique_ptr<Learned> learned, std::string call, bool returns);
  /// The waiting DMA call of that name; null where none waits. Valid until the next call of this object.
  [[nodiscard]] Event* waiting(const std::string& call);
  /// A cache operation of the waiting DMA call `call`; false where none waits.
  bool merge(const std::string& call, model::Operation kind, const Extent& extent, std::uint64_t line);
  /// The DMA call has returned.
  void close(const std::string& call);
  /// A record of `task` that belongs to none of its DMA calls: those that are one record are complete.
  void close_records_of(std::uint32_t task);
  /// The log ends.
  void close_all();

 private:
  struct Entry {
    Event event;
    bool open = false;
    bool returns = false;
    std::string call;
    std::vector<Extent> extents;
    std::unique_ptr<Learned> learned;
  };
  void close(Entry& entry);
  void flush();

  Deliver deliver_;
  std::deque<Entry> entries_;
  std::size_t open_ = 0;
};

}  // namespace custody::traces::formats::event_log
