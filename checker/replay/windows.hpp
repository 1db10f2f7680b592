// SPDX-License-Identifier: BSD-2-Clause
// The open CPU access windows of one buffer: which an end_cpu_access closes.
#pragma once

#include <span>
#include <vector>

#include "checker/lines/byte_range.hpp"
#include "model/direction.hpp"
#include "traces/event.hpp"

namespace custody::checker {

/// From the return of a begin_cpu_access to the return of the end_cpu_access that closes it.
struct CpuWindow {
  model::Direction dir = model::Direction::kNone;
  std::uint32_t task = traces::kNoId;
  std::uint32_t closing_call = traces::kNoId;  ///< the end_cpu_access that is closing it
  bool closing = false;                        ///< that call was entered: the CPU has left
  bool abandoned = false;                      ///< its task went away
  ByteRange range;

  /// The CPU may read through it now.
  [[nodiscard]] bool may_read() const { return !closing && model::device_may_write(dir); }
  /// The CPU may write through it now.
  [[nodiscard]] bool may_write() const { return !closing && model::device_may_read(dir); }
};

/// What an event of a window names.
struct WindowCall {
  std::uint32_t task = traces::kNoId, call = traces::kNoId;
  model::Direction dir = model::Direction::kNone;
  ByteRange range;
};

/// Of a begin_cpu_access or an end_cpu_access.
[[nodiscard]] constexpr WindowCall window_call(const traces::Event& e) {
  return {e.task, e.call, e.dir, {e.offset, e.length}};
}

/// Nesting is legal, also in one task. Pointers and spans are valid until the next call that is not const.
class CpuWindows {
 public:
  void open(const WindowCall& by) { windows_.push_back({by.dir, by.task, traces::kNoId, false, false, by.range}); }

  /// An end was entered. It closes the window of its own task, direction and range, else of its task and direction,
  /// else of its direction (another thread may close what one opened), else of its task, else any; of these the oldest.
  void begin_end(const WindowCall& by);
  /// The window that the end with this call id is closing; null: none.
  [[nodiscard]] const CpuWindow* closed_by(std::uint32_t call) const;
  /// That end returned: its window is gone, or open again where the call failed.
  void finish_end(std::uint32_t call, bool ok);

  /// The task has a window open.
  [[nodiscard]] bool has_open(std::uint32_t task) const;
  /// Some task has a window of this direction open.
  [[nodiscard]] bool has_open(model::Direction dir) const;
  /// The task went away and left its windows open. True where it had any.
  bool abandon(std::uint32_t task);

  [[nodiscard]] std::span<const CpuWindow> all() const { return windows_; }
  [[nodiscard]] bool empty() const { return windows_.empty(); }
  void clear() { windows_.clear(); }

 private:
  std::vector<CpuWindow> windows_;
};

}  // namespace custody::checker
