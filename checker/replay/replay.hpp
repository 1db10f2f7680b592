// SPDX-License-Identifier: BSD-2-Clause
// Replays one trace: reads it, judges every event, hands findings to the report as they appear.
#pragma once

#include <functional>
#include <string>

#include "checker/finding.hpp"
#include "checker/replay/options.hpp"
#include "traces/input/input.hpp"

namespace custody::checker::replay {

/// How a trace ended.
struct ReplayResult {
  Summary summary;
  traces::ReadStatistics statistics;
  bool input_error = false;          ///< the file could not be read, or not to its end
  bool expectations_failed = false;  ///< a litmus file's `expect` line did not hold
  bool has_expectations = false;     ///< errors were judged against `expect` lines
  bool skipped = false;              ///< a member of an archive that is no trace; the report heard no more of it
  bool inconclusive = false;         ///< losses or damage touched a buffer, or none was judged
  std::string stopped;               ///< why this program read no further: a limit, or memory; empty: it did
};

/// Throws traces::InputError where the header of the trace `path` names what does not exist.
void check_header(const traces::Header& header, const Options& options, const std::string& path);

/// What delivers a trace; it throws as `traces::read_part` does.
using Reading = std::function<void(traces::EventSink& events, traces::ReadStatistics& statistics)>;

/// `replay_part` of what `read` delivers.
[[nodiscard]] ReplayResult replay_reading(const std::string& path, bool is_member, const Reading& read,
                                          const Options& options, ReportSink& sink);

/// Reads the part that `input` stands at and reports to `sink`: begin_trace, the findings in the order in which they
/// appear, end_trace; skip_trace where it is a member of an archive and no trace. Errors in the input are reported
/// through end_trace and the result; nothing that was read before an error is lost, but of input that is cut or damaged
/// no buffer is wholly judged. The same where a limit of the options or memory ends it early. Throws std::bad_alloc
/// only where there is no memory for the report either.
[[nodiscard]] ReplayResult replay_part(traces::input::Input& input, const Options& options, ReportSink& sink);

/// The same of what cannot be opened or unpacked, `error` says why.
ReplayResult report_unreadable(const std::string& path, const std::string& error, ReportSink& sink);

/// The same of the trace at `path` (`-`: standard input, as a stream); of an archive, its first member.
[[nodiscard]] ReplayResult replay_trace(const std::string& path, const Options& options, ReportSink& sink);

}  // namespace custody::checker::replay
