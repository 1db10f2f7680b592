// SPDX-License-Identifier: BSD-2-Clause
// Reads trace.dat, the file of `trace-cmd record`, with the probe group of traces/recorded/README.md.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "traces/event_names.hpp"
#include "traces/formats/trace_dat/layout.hpp"
#include "traces/formats/trace_dat/pages.hpp"
#include "traces/input/lines.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::trace_dat {

/// Does a trace.dat begin like this? A beginning that is too short to tell is taken for one.
[[nodiscard]] inline bool is_trace_dat(std::string_view begin) {
  return !begin.empty() && begin.substr(0, kMagic.size()) == kMagic.substr(0, begin.size());
}

/// Delivers the events of `file`, the whole of a trace.dat of version 6 or 7, compressed or not, of either byte order,
/// to `sink`: those of all instances and processors in the order of their time. What is read of a record, and what is
/// made of it, is as in ftrace text (`read_ftrace`); the `line` of an event is the running number of its record in that
/// order, from 1. Time is that of the recorded clock, without the offsets that `trace-cmd report` can add.
///
/// Lost events are those that pages tell of, and those that the recorder counted beyond them. As long as a processor's
/// records are missing, whether lost or damaged, what others recorded meanwhile is incomplete too. Where the file ends
/// before a processor's data do, the trace ends with the last record of that processor.
///
/// Throws InputError where the head cannot be read, and where there is no record at all; `statistics` then holds what
/// was done. Where `stop` becomes true, what was read up to there is the trace. `own` are the user's names
/// of probes. No file makes it use more memory than
/// a few times the size of its event formats, or 1 GiB.
void read_trace_dat(const Bytes& file, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                    const std::atomic<bool>* stop = nullptr, const std::vector<EventName>& own = {});

/// The same of `lines`, of which nothing has been taken yet. A stream is read to its end first (`Spool`).
void read_trace_dat(input::Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                    const std::atomic<bool>* stop = nullptr, const std::vector<EventName>& own = {});

}  // namespace custody::traces::formats::trace_dat
