// SPDX-License-Identifier: BSD-2-Clause
// The report for people.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "checker/finding.hpp"
#include "checker/report/cause.hpp"
#include "checker/report/finding_text.hpp"
#include "checker/report/summary_text.hpp"

namespace custody::checker::report {

struct TextOptions {
  bool colour = false;
  Form form = Form::kShort;
  /// Every finding, as it comes; else one of each cause, with the number of its instances.
  bool all = false;
  /// Each cause when it is found first, its number at the end; else sorted by line, at the end.
  bool at_once = false;
  /// Print nothing but findings and failed expectations.
  bool quiet = false;
  /// At the end, who pays for cache maintenance.
  bool explain_cost = false;
};

/// Writes through `write`. Text from the trace is escaped. Memory does not grow with the trace, only with the causes of
/// findings.
class TextReport final : public ReportSink {
 public:
  using Write = std::function<void(std::string_view)>;
  TextReport(Write write, TextOptions options) : write_(std::move(write)), options_(options), paint_(options.colour) {}
  void begin_trace(const std::string& path) override;
  void finding(const Finding& finding, const traces::Directory& directory) override;
  void withheld(const Withheld& counts) override { withheld_ = counts; }
  void departure(const follow::Departure& departure, const traces::Directory& directory) override;
  void end_trace(const traces::Header& header, const traces::ReadStatistics& statistics, const Summary& summary,
                 std::span<const JudgedExpectation> expectations, const std::string& error) override;
  void skip_trace(const std::string& path, const std::string& why) override;
  void end(const Summary& total) override;

 private:
  [[nodiscard]] std::string cause_lines() const;
  [[nodiscard]] std::string reading_lines(const traces::ReadStatistics& st) const;
  [[nodiscard]] std::string expectation_lines(std::span<const JudgedExpectation> expectations) const;
  [[nodiscard]] SummaryForm summary_form(bool complete) const;

  Write write_;
  TextOptions options_;
  Paint paint_;
  std::string read_, path_;  ///< that of the trace, and how it is shown, escaped
  CauseBook causes_;
  FoundCounts found_, found_in_all_;
  Withheld withheld_;
  std::uint64_t departures_printed_ = 0;
  bool all_complete_ = true;
  unsigned traces_ = 0;
};

}  // namespace custody::checker::report
