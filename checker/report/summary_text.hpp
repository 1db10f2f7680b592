// SPDX-License-Identifier: BSD-2-Clause
// What a trace came to, as text.
#pragma once

#include <array>
#include <string>

#include "checker/finding.hpp"
#include "checker/report/finding_text.hpp"

namespace custody::checker::report {

/// Findings by what they say. One counts under each class that it matches.
struct FoundCounts {
  std::array<std::uint64_t, spec::kRuleClasses> certain{};   ///< indexed by spec::RuleClass
  std::array<std::uint64_t, spec::kRuleClasses> doubtful{};  ///< with an assumption, or beside another task's call
  void note(const Finding& f);
  void add(const FoundCounts& other);
};

struct SummaryForm {
  bool all_counts = false;  ///< also the findings by rule, and the known events
  bool complete = true;     ///< the input was read to its end
  Withheld withheld;
  Paint paint{false};
};

/// Counts, what is not judged and why, the cache maintenance, and at the end one sentence that says it all.
[[nodiscard]] std::string summary_text(const Summary& s, const FoundCounts& found, const SummaryForm& form);

/// `24 of 29 cache operations (24 MiB) were not needed; nothing is missing in 1 buffer of 1.` That nothing is missing
/// is said of wholly judged buffers only, and of the others that they are not judged and why.
/// `found`: what is shown; `withheld`: the number of findings that are not.
[[nodiscard]] std::string closing_sentence(const Summary& s, const FoundCounts& found, bool complete,
                                           std::uint64_t withheld = 0);

/// `12 findings not shown: 3 not asked for, 4 suppressed, 5 in the baseline`; empty for none.
[[nodiscard]] std::string withheld_text(const Withheld& w);

/// Who pays for cache maintenance, most first.
[[nodiscard]] std::string cost_table(const Summary& s);

}  // namespace custody::checker::report
