// SPDX-License-Identifier: BSD-2-Clause
// What a log that was made from another trace says beside its events, so that it is judged as that trace is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "traces/reader.hpp"

namespace custody::traces::formats::event_log {

/// Expectations and `pending` comments of a header, and the buffers that the expectations name, in the same order.
struct LogExpectations {
  std::vector<Expectation> expectations;  ///< `buffer` is not set
  std::vector<std::string> buffers;       ///< empty where an expectation names none
  std::vector<std::string> pending;
};

/// `,"expectations":[...],"pending":[...]` for a header line; empty where there is neither.
[[nodiscard]] std::string expectations_text(const Header& header, const Directory& directory);

/// Reads them from the header line `line`, which is JSON. Says what is wrong; empty where nothing is.
[[nodiscard]] std::string parse_expectations(std::string_view line, LogExpectations& out);

/// The last line: what the reader of that trace could not use, which no event tells of.
[[nodiscard]] std::string end_text(const ReadStatistics& statistics);

/// Adds what the end line `line` tells. Says what is wrong; empty where nothing is.
[[nodiscard]] std::string parse_end(std::string_view line, ReadStatistics& statistics);

}  // namespace custody::traces::formats::event_log
