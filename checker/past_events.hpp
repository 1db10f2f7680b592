// SPDX-License-Identifier: BSD-2-Clause
// The latest events of one buffer, in the form in which they are kept: each is made out when it is looked at, as of
// most findings nobody looks at any.
#pragma once

#include <cstddef>
#include <cstdint>

#include "checker/reported_event.hpp"

namespace custody::checker {

/// What is kept of an event: there can be very many buffers.
class KeptEvent {
 public:
  KeptEvent() = default;
  explicit KeptEvent(const traces::Event& e)
      : kind_(e.kind), phase_(e.phase), dir_(e.dir),
        operation_(e.maintenance.known ? e.maintenance.kind : model::Operation::kNone), skips_sync_(e.skips_sync()),
        names_buffer_(e.buffer != traces::kNoId), ret_(e.ret), device_(e.device), task_(e.task), at_(e.at) {}
  [[nodiscard]] traces::EventKind kind() const { return kind_; }
  /// Of this buffer.
  [[nodiscard]] ReportedEvent of(std::uint32_t buffer) const {
    ReportedEvent e;
    e.kind = kind_;
    e.phase = phase_;
    e.dir = dir_;
    e.operation = operation_;
    e.skips_sync = skips_sync_;
    e.ret = ret_;
    e.buffer = names_buffer_ ? buffer : traces::kNoId;
    e.device = device_;
    e.task = task_;
    e.at = at_;
    return e;
  }

 private:
  traces::EventKind kind_ = traces::EventKind::kLost;
  traces::Phase phase_ : 2 = traces::Phase::kWhole;
  model::Direction dir_ : 2 = model::Direction::kNone;
  model::Operation operation_ : 2 = model::Operation::kNone;
  bool skips_sync_ : 1 = false, names_buffer_ : 1 = false;
  std::int32_t ret_ = 0;
  std::uint32_t device_ = traces::kNoId, task_ = traces::kNoId;
  traces::Source at_;
};
static_assert(sizeof(KeptEvent) <= 32);

/// Some of them, oldest first, where they are kept: in a row, or in a ring that is full. Valid as long as they are
/// there.
class PastEvents {
 public:
  PastEvents() = default;
  /// `oldest`: where in `kept` it is. Others follow, at the end from the beginning on.
  PastEvents(const KeptEvent* kept, std::uint8_t count, std::uint8_t oldest, std::uint32_t buffer)
      : kept_(kept), buffer_(buffer), count_(count), oldest_(oldest) {}

  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] std::uint32_t buffer() const { return buffer_; }
  /// The event at a place below `size()`, as it is kept and as it is said.
  [[nodiscard]] const KeptEvent& kept(std::size_t place) const { return kept_[(oldest_ + place) % count_]; }
  [[nodiscard]] ReportedEvent operator[](std::size_t place) const { return kept(place).of(buffer_); }

  class Iterator {
   public:
    Iterator(const PastEvents& events, std::size_t place) : events_(events), place_(place) {}
    [[nodiscard]] ReportedEvent operator*() const { return events_[place_]; }
    Iterator& operator++() { return ++place_, *this; }
    [[nodiscard]] bool operator!=(const Iterator& other) const { return place_ != other.place_; }

   private:
    const PastEvents& events_;
    std::size_t place_;
  };
  [[nodiscard]] Iterator begin() const { return {*this, 0}; }
  [[nodiscard]] Iterator end() const { return {*this, count_}; }

 private:
  const KeptEvent* kept_ = nullptr;
  std::uint32_t buffer_ = traces::kNoId;
  std::uint8_t count_ = 0, oldest_ = 0;
};

}  // namespace custody::checker
