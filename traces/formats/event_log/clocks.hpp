// SPDX-License-Identifier: BSD-2-Clause
// The clocks of a log's tasks: none goes back.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "traces/event.hpp"
#include "traces/formats/event_log/record.hpp"

namespace custody::traces::formats::event_log {

class Clocks {
 public:
  /// A converted trace is in the order in which its reader delivered it.
  [[nodiscard]] static bool has_own_time(const Record& r) {
    return r.has(Key::kTs) && !r.has(Key::kLine) && r.has(Key::kEvent);
  }
  /// `held` is not taken yet, and of `task`, as `next` is, which is older, but not older than what came before: `held`
  /// does not stand where it was written.
  [[nodiscard]] bool is_moved(const Record& held, const Record& next, std::uint32_t task) const {
    return held.integer(Key::kTs) > next.integer(Key::kTs) &&
           (task >= latest_.size() || latest_[task] <= next.integer(Key::kTs));
  }
  void miss(const Record& moved) { missing_ = std::max(missing_, moved.integer(Key::kTs)); }
  /// One that was moved belongs before this record: there is a gap.
  [[nodiscard]] bool passes_missing(const Record& record) {
    const bool passes = missing_ >= 0 && record.integer(Key::kTs) > missing_;
    if (passes) missing_ = -1;
    return passes;
  }
  /// Takes the record. True where it is older than the one before it of its task.
  [[nodiscard]] bool take(const Record& record, std::uint32_t task) {
    if (!has_own_time(record) || task == kNoId) return false;
    if (task >= latest_.size()) latest_.resize(task + std::size_t{1}, 0);
    const std::int64_t before = std::exchange(latest_[task], record.integer(Key::kTs));
    return latest_[task] < before;
  }

 private:
  std::vector<std::int64_t> latest_;  ///< by task
  std::int64_t missing_ = -1;         ///< time of a record that stood further up; -1: there was none
};

}  // namespace custody::traces::formats::event_log
