// SPDX-License-Identifier: BSD-2-Clause
// The latest events of one buffer, and those that a finding is told by.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "checker/landmarks.hpp"
#include "checker/past_events.hpp"
#include "model/coherence.hpp"
#include "model/on_demand.hpp"
#include "model/thin_vector.hpp"

namespace custody::checker::replay {

class History {
 public:
  static constexpr std::size_t kKept = 8;

  /// Of the buffer with this id. `dirty`: what the export allocates is in the cache.
  void begin(std::uint32_t buffer, bool dirty = false) {
    ring_.clear();
    significant_ = 0;
    last_ts_ = -1;
    last_task_ = writer_ = traces::kNoId;
    buffer_ = buffer;
    at_.fill(kNone);
    next_ = 0;
    ran_ = model::Operation::kNone;
    dirty_ = dirty;
  }
  /// An event will be remembered: asks for the memory of its place.
  void fetch() const {
    const auto begin = reinterpret_cast<std::uintptr_t>(ring_.begin());
    __builtin_prefetch(reinterpret_cast<const void*>(begin), 1);
    __builtin_prefetch(reinterpret_cast<const void*>(begin + next_ * sizeof(KeptEvent)), 1);
  }
  /// Is the call, or the access, older than the one before it, by the same task?
  [[nodiscard]] bool steps_back(const traces::Event& e) {
    const bool back = e.task == last_task_ && e.at.ts < last_ts_;
    last_task_ = e.task;
    last_ts_ = e.at.ts;
    return back;
  }
  void remember(const traces::Event& e) {
    using traces::EventKind;
    using traces::Phase;
    if (ring_.size() < kKept) {
      add(e);
    } else {
      make_way();
      ring_[next_] = KeptEvent(e);
    }
    next_ = static_cast<std::uint8_t>((next_ + 1U) % kKept);
    const bool frame = e.phase == Phase::kReturn ||
                       (e.phase == Phase::kEnter && (e.kind == EventKind::kMap || e.kind == EventKind::kUnmap));
    if (!frame) ++significant_;
    mark(e);
  }
  /// The event that is remembered next ran this on the whole buffer.
  void note_operation(model::Operation operation) { ran_ = operation; }
  /// Since the latest event the CPU may write; and devices, `device` is one of them.
  void note_cpu_writer() { at_[kCpuWriter] = latest(); }
  void note_device_writer(std::uint32_t device) {
    if (!ring_.empty()) at_[kDeviceWriter] = latest();
    writer_ = device;
  }
  [[nodiscard]] Landmarks landmarks() const {
    Landmarks marks;
    marks.cpu_writer = marked(kCpuWriter);
    marks.device_writer = marked(kDeviceWriter);
    marks.writer = writer_;
    marks.cleaned = marked(kCleaned);
    if (is_there(marks.cleaned)) marks.cleaned.operation = cleaned_by_;
    marks.invalidated = marked(kInvalidated);
    if (is_there(marks.invalidated)) marks.invalidated.operation = invalidated_by_;
    if (is_dirty_export_kept() && !is_there(marks.cpu_writer)) marks.cpu_writer = ring_[0].of(buffer_);
    return marks;
  }
  /// How many there were, without returns and without the entries of map and unmap.
  [[nodiscard]] std::uint64_t significant() const { return significant_; }
  /// The latest, until the next is remembered.
  [[nodiscard]] PastEvents latest_events() const {
    const std::size_t count = ring_.size();
    return {ring_.begin(), static_cast<std::uint8_t>(count), static_cast<std::uint8_t>(count == kKept ? next_ : 0),
            buffer_};
  }

 private:
  /// The landmarks. Each is in the ring at `at_`, or `saved_` when it left it.
  enum Mark : std::uint8_t { kCpuWriter, kDeviceWriter, kCleaned, kInvalidated };
  static constexpr std::size_t kMarks = 4;
  static constexpr std::uint8_t kNone = 0xff, kSaved = 0xfe;

  [[nodiscard]] std::uint8_t latest() const {
    return ring_.empty() ? kNone : static_cast<std::uint8_t>((next_ + kKept - 1U) % kKept);
  }
  [[nodiscard]] ReportedEvent marked(Mark mark) const {
    if (at_[mark] == kNone) return {};
    return (at_[mark] == kSaved ? (*saved_.get())[mark] : ring_[at_[mark]]).of(buffer_);
  }
  /// What is next in the ring is overwritten.
  void make_way() {
    if (next_ == 0) {
      if (is_dirty_export_kept() && at_[kCpuWriter] == kNone) at_[kCpuWriter] = 0;
      dirty_ = false;
    }
    for (std::size_t mark = 0; mark < kMarks; ++mark)
      if (at_[mark] == next_) save(mark);
  }
  void save(std::size_t mark) {
    saved_.made()[mark] = ring_[next_];
    at_[mark] = kSaved;
  }
  void mark(const traces::Event& e) {
    using traces::EventKind;
    if (ran_ != model::Operation::kNone) mark_operation();
    if (e.kind == EventKind::kCpuWrite || e.kind == EventKind::kBounceOut) note_cpu_writer();
    if (e.kind == EventKind::kDeviceWrite) note_device_writer(e.device);
  }
  void mark_operation() {
    if (ran_ != model::Operation::kInvalidate) {
      at_[kCleaned] = latest();
      cleaned_by_ = ran_;
    }
    if (ran_ != model::Operation::kClean) {
      at_[kInvalidated] = latest();
      invalidated_by_ = ran_;
    }
    ran_ = model::Operation::kNone;
  }
  /// Of buffers that only a few events are about there can be very many.
  [[gnu::noinline]] void add(const traces::Event& e) {
    if (ring_.size() == ring_.capacity()) ring_.reserve(std::min(kKept, ring_.empty() ? 1 : ring_.size() + 2));
    ring_.push_back(KeptEvent(e));
  }
  /// What the export allocated is in the cache, and the export is the oldest event that is kept.
  [[nodiscard]] bool is_dirty_export_kept() const {
    return dirty_ && !ring_.empty() && ring_[0].kind() == traces::EventKind::kExport;
  }

  std::uint64_t significant_ = 0;
  std::int64_t last_ts_ = -1;
  model::ThinVector<KeptEvent> ring_;
  model::OnDemand<std::array<KeptEvent, kMarks>> saved_;
  std::uint32_t last_task_ = traces::kNoId;
  std::uint32_t buffer_ = traces::kNoId;
  std::uint32_t writer_ = traces::kNoId;
  std::array<std::uint8_t, kMarks> at_{kNone, kNone, kNone, kNone};
  std::uint8_t next_ = 0;  ///< where in the ring the next event goes
  model::Operation ran_ = model::Operation::kNone;
  model::Operation cleaned_by_ = model::Operation::kNone, invalidated_by_ = model::Operation::kNone;
  bool dirty_ = false;  ///< as at the start, until the first event left the ring
};

}  // namespace custody::checker::replay
