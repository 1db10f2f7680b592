// SPDX-License-Identifier: BSD-2-Clause
// The probes that the reader knows, by name, and the fields that each of them has to carry.
#pragma once

#include <initializer_list>
#include <string_view>

#include "traces/event.hpp"
#include "traces/formats/ftrace/fields.hpp"

namespace custody::traces::formats::ftrace {

enum Probe : int {
  kUnknown,
  kExportProbe,
  kReleaseProbe,
  kAttachProbe,
  kDetachProbe,
  kMapProbe,
  kMapRet,
  kUnmapProbe,
  kUnmapRet,
  kBegin,
  kBeginRet,
  kEnd,
  kEndRet,
  kSyncIoctl,
  kSyncIoctlRet,
  kMmapProbe,
  kVmapProbe,
  kVmapRet,
  kVunmapProbe,
  kPinProbe,
  kUnpinProbe,
  kMoveProbe,
  kDmaMapProbe,
  kDmaUnmapProbe,
  kForCpu,
  kForDevice,
  kArchClean,
  kArchInval,
};
inline constexpr unsigned kProbes = kArchInval + 1U;

struct ProbeName {
  std::string_view name;
  Probe probe;
  EventKind kind;
  bool wraps = false;  ///< of a function that does nothing but call the one that is meant
};

/// The probe of that name; null where the name is unknown.
[[nodiscard]] const ProbeName* find_probe(std::string_view name);

/// The same probe, of a function around the one that is meant; null where no function is around that.
[[nodiscard]] const ProbeName* wrapping(const ProbeName* probe);
[[nodiscard]] const ProbeName* wrapping(Probe probe);

/// All that `find_probe` knows.
[[nodiscard]] const ProbeName* begin_of_probes();
[[nodiscard]] const ProbeName* end_of_probes();

/// The probe whose name is the fewest edits from `name`, two at most and fewer than half of its letters; null: none.
[[nodiscard]] const ProbeName* nearest_probe(std::string_view name);

/// The fields without which a record of a probe says nothing.
[[nodiscard]] std::initializer_list<Fields::Name> required(int probe);

}  // namespace custody::traces::formats::ftrace
