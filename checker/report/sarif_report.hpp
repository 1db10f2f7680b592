// SPDX-License-Identifier: BSD-2-Clause
// The report of a replay as SARIF 2.1.0: one result for each cause.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/finding.hpp"
#include "checker/report/cause.hpp"
#include "checker/report/sarif.hpp"

namespace custody::checker::report {

/// Writes one document through `write`, a trace's results when it ends. Memory grows with the causes of one trace, and
/// with the traces that could not be read.
class SarifReport final : public ReportSink {
 public:
  using Write = std::function<void(std::string_view)>;
  /// `version`: of the tool.
  SarifReport(Write write, std::string_view version);
  void begin_trace(const std::string& path) override;
  void finding(const Finding& finding, const traces::Directory& directory) override;
  void withheld(const Withheld& counts) override { withheld_ = counts; }
  void end_trace(const traces::Header& header, const traces::ReadStatistics& statistics, const Summary& summary,
                 std::span<const JudgedExpectation> expectations, const std::string& error) override;
  void skip_trace(const std::string& path, const std::string& why) override;
  void end(const Summary& total) override;

 private:
  Write write_;
  std::string path_;
  CauseBook causes_;
  std::vector<SarifResult> results_;  ///< of the causes, in the order in which they were found
  std::vector<SarifNotice> notices_;
  Withheld withheld_;
  bool first_ = true, successful_ = true;
};

}  // namespace custody::checker::report
