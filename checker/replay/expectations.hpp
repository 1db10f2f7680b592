// SPDX-License-Identifier: BSD-2-Clause
// Judges the `expect` lines of a litmus file.
#pragma once

#include <string>
#include <vector>

#include "checker/finding.hpp"

namespace custody::checker::replay {

/// Collects what is needed of findings, and judges when the trace is over. `expect RULE-OR-CLASS` matches a finding's
/// rule, a rule in its `also`, or its class; `at` matches the finding's line, its call's, its event's or its
/// operation's. Every finding of severity error must be expected: one that is not becomes a judgement of its own that
/// does not hold.
class Expectations {
 public:
  explicit Expectations(std::vector<traces::Expectation> expected) : expected_(std::move(expected)) {}
  void add(const Finding& finding);
  [[nodiscard]] std::vector<JudgedExpectation> judge(const Summary& summary) const;

 private:
  struct Seen {
    RuleSet rules;
    spec::RuleId rule;
    spec::Severity severity;
    std::uint64_t lines[4];
    bool in_hindsight = false;
    [[nodiscard]] bool matches(const traces::Expectation& e) const;
  };
  [[nodiscard]] JudgedExpectation judge_one(const traces::Expectation& e, const Summary& summary) const;

  std::vector<traces::Expectation> expected_;
  std::vector<Seen> seen_;
};

}  // namespace custody::checker::replay
