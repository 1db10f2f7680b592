// SPDX-License-Identifier: BSD-2-Clause
// Judges the `expect` lines of a litmus file.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "checker/finding.hpp"

namespace custody::checker::replay {

/// Empty where the rule, class or reason that the expectation names exists, or it names none; else what is wrong and
/// what is allowed.
[[nodiscard]] std::string check_expectation(const traces::Expectation& expectation);

/// Collects what is needed of findings, and judges when the trace is over. `expect WHAT` matches a finding by its rule,
/// by a rule in its `also`, by the class of one of these, or by its effect (`unobserved`); `at` matches the finding's
/// line, its call's, its event's or its operation's; severity, `owes` and `proved` are the finding's own. `expect no`
/// passes over what only hindsight tells, unless it names `unobserved`. Every finding of severity error must be
/// expected: one that is not becomes a judgement of its own that does not hold.
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
    spec::Owes owes;
    Effect effect;
    bool proved;
    std::uint64_t lines[4];
    [[nodiscard]] bool is_named(const traces::Expectation& e) const;
    [[nodiscard]] bool is_at(const traces::Expectation& e) const;
    [[nodiscard]] bool matches(const traces::Expectation& e) const;
    [[nodiscard]] std::string text() const;
  };
  /// Visits what was seen where the expectation is at, in order, until `visit` returns true; what it returned true of.
  template <class Visit>
  const Seen* find_at(const traces::Expectation& e, const Visit& visit) const;
  /// The errors that nothing expects.
  void judge_rest(std::vector<JudgedExpectation>& judged) const;
  /// What was found instead; empty: it holds.
  [[nodiscard]] std::string judge_one(const traces::Expectation& e, const Summary& summary) const;
  [[nodiscard]] std::string judge_finding(const traces::Expectation& e) const;
  [[nodiscard]] std::string judge_absence(const traces::Expectation& e) const;
  [[nodiscard]] std::string judge_legality() const;

  std::vector<traces::Expectation> expected_;
  std::vector<Seen> seen_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> at_line_;  ///< places in `seen_`, rising
};

}  // namespace custody::checker::replay
