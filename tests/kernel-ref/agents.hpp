// SPDX-License-Identifier: BSD-2-Clause
// Who may touch a buffer in the gap before each event of a recording. Written apart from the checker's own account.
#pragma once

#include <algorithm>
#include <vector>

#include "tests/model/coherence_simulator.hpp"
#include "traces/reader.hpp"

namespace custody::kernel_ref::test {

/// An access that is permitted now.
struct Access {
  model::test::Action action;
  std::uint32_t device;  ///< kNoId: the CPU
};

class Agents {
 public:
  explicit Agents(std::vector<bool> coherent) : coherent_(std::move(coherent)) {}

  /// `event` has happened.
  void follow(const traces::Event& event) {
    const bool enter = event.phase == traces::Phase::kEnter, leave = event.phase == traces::Phase::kReturn;
    switch (event.kind) {
      case traces::EventKind::kMap:
        if (leave && event.ok()) mapped_.push_back({event.attachment, event.device, event.dir});
        break;
      case traces::EventKind::kUnmap:
        if (enter) std::erase_if(mapped_, [&](const Mapped& m) { return m.attachment == event.attachment; });
        break;
      case traces::EventKind::kBeginCpuAccess:
        beginning_ += enter ? 1 : -1;
        if (leave && event.ok()) windows_.push_back({event.task, event.dir, false});
        break;
      case traces::EventKind::kEndCpuAccess: end(event.task, enter); break;
      default: break;
    }
  }

  [[nodiscard]] std::vector<Access> permitted() const {
    std::vector<Access> may;
    for (const Window& w : windows_) {
      if (w.closing) continue;
      if (model::device_may_write(w.dir)) may.push_back({model::test::Action::kLoad, traces::kNoId});
      if (model::device_may_read(w.dir)) may.push_back({model::test::Action::kStoreLine, traces::kNoId});
    }
    if (!windows_.empty() || beginning_ > 0) return may;
    for (const Mapped& m : mapped_) {
      const bool snoops = coherent_[m.device];
      if (model::device_may_read(m.dir))
        may.push_back({snoops ? model::test::Action::kSnoopingFetch : model::test::Action::kFetch, m.device});
      if (model::device_may_write(m.dir))
        may.push_back({snoops ? model::test::Action::kSnoopingPut : model::test::Action::kPut, m.device});
    }
    return may;
  }
  /// A device that writes memory past the cache and one that reads through it are active together: no operation at a
  /// hand-over serves both, and no hand-over is between them.
  [[nodiscard]] bool mixes() const {
    bool past = false, through = false;
    for (const Access& access : permitted()) {
      past = past || access.action == model::test::Action::kPut;
      through = through || access.action == model::test::Action::kSnoopingFetch;
    }
    return past && through;
  }
  /// The attachment of a mapped device.
  [[nodiscard]] std::uint32_t attachment_of(std::uint32_t device) const {
    for (const Mapped& m : mapped_)
      if (m.device == device) return m.attachment;
    return traces::kNoId;
  }

 private:
  struct Mapped {
    std::uint32_t attachment, device;
    model::Direction dir;
  };
  struct Window {
    std::uint32_t task;
    model::Direction dir;
    bool closing;
  };
  void end(std::uint32_t task, bool enter) {
    const auto it = std::find_if(windows_.begin(), windows_.end(), [&](const Window& w) { return w.task == task; });
    if (it == windows_.end()) return;
    if (enter) it->closing = true;
    else windows_.erase(it);
  }

  std::vector<bool> coherent_;
  std::vector<Mapped> mapped_;
  std::vector<Window> windows_;
  int beginning_ = 0;
};

}  // namespace custody::kernel_ref::test
