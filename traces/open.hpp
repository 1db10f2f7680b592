// SPDX-License-Identifier: BSD-2-Clause
// Reads a trace of any kind: what it is, its first bytes say, not its name.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "traces/event_names.hpp"
#include "traces/input/input.hpp"
#include "traces/reader.hpp"

namespace custody::traces {

enum class TraceKind : std::uint8_t { kFtrace, kLitmus, kEventLog, kTraceDat, kPerfetto, kPerfettoText };

/// What begins with `begin`: packets of Perfetto; else, after blanks, the magic of a trace.dat, `custody litmus:` a
/// litmus file, `{` an event log, `packet {` the text of such packets, anything else ftrace text. A beginning that is
/// too short to tell, as a slow stream can give, is taken for what it can still become.
[[nodiscard]] TraceKind recognise(std::string_view begin);

struct ReadOptions {
  /// Where this becomes true, what was read up to there is the trace; null: never. Outlives the reading.
  const std::atomic<bool>* stop = nullptr;
  std::vector<EventName> events;  ///< of ftrace text, trace.dat and Perfetto: what the user calls its probes
};

/// Delivers the events of the trace that `input` stands at to `sink` (a litmus file, a trace.dat and a trace of
/// Perfetto are read whole first). Throws InputError, also where there is nothing but blanks, or something that
/// `foreign_format` knows; `statistics` then holds what was done before. Where the input ends before its end, what
/// stands before is delivered up to `on_end`, and then DamagedInput is thrown.
void read_part(input::Input& input, EventSink& sink, ReadStatistics& statistics, const ReadOptions& options = {});

/// The same of the trace `path`: `-` is standard input, read as a stream, `ARCHIVE!MEMBER` a member of an archive. An
/// archive itself has to have one member.
void read_trace(const std::string& path, EventSink& sink, ReadStatistics& statistics, const ReadOptions& options = {});

/// The same, for callers that need no statistics of what failed.
ReadStatistics read_trace(const std::string& path, EventSink& sink, const ReadOptions& options = {});

/// How to name the parts of `path` to `read_trace`, in order, for who has to read them more than once: `path` itself
/// for what is no archive or cannot be read twice, standard input for example.
/// Where `stop` becomes true, an archive ends where it is read.
[[nodiscard]] std::vector<std::string> parts_of(const std::string& path, const std::atomic<bool>* stop = nullptr);

}  // namespace custody::traces
