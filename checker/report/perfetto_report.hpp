// SPDX-License-Identifier: BSD-2-Clause
// The life of buffers as a trace that the UI of Perfetto opens: the JSON of the Trace Event Format.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/report/timeline.hpp"
#include "spec/document/document.hpp"

namespace custody::checker::report {

/// A buffer is a process there; its tracks are its owner, each device that maps it, each task with a window or a call,
/// the syncs and cache operations, and the findings as instants. Written when all is read. Several traces follow one
/// another as processes.
class PerfettoReport final : public ReportSink {
 public:
  using Write = std::function<void(std::string_view)>;
  PerfettoReport(Write write, spec::document::Origin origin) : write_(std::move(write)), origin_(std::move(origin)) {}
  void begin_trace(const std::string& path) override;
  void finding(const Finding& finding, const traces::Directory& directory) override;
  [[nodiscard]] bool watches_events() const override { return true; }
  void event(const traces::Event& event, const StandingOf& standing, const traces::Directory& directory) override;
  void end_trace(const traces::Header& header, const traces::ReadStatistics& statistics, const Summary& summary,
                 std::span<const JudgedExpectation> expectations, const std::string& error) override;
  void end(const Summary& total) override;

 private:
  struct Mark {
    std::uint32_t row = 0, place = 0;
    std::uint64_t line = 0;
    spec::RuleId rule{};
    spec::Severity severity{};
    std::string says;
  };
  static constexpr std::size_t kMostMarks = 200'000;
  class Writer;
  void write_head();
  void write_trace();
  std::uint64_t track(const Writer& w, std::uint32_t row, std::uint64_t which, const std::string& name);
  void write_slices(const Writer& w);
  void write_events(const Writer& w);
  void write_marks(const Writer& w);

  Write write_;
  spec::document::Origin origin_;
  std::string path_, read_;
  Timeline timeline_;
  std::vector<Mark> marks_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::uint64_t> tracks_;  ///< the numbers of those that have a name
  std::uint64_t next_ = 1;                                                   ///< of processes and tracks
  std::uint64_t left_out_ = 0;
  bool begun_ = false;
};

}  // namespace custody::checker::report
