// SPDX-License-Identifier: BSD-2-Clause
// A user mapping that may be read while a device writes, of a buffer on which no window ever opens: known at its end.
#pragma once

#include "model/on_demand.hpp"
#include "traces/event.hpp"

namespace custody::checker::replay {

struct Rooms;
struct BufferState;

/// What is seen of one buffer's windows and user mappings.
class WindowWatch {
 public:
  void begin() { *this = {}; }
  void note_window() { opened_ = true; }
  /// An access outside windows was told: that says more than any advice.
  void note_told() { told_ = true; }
  [[nodiscard]] bool was_told() const { return told_; }
  /// A user mapping lives while the device may write: `e` brought them together.
  void note_writer(const traces::Event& e, std::uint32_t device);
  /// The call that first brought a user mapping and a writing device together; null: none did, or a window opened.
  [[nodiscard]] const traces::Event* together() const { return opened_ || told_ ? nullptr : together_.get(); }
  [[nodiscard]] std::uint32_t device() const { return device_; }

 private:
  bool opened_ = false, told_ = false;
  std::uint32_t device_ = traces::kNoId;
  model::OnDemand<traces::Event> together_;
};

/// A map or an mmap succeeded, or a begin: looks at who may write now.
void watch_windows(Rooms& rooms, BufferState& b, const traces::Event& e);

/// Nothing more will happen to the buffer: says what its client ought to have done. Once.
void advise(Rooms& rooms, BufferState& b);

}  // namespace custody::checker::replay
