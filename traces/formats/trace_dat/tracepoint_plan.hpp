// SPDX-License-Identifier: BSD-2-Clause
// How the records of the kernel's own tracepoints on DMA and dma-bufs are read.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "traces/formats/ftrace/tracepoint.hpp"
#include "traces/formats/ftrace/tracepoint_fields.hpp"
#include "traces/formats/trace_dat/field_plan.hpp"

struct tep_event;

namespace custody::traces::formats::trace_dat {

/// Of one tracepoint: which fields of a record say what, and where they are.
struct TracepointPlan {
  ftrace::TracepointKind kind = ftrace::TracepointKind::kOther;
  std::vector<std::pair<ftrace::TracepointField, FieldPlan>> fields;
  std::uint16_t size = 0;     ///< bytes that a record needs for all of them
  std::uint32_t present = 0;  ///< bits by TracepointField
};

/// A field of another type than the kernel's is as one that is not there.
[[nodiscard]] TracepointPlan plan_tracepoint(ftrace::TracepointKind kind, const tep_event& event);

/// Fills `out`. Empty, or the first field that the record should have, and that is missing or cannot be read.
[[nodiscard]] std::string_view read_tracepoint(const TracepointPlan& plan, const RecordBytes& record,
                                               ftrace::Tracepoint& out);

}  // namespace custody::traces::formats::trace_dat
