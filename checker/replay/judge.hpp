// SPDX-License-Identifier: BSD-2-Clause
// The judge room: one fault, one finding. Precedence, severity, who owes it, what it assumes; then it is counted and
// said.
#pragma once

#include <functional>
#include <optional>

#include "checker/finding.hpp"
#include "checker/replay/custody.hpp"
#include "checker/replay/history.hpp"

namespace custody::checker::replay {

/// What one event is suspected of, before precedence, assumptions and overlaps decide what is said.
struct Suspicion {
  RuleSet rules;
  std::uint64_t line = 0;  ///< that the finding points at; 0: the event's
  std::uint64_t operation_line = 0;
  std::uint32_t device = traces::kNoId;
  std::uint32_t beside = traces::kNoId;  ///< the other device of a pair
  std::uint64_t bytes = 0;
  model::Operation operation = model::Operation::kNone;
  Effect effect = Effect::kNotApplicable;
  bool proved = false;
  std::uint8_t assumes = 0;
  bool warning_only = false;
  bool beside_job = false;
  std::optional<spec::Owes> owes;  ///< none: whom the rule names
  Refusal refusal;
};

/// Where and when. What it refers to must outlive it.
struct Circumstances {
  const traces::Event& event;
  const OpenCall* call = nullptr;                 ///< around the event, or itself; null: none
  std::uint32_t concurrent_task = traces::kNoId;  ///< whose call overlaps on the same buffer
  bool assumed_cached = false;                    ///< the memory is taken as cached
  model::Belief belief;                           ///< contract belief
  const History& history;
};

/// The rule that a finding with these rules gets: the first in `spec::kPrecedence`.
[[nodiscard]] spec::RuleId first_rule(const RuleSet& rules);

/// Not thread safe.
class Judge {
 public:
  using Report = std::function<void(const Finding&, const traces::Directory&)>;

  /// `summary` gets the counts, and must outlive it.
  Judge(Report report, Summary& summary) : report_(std::move(report)), summary_(summary) {}

  /// The names that are reported with a finding, from now on.
  void name_by(const traces::Directory& directory) { directory_ = &directory; }
  [[nodiscard]] const traces::Directory& directory() const { return *directory_; }
  /// The finding; its history is valid until the buffer's next event is remembered. `s.rules` is not empty.
  [[nodiscard]] static Finding finding(const Suspicion& s, const Circumstances& at);
  /// Counts it and says it.
  void emit(const Finding& f);
  void report(const Suspicion& s, const Circumstances& at) { emit(finding(s, at)); }
  /// A refusal was not reported, as the trace does not show the object's whole history.
  void count_unjudged() { ++summary_.unjudged; }

 private:
  Report report_;
  Summary& summary_;
  const traces::Directory* directory_ = nullptr;
};

}  // namespace custody::checker::replay
