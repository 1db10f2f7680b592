// SPDX-License-Identifier: BSD-2-Clause
// Mappings that outlive their buffer: when it is known that whoever released a buffer went on.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// The exporter unmaps inside the release: only where that returned, or its task did something else, is an unmap
/// missing.
class LeakWatch {
 public:
  void note(const traces::Event& e) {
    if (e.task == traces::kNoId) return;
    if (e.task >= last_line_of_task_.size()) last_line_of_task_.resize(e.task + std::size_t{1});
    last_line_of_task_[e.task] = e.at.line;
  }
  [[nodiscard]] bool went_on(const Release& release) const {
    return release.returned || (release.task != traces::kNoId && last_line_of_task_[release.task] > release.line);
  }
  /// A buffer was released. Returns the one that has waited for so many releases that it is to be judged now, before
  /// its id stands for another: readers keep an id for thousands of releases.
  [[nodiscard]] std::optional<std::uint32_t> await(std::uint32_t buffer) {
    std::uint32_t& place = released_[releases_++ % released_.size()];
    std::optional<std::uint32_t> waited;
    if (releases_ > released_.size()) waited = place;
    place = buffer;
    return waited;
  }

 private:
  std::vector<std::uint64_t> last_line_of_task_;
  std::array<std::uint32_t, 256> released_{};
  std::uint64_t releases_ = 0;
};

/// Says what is still mapped of a buffer that is gone, once: nothing as long as it is not known that its release went
/// on.
void judge_leaks(Rooms& rooms, BufferState& b, const LeakWatch& watch);

}  // namespace custody::checker::replay
