// SPDX-License-Identifier: BSD-2-Clause
// Strings the rooms of a replay together: each event of a trace passes them once.
#pragma once

#include "checker/replay/leaks.hpp"
#include "checker/replay/rooms.hpp"
#include "checker/replay/verdict.hpp"

namespace custody::checker::replay {

/// A reader's sink. Takes the events of one trace and hands each fault to `report` as it appears. Constant memory per
/// live buffer. Not thread safe.
class Engine final : public traces::EventSink {
 public:
  using Report = Judge::Report;

  /// `options` must outlive it.
  Engine(const Options& options, Report report) : rooms_(options, std::move(report)) {}

  void on_header(const traces::Header& header, const traces::Directory& directory) override;
  void on_event(const traces::Event& event, const traces::Directory& directory) override;
  void on_gap(const traces::Gap& gap, const traces::Directory& directory) override;
  /// Judges what only the end can tell.
  void on_end(const traces::Directory& directory) override;
  /// Memory ran out while this event was walked: of its buffer nothing is known any more.
  void give_up(const traces::Event& e) { drop(rooms_, e.buffer); }
  /// More buffers than these are live, and have their room.
  [[nodiscard]] bool has_more_live_than(std::uint64_t most) const {
    return rooms_.summary.live_buffers > most && rooms_.buffers.size() > most;
  }
  /// Closes the sums, after `on_end` or after an error in the input. Call once.
  [[nodiscard]] const Summary& finish();
  /// What is known so far of the device with this id.
  [[nodiscard]] Coherence coherence_of(std::uint32_t device) {
    return rooms_.devices ? rooms_.devices->of(device).coherence : Coherence::kUnknown;
  }
  /// For who looks at it from outside (standing.hpp, knowledge.hpp).
  [[nodiscard]] Rooms& rooms() { return rooms_; }

 private:
  BufferState& buffer_of(const traces::Event& e);
  void walk(BufferState& b, const traces::Event& e);
  void close(BufferState& b);

  Rooms rooms_;
  LeakWatch leaks_;
};

}  // namespace custody::checker::replay
