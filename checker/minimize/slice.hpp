// SPDX-License-Identifier: BSD-2-Clause
// What of a trace a finding can rest on: the events of its buffer up to it.
#pragma once

#include <string>
#include <unordered_set>

#include "checker/minimize/target.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::checker::minimize {

/// Records the events of the target's buffer up to the one that settled the target (`to_the_end`: all), the returns of
/// the calls that are open there, and lost events and exits of tasks.
class Slice final : public traces::EventSink {
 public:
  Slice(const Target& target, bool to_the_end) : target_(target), to_the_end_(to_the_end) {}

  void on_header(const traces::Header& header, const traces::Directory& directory) override;
  void on_event(const traces::Event& event, const traces::Directory& directory) override;
  [[nodiscard]] const traces::RecordedTrace& trace() const { return trace_; }

 private:
  const Target& target_;
  bool to_the_end_;
  std::uint64_t events_ = 0;
  std::unordered_set<std::uint32_t> tasks_, open_;
  traces::RecordedTrace trace_;
};

/// The litmus file of `trace` under what `options` and `coherence` say beyond it. `by_probes`: what never occurs in it
/// may be a probe that was not set; else it is a scenario of its own.
[[nodiscard]] std::string as_litmus(const traces::RecordedTrace& trace, const replay::Options& options,
                                    const std::vector<std::pair<std::string, bool>>& coherence, bool by_probes);

/// Why a finding of `trace` may be missing in its litmus file.
[[nodiscard]] std::string what_litmus_cannot_say(const traces::RecordedTrace& trace, const replay::Options& options,
                                                 const std::string& text);

}  // namespace custody::checker::minimize
