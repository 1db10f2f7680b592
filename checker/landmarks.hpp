// SPDX-License-Identifier: BSD-2-Clause
// The events of a buffer that a finding is told by: who could change it last, and what brought cache and memory
// together.
#pragma once

#include "checker/reported_event.hpp"

namespace custody::checker {

/// The latest of each kind before the event that is judged, by the contract belief; `kind` kLost: there was none. They
/// say what could happen, not that it did, except where the trace has the accesses.
struct Landmarks {
  ReportedEvent cpu_writer;              ///< from here on the CPU could write through its cache, or it did here
  ReportedEvent device_writer;           ///< the same of devices that reach the buffer's memory
  ReportedEvent cleaned;                 ///< the latest clean of the whole buffer; `operation` is what ran
  ReportedEvent invalidated;             ///< the latest invalidate of it
  std::uint32_t writer = traces::kNoId;  ///< a device that could write from `device_writer` on
};

[[nodiscard]] constexpr bool is_there(const ReportedEvent& e) { return e.kind != traces::EventKind::kLost; }

}  // namespace custody::checker
