// SPDX-License-Identifier: BSD-2-Clause
// One call that two records tell, as a function is probed and another that does nothing but call it.
#pragma once

#include <cstdint>

#include "traces/formats/ftrace/fields.hpp"
#include "traces/formats/ftrace/identities.hpp"
#include "traces/formats/ftrace/probes.hpp"
#include "traces/formats/ftrace/task.hpp"

namespace custody::traces::formats::ftrace {

/// Whoever probes dma_buf_map_attachment_unlocked() may have probed dma_buf_map_attachment() too, which it calls, and
/// dma_buf_ioctl() begins and ends windows by functions of which it may hold copies that no probe sees. The
/// first record of the two counts: at an entry that of the outer function (`ProbeName::wraps`), at a return that of the
/// inner one. Where only one of them is probed, or one of the records is missing, the other counts.
class ToldTwice {
 public:
  /// Was what the record tells told by the one before it?
  [[nodiscard]] bool is_again(const ProbeName& probe, const Fields& f, Task& task, const Identities& ids) {
    if (!probe.wraps) {
      inner_ |= 1U << static_cast<unsigned>(probe.probe);
      return outer_ && is_inner_again(probe, f, task, ids);
    }
    outer_ = true;
    return ((inner_ >> static_cast<unsigned>(probe.probe)) & 1U) != 0 && is_outer_again(probe, f, task, ids);
  }
  /// The record counts: of an entry, after its frame was made.
  static void note_entry(const ProbeName& probe, const Fields& f, Task& task) {
    if (!probe.wraps) return;
    if (probe.probe == kVunmapProbe) task.unmapped_by_outer = f.value[Fields::kDmabuf];
    else if (is_entry(probe.probe) && !task.stack.empty()) task.stack.back().awaits_inner = true;
    if (is_window(probe.probe) && !task.stack.empty()) task.stack.back().by_ioctl = true;
  }

 private:
  static bool is_window(Probe probe) { return probe == kBegin || probe == kEnd; }
  static bool is_entry(Probe probe) {
    return probe == kMapProbe || probe == kUnmapProbe || probe == kVmapProbe || is_window(probe);
  }
  static bool is_inner_again(const ProbeName& probe, const Fields& f, Task& task, const Identities& ids);
  static bool is_outer_again(const ProbeName& probe, const Fields& f, const Task& task, const Identities& ids);

  std::uint32_t inner_ = 0;  ///< probes of which an inner function's record was there
  bool outer_ = false;       ///< any record of an outer one was there
};

}  // namespace custody::traces::formats::ftrace
