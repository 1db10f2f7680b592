// SPDX-License-Identifier: BSD-2-Clause
// The latest events of one buffer.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "checker/reported_event.hpp"

namespace custody::checker::replay {

class History {
 public:
  static constexpr std::size_t kKept = 8;
  using Events = std::array<ReportedEvent, kKept>;

  void begin() {
    events_ = significant_ = 0;
    last_ = {};
  }
  /// Is the call, or the access, older than the one before it, by the same task?
  [[nodiscard]] bool steps_back(const traces::Event& e) {
    const bool back = e.task == last_.task && e.at.ts < last_.ts;
    last_ = {e.task, e.at.ts};
    return back;
  }
  void remember(const traces::Event& e) {
    using traces::EventKind;
    using traces::Phase;
    ring_[events_ % kKept] = ReportedEvent(e);
    ++events_;
    const bool frame = e.phase == Phase::kReturn ||
                       (e.phase == Phase::kEnter && (e.kind == EventKind::kMap || e.kind == EventKind::kUnmap));
    if (!frame) ++significant_;
  }
  /// How many there were, without returns and without the entries of map and unmap.
  [[nodiscard]] std::uint64_t significant() const { return significant_; }
  /// Copies the latest into `out`, oldest first, and returns those copies.
  [[nodiscard]] std::span<const ReportedEvent> copy_to(Events& out) const {
    const std::uint64_t kept = events_ < kKept ? events_ : kKept;
    const auto oldest = ring_.begin() + static_cast<std::ptrdiff_t>((events_ - kept) % kKept);
    const auto end = ring_.begin() + static_cast<std::ptrdiff_t>(kept);
    std::copy(ring_.begin(), oldest, std::copy(oldest, end, out.begin()));
    return {out.data(), kept};
  }

 private:
  std::uint64_t events_ = 0, significant_ = 0;
  Events ring_;
  struct Last {
    std::uint32_t task = traces::kNoId;
    std::int64_t ts = -1;
  } last_;
};

}  // namespace custody::checker::replay
