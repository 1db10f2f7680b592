// SPDX-License-Identifier: BSD-2-Clause
// Reads ftrace text: what `cat /sys/kernel/tracing/trace` and `trace-cmd report` print, with the probe group and
// the kernel's own tracepoints of traces/recorded/README.md.
#pragma once

#include <string>

#include "traces/input/lines.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::ftrace {

using input::Lines;

/// Delivers the events of `lines` to `sink`, in time order within a window of 64 lines (across processors lines can
/// step back; the order of one task's lines is never changed). A DMA call is delivered with the architecture's
/// operations that follow it, merged into one. What nests in a call is attributed to the call's buffer, else by its
/// scatterlist; what cannot be attributed is counted. A loss, in the words of the kernel or of trace-cmd, in the header
/// or where a processor starts late, is an event `lost`; a DMA call whose operation may be among what was lost is
/// counted and not delivered. A last line without end is read where its last value is surely whole. `statistics` is
/// kept up to date, so that it holds what was done when an InputError (path, line, what was expected) is thrown.
void read_ftrace(Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics);

}  // namespace custody::traces::formats::ftrace
