// SPDX-License-Identifier: BSD-2-Clause
// One program on one driver: what was recorded, what the checker says of it, what really can happen to one line.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kernel-ref/client/usage.hpp"
#include "kernel-ref/drivers/ownership_policy.h"
#include "tests/model/coherence_simulator.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::kernel_ref::test {

using Program = std::vector<client::Step>;

/// Which machine, which driver.
struct Setting {
  std::string driver = "system";
  std::vector<machine::Device> devices = {{"cam"}, {"gpu"}};
  std::string arch = "arm64-6.1";
  bool goes_wrong = false;  ///< with some program
  ownership_policy policy = {};
};

/// Runs `program` on a fresh buffer of one page; the recording ends with its release.
void record(const Setting& setting, const Program& program, traces::RecordedTrace& trace);

/// Gives `use` a client with a fresh buffer of one page, and what was recorded up to then.
void with_client(const Setting& setting, const std::function<void(client::Usage&, const traces::RecordedTrace&)>& use);

/// An action of an agent or of the hardware in the gap before an event of a recording.
struct Move {
  enum class Kind : std::uint8_t { kFill, kDrop, kWriteBack, kAct } kind = Kind::kFill;
  model::test::Action action = model::test::Action::kLoad;
  std::uint32_t device = traces::kNoId;  ///< of a device's action
};

/// A schedule: what happens in which gap (index of the event after it), in order.
using Schedule = std::vector<std::pair<std::size_t, Move>>;

/// What is true of a recording, found by following every hardware state of a line through it.
struct Truth {
  bool mixes = false;  ///< devices of both kinds are active together somewhere: the rest is not to be used
  bool wrong = false;  ///< some permitted access reads old data, or a write can be lost
  Schedule witness;    ///< one schedule that shows it; empty where `wrong` is false
  /// By event: the operation changes nothing that can be read or lost (only where an operation ran).
  std::vector<bool> no_effect;
};
[[nodiscard]] Truth truth_of(const Setting& setting, const traces::RecordedTrace& trace);

/// What of bytes counts as wrong.
enum class Counts : std::uint8_t {
  kReadsAndLosses,  ///< a read of old bytes, and a write that neither memory nor the line holds any more
  kReads,           ///< a read of old bytes alone; the writes of snooping devices may stay in the cache
};

/// Runs the program again with `schedule` on real bytes. True where they go wrong.
[[nodiscard]] bool bytes_go_wrong(const Setting& setting, const Program& program, const Schedule& schedule,
                                  Counts counts = Counts::kReadsAndLosses);

/// The same with permitted accesses and hardware moves at random.
[[nodiscard]] bool bytes_go_wrong_at_random(const Setting& setting, const Program& program, unsigned seed,
                                            Counts counts = Counts::kReadsAndLosses);

}  // namespace custody::kernel_ref::test
