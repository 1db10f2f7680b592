// SPDX-License-Identifier: BSD-2-Clause
// Replays one trace: reads it, judges every event, hands findings to the report as they appear.
#pragma once

#include <string>

#include "checker/finding.hpp"
#include "checker/replay/options.hpp"

namespace custody::checker::replay {

/// How a trace ended.
struct ReplayResult {
  Summary summary;
  traces::ReadStatistics statistics;
  bool input_error = false;          ///< the file could not be read, or not to its end
  bool expectations_failed = false;  ///< a litmus file's `expect` line did not hold
  bool has_expectations = false;     ///< errors were judged against `expect` lines
  bool inconclusive = false;         ///< losses or damage touched a buffer, or none was judged
};

/// Throws traces::InputError where the header of the trace `path` names what does not exist.
void check_header(const traces::Header& header, const Options& options, const std::string& path);

/// Reads `path` (`-`: standard input, as a stream) and reports to `sink`: begin_trace, the findings in the order in
/// which they appear, end_trace. Errors in the input are reported through end_trace and the result; nothing that
/// was read before an error is lost. Throws only std::bad_alloc.
[[nodiscard]] ReplayResult replay_trace(const std::string& path, const Options& options, ReportSink& sink);

}  // namespace custody::checker::replay
