// SPDX-License-Identifier: BSD-2-Clause
// Part of the judge room: findings that wait until it is known whether a device snoops, or where a DMA call was made.
#pragma once

#include <vector>

#include "checker/finding.hpp"
#include "checker/replay/judge.hpp"

namespace custody::checker::replay {

/// A finding with the history that it names, which does not stay.
struct KeptFinding {
  explicit KeptFinding(const Finding& f);
  void emit(Judge& judge);

  Finding finding;
  std::vector<KeptEvent> history;
};

/// Bounded: what does not fit is dropped.
class HeldFindings {
 public:
  /// Keeps a finding that holds only if its device snoops (`if_coherent`), or only if it does not.
  void hold(const Finding& f, bool if_coherent);
  /// The device is known: says what held, drops the rest.
  void settle(std::uint32_t device, bool coherent, Judge& judge);
  /// What held of the device: records are missing that it would rest on.
  void drop(std::uint32_t device) {
    std::erase_if(held_, [device](const Held& h) { return h.kept.finding.device == device; });
  }
  /// Nothing more will be known: devices are taken as not snooping.
  void settle_all(Judge& judge);

 private:
  struct Held {
    bool if_coherent;
    KeptFinding kept;
  };
  std::vector<Held> held_;
};

/// Findings on DMA calls outside any call of the core. Where the entry of the core's call around them is missing, only
/// its return tells: they wait until their task's next call. Bounded: what does not fit is told at once.
class UnplacedFindings {
 public:
  void hold(std::uint32_t task, const Finding& f, Judge& judge);
  /// The task went on: they were outside any call.
  void settle(std::uint32_t task, Judge& judge);
  /// They were inside a call of which the trace does not show the entry.
  void drop(std::uint32_t task);
  void settle_all(Judge& judge);
  [[nodiscard]] bool empty() const { return held_.empty(); }

 private:
  struct Held {
    std::uint32_t task;
    KeptFinding kept;
  };
  std::vector<Held> held_;
};

}  // namespace custody::checker::replay
