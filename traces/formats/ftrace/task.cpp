// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/task.hpp"

#include <algorithm>

namespace custody::traces::formats::ftrace {

std::size_t drop_orphans(Task& task) {
  const std::size_t count = task.orphans.size();
  task.orphans.clear();
  task.orphan_sgls.clear();
  return count;
}

Frame pop(Task& task, AttachmentIds& attachments) {
  const Frame frame = task.stack.back();
  task.stack.pop_back();
  attachments.let_go(frame.attachment);
  return frame;
}

std::size_t depth_at_detach(const Task& task, std::uint32_t buffer, const std::bitset<kEventKinds>& returns_seen) {
  const auto same = std::find_if(task.stack.begin(), task.stack.end(), [&](const Frame& x) {
    return x.buffer == buffer && returns_seen.test(static_cast<std::size_t>(x.kind));
  });
  return static_cast<std::size_t>(same - task.stack.begin());
}

}  // namespace custody::traces::formats::ftrace
