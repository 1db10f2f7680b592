// SPDX-License-Identifier: BSD-2-Clause
// The latest events of one buffer, and those that a finding is told by.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/landmarks.hpp"
#include "model/coherence.hpp"
#include "model/on_demand.hpp"

namespace custody::checker::replay {

class History {
 public:
  static constexpr std::size_t kKept = 8;
  using Events = std::array<ReportedEvent, kKept>;

  /// `dirty`: what the export allocates is in the cache.
  void begin(bool dirty = false) {
    ring_.clear();
    events_ = significant_ = 0;
    last_ = {};
    cpu_writer_.reset();
    device_writer_.reset();
    cleaned_.reset();
    invalidated_.reset();
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
    if (events_ == kKept && dirty_export() != nullptr && !has_cpu_writer()) cpu_writer_.emplace(ring_[0]);
    if (events_ < kKept) add(e);
    else ring_[events_ % kKept] = ReportedEvent(e);
    ++events_;
    const bool frame = e.phase == Phase::kReturn ||
                       (e.phase == Phase::kEnter && (e.kind == EventKind::kMap || e.kind == EventKind::kUnmap));
    if (!frame) ++significant_;
    mark(e);
  }
  /// The event that is remembered next ran this on the whole buffer.
  void note_operation(model::Operation operation) { ran_ = operation; }
  /// Since the latest event the CPU may write; and devices, `device` is one of them.
  void note_cpu_writer() {
    if (events_ != 0) cpu_writer_.made() = latest();
  }
  void note_device_writer(std::uint32_t device) {
    DeviceWriter& writer = device_writer_.made();
    if (events_ != 0) writer.event = latest();
    writer.device = device;
  }
  [[nodiscard]] Landmarks landmarks() const {
    Landmarks marks;
    if (cpu_writer_.exists()) marks.cpu_writer = *cpu_writer_.get();
    if (device_writer_.exists()) {
      marks.device_writer = device_writer_.get()->event;
      marks.writer = device_writer_.get()->device;
    }
    if (cleaned_.exists()) marks.cleaned = *cleaned_.get();
    if (invalidated_.exists()) marks.invalidated = *invalidated_.get();
    if (const ReportedEvent* e = dirty_export(); e != nullptr && !is_there(marks.cpu_writer)) marks.cpu_writer = *e;
    return marks;
  }
  /// How many there were, without returns and without the entries of map and unmap.
  [[nodiscard]] std::uint64_t significant() const { return significant_; }
  /// Copies the latest into `out`, oldest first, and returns those copies.
  [[nodiscard]] std::span<const ReportedEvent> copy_to(Events& out) const {
    const auto oldest = ring_.begin() + static_cast<std::ptrdiff_t>((events_ - ring_.size()) % kKept);
    std::copy(ring_.begin(), oldest, std::copy(oldest, ring_.end(), out.begin()));
    return {out.data(), ring_.size()};
  }

 private:
  struct DeviceWriter {
    ReportedEvent event;
    std::uint32_t device = traces::kNoId;
  };
  [[nodiscard]] bool has_cpu_writer() const { return cpu_writer_.exists() && is_there(*cpu_writer_.get()); }
  [[nodiscard]] const ReportedEvent& latest() const { return ring_[(events_ - 1) % kKept]; }
  void mark(const traces::Event& e) {
    using traces::EventKind;
    if (ran_ != model::Operation::kNone) mark_operation(ReportedEvent(e));
    if (e.kind == EventKind::kCpuWrite || e.kind == EventKind::kBounceOut) note_cpu_writer();
    if (e.kind == EventKind::kDeviceWrite) note_device_writer(e.device);
  }
  void mark_operation(ReportedEvent e) {
    e.operation = ran_;
    if (ran_ != model::Operation::kInvalidate) cleaned_.made() = e;
    if (ran_ != model::Operation::kClean) invalidated_.made() = e;
    ran_ = model::Operation::kNone;
  }
  /// Of buffers that only a few events are about there can be very many.
  [[gnu::noinline]] void add(const traces::Event& e) {
    if (ring_.size() == ring_.capacity()) ring_.reserve(std::min(kKept, ring_.empty() ? 1 : ring_.size() + 2));
    ring_.emplace_back(e);
  }
  /// The export, where it is kept still and what it allocated is in the cache.
  [[nodiscard]] const ReportedEvent* dirty_export() const {
    const bool is_kept = dirty_ && !ring_.empty() && events_ <= kKept;
    return is_kept && ring_[0].kind == traces::EventKind::kExport ? &ring_[0] : nullptr;
  }

  std::uint64_t events_ = 0, significant_ = 0;
  std::vector<ReportedEvent> ring_;
  // The landmarks, each where it is there.
  model::OnDemand<ReportedEvent> cpu_writer_, cleaned_, invalidated_;
  model::OnDemand<DeviceWriter> device_writer_;
  model::Operation ran_ = model::Operation::kNone;
  bool dirty_ = false;
  struct Last {
    std::uint32_t task = traces::kNoId;
    std::int64_t ts = -1;
  } last_;
};

}  // namespace custody::checker::replay
