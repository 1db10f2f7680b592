// SPDX-License-Identifier: BSD-2-Clause
// Reads traces of Perfetto, with the probe group of traces/recorded/README.md in its ftrace events.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "traces/event_names.hpp"
#include "traces/formats/perfetto/packets.hpp"
#include "traces/formats/perfetto/text_packets.hpp"
#include "traces/input/lines.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::perfetto {

/// Delivers the events of `lines`, of which nothing has been taken yet, to `sink`: probes in generic events of either
/// encoding, the kernel's tracepoints, in the order of their time and as they stand on each processor. What is made of
/// a record is as in ftrace text (`read_ftrace`), but that nothing tells whether an interrupt made it. The `line` of an
/// event is its running number among the records of known events in that order, from 1; of a text, its line.
///
/// The trace is read to its end first, packet by packet; 16 bytes a record of a known event stay in memory, the records
/// themselves in a temporary file where they are many. As long as records of a processor are missing, what others
/// recorded meanwhile is incomplete too.
///
/// Throws DamagedInput where a packet cannot be told from the next, as the trace is cut off; what stands before was
/// delivered then. Throws InputError where no record of a known event is there. Where `stop` becomes true, what was
/// read up to there is the trace. `own` are the user's names of probes.
void read_perfetto(input::Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                   const std::atomic<bool>* stop = nullptr, const std::vector<EventName>& own = {});

/// The same of the text form; a place is a line then.
void read_perfetto_text(input::Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                        const std::atomic<bool>* stop = nullptr, const std::vector<EventName>& own = {});

}  // namespace custody::traces::formats::perfetto
