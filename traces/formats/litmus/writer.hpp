// SPDX-License-Identifier: BSD-2-Clause
// Writes a recorded trace as a litmus file.
#pragma once

#include <span>
#include <string>

#include "traces/recorded_trace.hpp"

namespace custody::traces::formats::litmus {

/// The litmus file of `events`, whose ids must mean one object each, as those of a RecordedTrace do.
///
/// What `read_litmus` delivered is read back from it as the same events, up to the numbers of lines and ids. A name
/// that the language cannot spell, or that two objects bear at once, is changed. Expectations are written with the text
/// of the line that they point at.
///
/// Of other traces the following is lost, because the language does not say it: time, inode and tid; the export data of
/// a buffer that is older than the trace; `mapping`; how a call was attributed other than by name and nesting; the
/// difference between a call recorded as one event and one recorded as entry and return; the missing return of a call
/// whose task did not exit (it returns at the end). An event that no line can say, one on no known buffer for example,
/// becomes a comment.
[[nodiscard]] std::string write_litmus(const Header& header, const Directory& directory, std::span<const Event> events);

[[nodiscard]] inline std::string write_litmus(const RecordedTrace& trace) {
  return write_litmus(trace.header(), trace.directory(), trace.events());
}

}  // namespace custody::traces::formats::litmus
