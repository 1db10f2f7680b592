// SPDX-License-Identifier: BSD-2-Clause
// Does a part of an excerpt still show the finding?
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "checker/minimize/excerpt.hpp"

namespace custody::checker::minimize {

/// A rule and the line of the excerpt at which it is broken.
using Fault = std::pair<spec::RuleId, std::uint64_t>;

/// Replays parts of one excerpt and looks for the target in them.
class Trial {
 public:
  /// `title` is that of the litmus files. All must outlive the trial.
  Trial(Excerpt& excerpt, const Target& target, const std::string& title);

  /// False where not even the whole excerpt shows the target.
  [[nodiscard]] bool is_possible() const { return possible_; }
  /// Does this part show the target, at the same event, without a fault that the whole excerpt does not have; could it
  /// have happened as it is; and does its litmus file give the same?
  [[nodiscard]] bool shows(const Kept& kept);
  /// The litmus file of a part that shows the target, with what it expects.
  [[nodiscard]] std::string text_of(const Kept& kept);
  /// The call whose judgement the target is, as the index of its entry; Layout::kNone where it is not about a call.
  [[nodiscard]] std::size_t call() const { return call_; }
  [[nodiscard]] std::uint64_t replays() const { return replays_; }

 private:
  struct Outcome {
    bool shown = false;
    std::uint64_t call_line = 0;
    std::vector<Fault> targets;  ///< every finding that could be the target
    std::vector<Fault> faults;   ///< the others that are illegal, missing or a lost write
    std::vector<Fault> errors;   ///< the others of severity error
  };
  [[nodiscard]] Outcome replay(const Kept& kept);
  void note(const Finding& finding, const traces::Directory& directory, Outcome& outcome) const;
  /// No call on an attachment without its attach, nothing on a buffer without its export, where the excerpt has them.
  [[nodiscard]] bool could_have_happened(const Kept& kept) const;
  [[nodiscard]] bool holds_as_text(const Kept& kept);

  Excerpt& excerpt_;
  const Target& target_;
  const std::string& title_;
  const replay::Options options_;  ///< none: everything stands in the file
  std::uint64_t line_ = 0;         ///< of the target in the excerpt
  bool possible_ = false;
  std::size_t call_ = traces::formats::litmus::Layout::kNone;
  std::vector<Fault> faults_;          ///< of the whole excerpt, sorted
  std::vector<std::size_t> exports_;   ///< event that exports buffer i; kNone: older
  std::vector<std::size_t> attaches_;  ///< the same of attachments
  std::uint64_t replays_ = 0;
};

}  // namespace custody::checker::minimize
