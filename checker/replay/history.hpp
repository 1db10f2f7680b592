// SPDX-License-Identifier: BSD-2-Clause
// The latest events of one buffer, and those that a finding is told by.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "checker/landmarks.hpp"
#include "model/coherence.hpp"

namespace custody::checker::replay {

class History {
 public:
  static constexpr std::size_t kKept = 8;
  using Events = std::array<ReportedEvent, kKept>;

  /// `dirty`: what the export allocates is in the cache.
  void begin(bool dirty = false) {
    events_ = significant_ = 0;
    last_ = {};
    marks_ = {};
    ran_ = model::Operation::kNone;
    dirty_ = dirty;
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
    mark(e);
  }
  /// The event that is remembered next ran this on the whole buffer.
  void note_operation(model::Operation operation) { ran_ = operation; }
  /// Since the latest event the CPU may write; and devices, `device` is one of them.
  void note_cpu_writer() { note_latest(marks_.cpu_writer); }
  void note_device_writer(std::uint32_t device) {
    note_latest(marks_.device_writer);
    marks_.writer = device;
  }
  [[nodiscard]] const Landmarks& landmarks() const { return marks_; }
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
  void note_latest(ReportedEvent& mark) const {
    if (events_ != 0) mark = ring_[(events_ - 1) % kKept];
  }
  void mark(const traces::Event& e) {
    using traces::EventKind;
    if (ran_ != model::Operation::kNone) mark_operation(ReportedEvent(e));
    const bool by_cpu = e.kind == EventKind::kCpuWrite || e.kind == EventKind::kBounceOut;
    if (by_cpu || (e.kind == EventKind::kExport && dirty_)) note_cpu_writer();
    if (e.kind == EventKind::kDeviceWrite) note_device_writer(e.device);
  }
  void mark_operation(ReportedEvent e) {
    e.operation = ran_;
    if (ran_ != model::Operation::kInvalidate) marks_.cleaned = e;
    if (ran_ != model::Operation::kClean) marks_.invalidated = e;
    ran_ = model::Operation::kNone;
  }

  std::uint64_t events_ = 0, significant_ = 0;
  Events ring_;
  Landmarks marks_;
  model::Operation ran_ = model::Operation::kNone;
  bool dirty_ = false;
  struct Last {
    std::uint32_t task = traces::kNoId;
    std::int64_t ts = -1;
  } last_;
};

}  // namespace custody::checker::replay
