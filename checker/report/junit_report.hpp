// SPDX-License-Identifier: BSD-2-Clause
// The report of a replay as JUnit XML: a suite for each trace, a case for each cause.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/finding.hpp"
#include "checker/report/cause.hpp"
#include "checker/report/junit.hpp"
#include "checker/report/summary_text.hpp"

namespace custody::checker::report {

/// Writes one document through `write`, a suite when its trace ends. A cause fails where its severity is at least
/// `least`, or is a case that passes and says what was found; with expectations they fail instead, each by itself. The
/// case `verdict` has the closing sentence: it is skipped where no buffer is judged. Memory grows with the causes of
/// one trace.
class JunitReport final : public ReportSink {
 public:
  using Write = std::function<void(std::string_view)>;
  /// `least`: none: nothing fails.
  JunitReport(Write write, std::optional<spec::Severity> least);
  void begin_trace(const std::string& path) override;
  void finding(const Finding& finding, const traces::Directory& directory) override;
  void withheld(const Withheld& counts) override { withheld_ = counts; }
  void departure(const follow::Departure& departure, const traces::Directory& directory) override;
  void end_trace(const traces::Header& header, const traces::ReadStatistics& statistics, const Summary& summary,
                 std::span<const JudgedExpectation> expectations, const std::string& error) override;
  void skip_trace(const std::string& path, const std::string& why) override;
  void end(const Summary& total) override;

 private:
  struct Found {
    JunitCase said;
    bool fails;
  };
  [[nodiscard]] std::vector<JunitCase> cases_of_causes(bool has_expectations) const;
  [[nodiscard]] JunitCase verdict(const Summary& s, const std::string& error) const;

  Write write_;
  std::optional<spec::Severity> least_;
  std::string path_;
  CauseBook causes_;
  std::vector<Found> found_;
  std::vector<JunitCase> departures_;
  FoundCounts counts_;
  Withheld withheld_;
};

}  // namespace custody::checker::report
