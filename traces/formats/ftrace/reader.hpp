// SPDX-License-Identifier: BSD-2-Clause
// Reads ftrace text in the layouts of tracefs and of its tools (layouts.hpp), with the probes and
// the kernel's own tracepoints of traces/recorded/README.md.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "traces/event_names.hpp"
#include "traces/input/lines.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::ftrace {

using input::Lines;

/// Delivers the events of `lines` to `sink`, in time order. A whole text is put into order (order.hpp), and so is a
/// stream that ends within its first 8 MiB, or rather before it is silent for a quarter of a second or two seconds have
/// passed: a file is read like its copy through a pipe. A longer stream is ordered within a window of 64 lines only
/// (across processors lines can step back), and a record that comes later than that is damage: it is counted, and the
/// history of all buffers is incomplete from there. The order of one task's lines is never changed. A stream that is
/// silent for a tenth of a second is not waited for.
///
/// A DMA call is delivered with the architecture's operations that follow it, merged into one. What nests in a call is
/// attributed to the call's buffer, else by its scatterlist; what cannot be attributed is counted. A loss, in the words
/// of the kernel, of trace-cmd or of perf, in the header or where a processor starts late, is an event `lost`; a DMA
/// call whose operation may be among what was lost is counted and not delivered. A last line without end is read where
/// its last value is surely whole.
///
/// Whether operations would be in the trace is asked of its first 8 MiB, of a file and of a stream alike
/// (observation.hpp), of a stream that is silent of what it gave by then. An operation that is the first one and comes
/// later changes what is said from there on.
///
/// `own` are the user's names of probes. `statistics` is kept up to date, so that it holds what was done when an
/// InputError (path, line, what was expected) is thrown: where no record of a known event was there, which says what
/// the text seems to be instead; at a record of `trace-cmd report --ts-diff`. Where `stop` becomes true, a text that is
/// put into order ends where it is; others end where `lines` do.
void read_ftrace(Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                 const std::vector<EventName>& own = {}, const std::atomic<bool>* stop = nullptr);

}  // namespace custody::traces::formats::ftrace
