// SPDX-License-Identifier: BSD-2-Clause
// The report as one page that people look at: it needs no network, and shows what a trace says as text.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "checker/report/page_data.hpp"
#include "spec/document/document.hpp"

namespace custody::checker::report {

/// Writes the page through `write` when all is read. Memory follows the traces up to the limits of their time lines.
class HtmlReport final : public ReportSink {
 public:
  using Write = std::function<void(std::string_view)>;
  HtmlReport(Write write, spec::document::Origin origin) : write_(std::move(write)), origin_(std::move(origin)) {}
  void begin_trace(const std::string& path) override;
  void finding(const Finding& finding, const traces::Directory& directory) override;
  [[nodiscard]] bool watches_events() const override { return true; }
  void event(const traces::Event& event, const StandingOf& standing, const traces::Directory& directory) override;
  void withheld(const Withheld& counts) override { withheld_ = counts; }
  void departure(const follow::Departure& departure, const traces::Directory& directory) override;
  void end_trace(const traces::Header& header, const traces::ReadStatistics& statistics, const Summary& summary,
                 std::span<const JudgedExpectation> expectations, const std::string& error) override;
  void skip_trace(const std::string& path, const std::string& why) override;
  void end(const Summary& total) override;
  /// `page_data` of the traces so far, separated by commas.
  [[nodiscard]] const std::string& traces() const { return traces_; }

 private:
  Write write_;
  spec::document::Origin origin_;
  std::string path_, traces_, departures_, skipped_, read_;
  std::size_t departures_kept_ = 0;
  Timeline timeline_;
  PageFindings findings_;
  FoundCounts found_;
  Withheld withheld_;
};

}  // namespace custody::checker::report
