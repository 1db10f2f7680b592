// SPDX-License-Identifier: BSD-2-Clause
// The DMA calls that wait for the architecture's operations which belong to them: at most one of each task.
#pragma once

#include <cstdint>
#include <vector>

namespace custody::traces::formats::ftrace {

class WaitingCalls {
 public:
  struct Call {
    std::uint32_t task, buffer;
  };

  void add(std::uint32_t task, std::uint32_t buffer) {
    calls_.push_back({task, buffer});
    buffers_ |= bit_of(buffer);
  }
  void remove(std::uint32_t task) {
    std::erase_if(calls_, [task](const Call& c) { return c.task == task; });
    note_buffers();
  }
  /// What the task's call is on was not known when it was added.
  void find_buffer(std::uint32_t task, std::uint32_t buffer) {
    for (Call& c : calls_)
      if (c.task == task) c.buffer = buffer;
    note_buffers();
  }
  /// False: none of them is on the buffer. Asked for each event.
  [[nodiscard]] bool may_be_on(std::uint32_t buffer) const { return (buffers_ & bit_of(buffer)) != 0; }
  /// In the order in which they were added.
  [[nodiscard]] const std::vector<Call>& all() const { return calls_; }

 private:
  static constexpr std::uint64_t bit_of(std::uint32_t buffer) { return std::uint64_t{1} << (buffer % 64U); }
  void note_buffers() {
    buffers_ = 0;
    for (const Call& c : calls_) buffers_ |= bit_of(c.buffer);
  }

  std::vector<Call> calls_;
  std::uint64_t buffers_ = 0;  ///< a bit for each buffer that one is on; some share a bit
};

}  // namespace custody::traces::formats::ftrace
