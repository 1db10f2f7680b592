// SPDX-License-Identifier: BSD-2-Clause
// What happened to the buffers of a trace, in tracks that can be drawn: a row a buffer, with slices of its life.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "checker/finding.hpp"

namespace custody::checker::report {

/// An event of the time line. Names are in its tables, by these numbers.
struct TimelineEvent {
  std::uint64_t line = 0, bytes = 0;
  std::int64_t ts = -1;  ///< nanoseconds; -1: the trace has no time
  std::int32_t ret = 0;
  std::uint32_t row = traces::kNoId, device = traces::kNoId, task = traces::kNoId, call = traces::kNoId;
  traces::EventKind kind = traces::EventKind::kLost;
  traces::Phase phase = traces::Phase::kWhole;
  model::Direction dir = model::Direction::kNone;
  model::Operation operation = model::Operation::kNone;
  model::Belief belief;  ///< of its buffer, behind it
  bool skips_sync = false;
};

/// A time of a buffer's life: from behind one event to another, by their places.
struct Slice {
  static constexpr std::uint32_t kOpen = traces::kNoId;  ///< it lasts to the end
  std::uint32_t row = 0, from = 0, to = kOpen;
  std::uint32_t who = 0;  ///< the owner's state, or `kNotKnown`; the device of a map; the task of a window
};
inline constexpr std::uint32_t kNotKnown = model::kStateCount;

struct TimelineRow {
  std::string name, exporter;
  std::uint64_t size = 0, ino = 0;
};

/// The tracks of one trace. Memory grows with it up to `kMostEvents`; what comes later is counted.
class Timeline {
 public:
  static constexpr std::size_t kMostEvents = 1'000'000;

  void note(const traces::Event& e, const StandingOf& standing, const traces::Directory& d);
  /// The row of the buffer that a finding is about, and the place of the event at which it is made; kNoId where that is
  /// not in the time line.
  [[nodiscard]] std::uint32_t row_of(const Finding& f, const traces::Directory& d);
  [[nodiscard]] std::uint32_t place_of(const Finding& f) const;
  /// The name of a device or a task is known from here on.
  void know(std::uint32_t device, std::uint32_t task, const traces::Directory& d);
  void clear() { *this = {}; }

  [[nodiscard]] const std::vector<TimelineEvent>& events() const { return events_; }
  [[nodiscard]] const std::vector<TimelineRow>& rows() const { return rows_; }
  [[nodiscard]] const std::vector<Slice>& owners() const { return owners_; }
  [[nodiscard]] const std::vector<Slice>& maps() const { return maps_; }
  [[nodiscard]] const std::vector<Slice>& windows() const { return windows_; }
  [[nodiscard]] const std::vector<std::string>& devices() const { return devices_; }
  [[nodiscard]] const std::vector<std::string>& tasks() const { return tasks_; }
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  /// What is open of the buffer that has an id now.
  struct Live {
    std::uint32_t row = traces::kNoId, generation = 0;
    std::uint32_t owner = traces::kNoId;                   ///< its slice
    std::map<std::uint32_t, std::uint32_t> maps, windows;  ///< slices by device and by task
    std::size_t losses = 0;                                ///< so many were heard
  };

  Live& live_of(std::uint32_t buffer, std::uint32_t generation, const traces::Directory& d);
  void hear_losses(Live& live);
  void draw(Live& live, const Standing& s, const traces::Event& e, std::uint32_t place);
  void end_task(const traces::Event& e, const StandingOf& standing, std::uint32_t place);
  static void close(std::vector<Slice>& slices, std::map<std::uint32_t, std::uint32_t>& open, std::uint32_t place);
  static void set(std::vector<Slice>& slices, std::map<std::uint32_t, std::uint32_t>& open, std::uint32_t who, bool is,
                  Slice slice);

  std::vector<TimelineEvent> events_;
  std::vector<TimelineRow> rows_;
  std::vector<Slice> owners_, maps_, windows_;
  std::vector<std::string> devices_, tasks_;
  std::vector<Live> live_;                                            ///< by the trace's id
  std::vector<std::uint32_t> losses_;                                 ///< their places
  std::map<std::uint32_t, std::vector<std::uint32_t>> with_windows_;  ///< buffers by the task that opened one
  std::uint64_t left_out_ = 0;
};

}  // namespace custody::checker::report
