// SPDX-License-Identifier: BSD-2-Clause
// The report for programs: schema custody.replay/2, see spec/replay_report.schema.json.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "checker/finding.hpp"

namespace custody::checker::report {

/// Writes one JSON document through `write`. Findings are written as they appear; what each trace came to and the
/// summary follow them.
class JsonReport final : public ReportSink {
 public:
  using Write = std::function<void(std::string_view)>;
  /// `explain_cost`: also who pays for cache maintenance.
  explicit JsonReport(Write write, bool explain_cost = false);
  void begin_trace(const std::string& path) override;
  void finding(const Finding& finding, const traces::Directory& directory) override;
  void withheld(const Withheld& counts) override { withheld_ = counts; }
  void departure(const follow::Departure& departure, const traces::Directory& directory) override;
  void end_trace(const traces::Header& header, const traces::ReadStatistics& statistics, const Summary& summary,
                 std::span<const JudgedExpectation> expectations, const std::string& error) override;
  void skip_trace(const std::string& path, const std::string& why) override;
  void end(const Summary& total) override;

 private:
  Write write_;
  std::string path_;    ///< escaped
  std::string line_;    ///< reused for each finding
  std::string traces_;  ///< the array's elements so far
  std::string departures_, skipped_;
  Withheld withheld_;
  bool first_ = true, explain_cost_ = false;
};

}  // namespace custody::checker::report
