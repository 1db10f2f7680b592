// SPDX-License-Identifier: BSD-2-Clause
// Stands before a report: lets those findings through that are asked for, not accepted, and new.
#pragma once

#include <array>
#include <optional>

#include "checker/select/baseline.hpp"
#include "checker/select/filter.hpp"
#include "checker/select/suppressions.hpp"

namespace custody::checker::select {

/// What is shown and what is not.
struct Selection {
  Filter filter;
  Suppressions suppressions;
  std::optional<Baseline> baseline;  ///< what was there before
  std::optional<Baseline> written;   ///< what is there now, where it is to be written: then nothing is new
};

/// Events, departures from a contract and everything else pass unchanged. What a trace came to is not changed: it is
/// what all findings come to.
class SelectedReport final : public ReportSink {
 public:
  /// Both must outlive it.
  SelectedReport(Selection& selection, ReportSink& report) : selection_(selection), report_(report) {}
  void begin_trace(const std::string& path) override;
  void finding(const Finding& f, const traces::Directory& d) override;
  [[nodiscard]] bool watches_events() const override { return report_.watches_events(); }
  void event(const traces::Event& event, const StandingOf& standing, const traces::Directory& d) override {
    report_.event(event, standing, d);
  }
  void departure(const follow::Departure& departure, const traces::Directory& d) override {
    report_.departure(departure, d);
  }
  void end_trace(const traces::Header& header, const traces::ReadStatistics& statistics, const Summary& summary,
                 std::span<const JudgedExpectation> expectations, const std::string& error) override;
  void skip_trace(const std::string& path, const std::string& why) override { report_.skip_trace(path, why); }
  void end(const Summary& total) override;

  /// The findings of the latest trace that passed, by spec::Severity.
  [[nodiscard]] const std::array<std::uint64_t, 3>& shown() const { return shown_; }
  /// The baseline to be written is full.
  [[nodiscard]] bool overflowed() const { return overflowed_; }

 private:
  /// Where it is counted if it is not shown; null: it is.
  [[nodiscard]] std::uint64_t* held_back(const Finding& f, const traces::Directory& d);

  Selection& selection_;
  ReportSink& report_;
  std::array<std::uint64_t, 3> shown_{};
  Withheld withheld_, in_all_;
  bool overflowed_ = false;
};

}  // namespace custody::checker::select
