// SPDX-License-Identifier: BSD-2-Clause
// Reads a trace of any kind: what it is, its first bytes say, not its name.
#pragma once

#include <string>

#include "traces/reader.hpp"

namespace custody::traces {

/// `path` (`-`: standard input, as a stream) is a litmus file if it begins with `custody litmus:`, an event log if it
/// begins with `{`, else ftrace text; leading blank lines are skipped. Delivers its events to `sink`. Throws InputError;
/// `statistics` then holds what was done before.
void read_trace(const std::string& path, EventSink& sink, ReadStatistics& statistics);

}  // namespace custody::traces
