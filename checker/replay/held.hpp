// SPDX-License-Identifier: BSD-2-Clause
// Part of the judge room: findings that wait until it is known whether a device snoops.
#pragma once

#include <vector>

#include "checker/finding.hpp"
#include "checker/replay/judge.hpp"

namespace custody::checker::replay {

/// Bounded: what does not fit is dropped.
class HeldFindings {
 public:
  /// Keeps a finding that holds only if its device snoops (`if_coherent`), or only if it does not.
  void hold(const Finding& f, bool if_coherent);
  /// The device is known: says what held, drops the rest.
  void settle(std::uint32_t device, bool coherent, Judge& judge);
  /// Nothing more will be known: devices are taken as not snooping.
  void settle_all(Judge& judge);

 private:
  struct Held {
    bool if_coherent;
    Finding finding;
    std::vector<traces::Event> history;
  };
  std::vector<Held> held_;
};

}  // namespace custody::checker::replay
