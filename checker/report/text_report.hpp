// SPDX-License-Identifier: BSD-2-Clause
// The report for people.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "checker/finding.hpp"

namespace custody::checker::report {

struct TextOptions {
  bool colour = false;
  /// Print every finding in full; else one of each kind (rule, exporter, device, call) and a count of the others.
  bool all = false;
  /// Print nothing but findings and failed expectations.
  bool quiet = false;
  /// At the end, who pays for cache maintenance.
  bool explain_cost = false;
};

/// Writes through `write` as findings appear. Text from the trace is escaped. Memory does not grow with the trace, only
/// with the kinds of findings.
class TextReport final : public ReportSink {
 public:
  using Write = std::function<void(std::string_view)>;
  TextReport(Write write, TextOptions options) : write_(std::move(write)), options_(options) {}
  void begin_trace(const std::string& path) override;
  void finding(const Finding& finding, const traces::Directory& directory) override;
  void departure(const follow::Departure& departure, const traces::Directory& directory) override;
  void end_trace(const traces::Header& header, const traces::ReadStatistics& statistics, const Summary& summary,
                 std::span<const JudgedExpectation> expectations, const std::string& error) override;
  void skip_trace(const std::string& path, const std::string& why) override;
  void end(const Summary& total) override;

 private:
  struct More {
    std::uint64_t count = 0, bytes = 0, last_line = 0;
    std::string sample;
  };
  using Kind = std::tuple<int, std::string, std::uint32_t, int, Effect>;

  void print(const Finding& f, const traces::Directory& d);
  void print_costs(const Summary& s);
  void print_contract(const follow::ContractTotals& c);
  /// `complete`: the input was read to its end.
  void print_summary(const Summary& s, bool complete);
  [[nodiscard]] std::string paint(std::string_view text, std::string_view colour) const;

  Write write_;
  TextOptions options_;
  std::string path_;
  std::map<Kind, More> more_;
  std::uint64_t errors_printed_ = 0, errors_kept_back_ = 0, departures_printed_ = 0;
  unsigned traces_ = 0;
};

}  // namespace custody::checker::report
