// SPDX-License-Identifier: BSD-2-Clause
// The streams of records that a file holds.
#pragma once

#include <vector>

#include "traces/formats/trace_dat/event_plan.hpp"
#include "traces/formats/trace_dat/layout.hpp"
#include "traces/formats/trace_dat/merge.hpp"
#include "traces/formats/trace_dat/pages.hpp"

namespace custody::traces::formats::trace_dat {

/// One for each processor of each instance. Instances whose clocks differ have no common order: the others than the
/// first one's are left out, and `layout` says so.
[[nodiscard]] std::vector<Stream> open_streams(const Bytes& file, Layout& layout, const EventPlans& plans);

}  // namespace custody::traces::formats::trace_dat
