// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/told_twice.hpp"

#include <algorithm>
#include <utility>

namespace custody::traces::formats::ftrace {

bool ToldTwice::is_inner_again(const ProbeName& probe, const Fields& f, Task& task, const Identities& ids) {
  if (probe.probe == kVunmapProbe)
    return f.value[Fields::kDmabuf] != 0 && std::exchange(task.unmapped_by_outer, 0) == f.value[Fields::kDmabuf];
  if (!is_entry(probe.probe) || task.stack.empty()) return false;
  Frame& frame = task.stack.back();
  if (is_window(probe.probe) && frame.buffer != ids.live_buffer(f.value[Fields::kDmabuf])) return false;
  return frame.kind == probe.kind && std::exchange(frame.awaits_inner, false);
}

bool ToldTwice::is_outer_again(const ProbeName& probe, const Fields& f, const Task& task, const Identities& ids) {
  if (probe.probe == kAttachProbe) {
    const std::uint32_t buffer = ids.attached_to(f.value[Fields::kAttach]);
    return buffer != kNoId && buffer == ids.live_buffer(f.value[Fields::kDmabuf]);
  }
  if (probe.probe != kMapRet && probe.probe != kUnmapRet && probe.probe != kVmapRet) return false;
  return std::none_of(task.stack.begin(), task.stack.end(), [&](const Frame& x) { return x.kind == probe.kind; });
}

}  // namespace custody::traces::formats::ftrace
