// SPDX-License-Identifier: BSD-2-Clause
// What a learner asks of a driver and what it answers: calls of a client, and the DMA operations inside each.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "model/sync.hpp"
#include "model/vocabulary.hpp"

namespace custody::checker::learn {

/// The devices that may be attached, by number: true where it snoops.
using World = std::vector<bool>;
inline constexpr std::size_t kMostDevices = 4;

/// A call of the client on its one buffer, which exists. An attachment is named by its device.
struct Step {
  model::Id event = 0;      ///< of model::kEvents
  std::uint8_t device = 0;  ///< of a call that names an attachment
  model::Direction dir = model::Direction::kNone;
  bool interrupted = false;  ///< a begin whose wait for a fence is interrupted, after the exporter's hook
  bool operator==(const Step&) const = default;
  auto operator<=>(const Step&) const = default;
};
using Program = std::vector<Step>;

/// No device of an importer: a device of the exporter's own, or one pass over the buffer outside the DMA API.
inline constexpr int kExporter = -1, kPass = -2;
/// A DMA operation, in the words of syncs. Of a pass `call` and `dir` are as in `buffer:PASS`.
struct Made {
  int device = kExporter;
  model::SyncCall call = model::SyncCall::kForCpu;
  model::Direction dir = model::Direction::kNone;
  bool skip = false;
  std::string function;  ///< the C function that made it; empty where the subject cannot tell
  bool operator==(const Made& o) const {
    return device == o.device && call == o.call && dir == o.dir && skip == o.skip;
  }
};

/// What a call came to.
struct Answer {
  int ret = 0;  ///< 0, or a negative errno
  std::vector<Made> made;
  bool operator==(const Answer&) const = default;
};
/// Runs a program on a fresh buffer and gives the answer of each call, up to the first that its client could not make
/// because the driver refused one before. Throws SubjectError where it can not go on.
using Subject = std::function<std::vector<Answer>(const World&, std::span<const Step>)>;

/// `map D0 TO_DEVICE`.
[[nodiscard]] std::string text_of(const Step& step);
/// The calls, joined by a comma and a blank.
[[nodiscard]] std::string text_of(std::span<const Step> program);
/// `own` operations as a person reads them: `dma_sync for the CPU, D0, FROM_DEVICE`.
[[nodiscard]] std::string text_of(const Made& made);
/// The return value where it is no success, and the operations, joined by `; `; `nothing` where there is neither.
[[nodiscard]] std::string text_of(const Answer& answer);

/// The same for differences between two answers that differ in devices and directions alone: one of each is enough to
/// read.
[[nodiscard]] std::string kind_of(const Step& step, const Answer& predicted, const Answer& found);

}  // namespace custody::checker::learn
