// SPDX-License-Identifier: BSD-2-Clause
// Reads a trace of any kind: what it is, its first bytes say, not its name.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "traces/reader.hpp"

namespace custody::traces {

enum class TraceKind : std::uint8_t { kFtrace, kLitmus, kEventLog };

/// What begins with `begin`, after blanks: `custody litmus:` a litmus file, `{` an event log, anything else ftrace
/// text. A beginning that is too short to tell, as a slow stream can give, is taken for what it can still become.
[[nodiscard]] TraceKind recognise(std::string_view begin);

/// Delivers the events of the trace `path` to `sink`; `-` is standard input, read as a stream (a litmus file is read
/// whole first). Throws InputError, also where there is nothing but blanks; `statistics` then holds what was done
/// before. Where `stop` becomes true, what was read up to there is the trace.
void read_trace(const std::string& path, EventSink& sink, ReadStatistics& statistics,
                const std::atomic<bool>* stop = nullptr);

/// The same, for callers that need no statistics of what failed.
ReadStatistics read_trace(const std::string& path, EventSink& sink);

}  // namespace custody::traces
