// SPDX-License-Identifier: BSD-2-Clause
// Which finding a smaller trace must still show, and when a finding of another trace is the same one.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/finding.hpp"
#include "checker/replay/engine.hpp"

namespace custody::checker::minimize {

/// What the user asks for; by default the first error, else the first warning, else the first note.
struct Wish {
  std::optional<spec::RuleId> rule;  ///< the finding's own, or one of its `also`
  std::uint64_t line = 0;            ///< that of the finding, its call, its event or its operation; 0: any
};

/// A finding, by what must stay when the trace around it shrinks.
struct Target {
  spec::RuleId wished{};  ///< the rule that the result expects
  spec::RuleId rule{};
  spec::Severity severity{};
  Effect effect = Effect::kNotApplicable;
  bool proved = false;
  std::uint8_t assumes = 0;
  traces::EventKind trigger = traces::EventKind::kLost;
  traces::EventKind call = traces::EventKind::kLost;
  std::string device;  ///< its name; empty: about none
  std::uint64_t line = 0;
  std::uint32_t buffer = traces::kNoId, generation = 0;
  /// Events of the trace up to the one that settled the finding.
  std::uint64_t reached = 0;
  /// What was known of the devices' coherence by then.
  std::vector<std::pair<std::string, bool>> coherence;

  /// The same rule (in `also` too, where that is what was wished), severity, device and kind of call and event; at
  /// least as well proved, and with no more assumed; where less is, it may be more severe.
  [[nodiscard]] bool is(const Finding& finding, const traces::Directory& directory) const;
};

/// A reader's sink that judges a trace and keeps the finding that the user means.
class Chooser final : public traces::EventSink {
 public:
  /// `path` is for messages.
  Chooser(const std::string& path, const replay::Options& options, const Wish& wish);

  void on_header(const traces::Header& header, const traces::Directory& directory) override;
  void on_event(const traces::Event& event, const traces::Directory& directory) override;
  void on_end(const traces::Directory& directory) override { engine_.on_end(directory); }

  [[nodiscard]] const std::optional<Target>& chosen() const { return chosen_; }
  [[nodiscard]] std::uint64_t findings() const { return findings_; }
  /// A call counts once.
  [[nodiscard]] std::uint64_t events() const { return events_ - returns_; }

 private:
  void consider(const Finding& finding, const traces::Directory& directory);
  [[nodiscard]] bool is_wished(const Finding& finding) const;
  [[nodiscard]] std::uint32_t generation_of(const Finding& finding) const;

  const std::string& path_;
  const replay::Options& options_;
  const Wish wish_;
  std::uint64_t events_ = 0, returns_ = 0, findings_ = 0;
  std::optional<Target> chosen_;
  /// Per buffer id: at which line each object of that id began.
  std::vector<std::vector<std::pair<std::uint64_t, std::uint32_t>>> births_;
  replay::Engine engine_;
};

}  // namespace custody::checker::minimize
