// SPDX-License-Identifier: BSD-2-Clause
// What a report page is told of one trace, as JSON in columns.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "checker/finding.hpp"
#include "checker/report/page_findings.hpp"
#include "checker/report/summary_text.hpp"
#include "checker/report/timeline.hpp"

namespace custody::checker::report {

/// What the page says of a trace beside its tracks.
struct TraceAccount {
  std::string path;  ///< not escaped
  std::string error;
  const traces::ReadStatistics& statistics;
  const Summary& summary;
  std::span<const JudgedExpectation> expectations;
  std::string departures;  ///< elements of an array
  const FoundCounts& found;
  Withheld withheld;
};

/// One object. Names of the trace are in it as a terminal would show them (`escape_text`).
[[nodiscard]] std::string page_data(const TraceAccount& account, const Timeline& timeline,
                                    const PageFindings& findings);

/// What is the same for all traces: words of states, events, operations; what rules say.
[[nodiscard]] std::string page_words();

/// JSON inside an element `script` of a page.
[[nodiscard]] std::string inside_script(std::string_view json);

}  // namespace custody::checker::report
