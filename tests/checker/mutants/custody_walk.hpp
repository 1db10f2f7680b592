// SPDX-License-Identifier: BSD-2-Clause
// Every step of Custody within small bounds, on the lifetime's own tables and on changed ones.
#pragma once

#include <string>
#include <vector>

#include "tests/checker/mutants/row_mutation.hpp"

namespace custody::checker::test {

enum class Steps {
  kSame,       ///< every call leads to the same Custody, is refused by the same rule, and has the same effect
  kAlike,      ///< of calls that a trace can show: the same but for the name of the owner's state
  kDifferent,  ///< neither was shown
};

struct StepComparison {
  Steps steps = Steps::kSame;
  /// Litmus files at whose last line anybody sees a difference, the first few.
  std::vector<std::string> litmus;
};

/// Walks everything that calls of two devices, one of which snoops, can lead to, legal or not: two directions, two
/// windows, two maps and a pin of the first attachment and a map of the other, two users of the kernel mapping and one
/// of the user's. Where the row of a mutant answers, the step is taken on its tables, too; from where both lead to
/// different Custody, both are followed on.
///
/// No trace shows a second export of a buffer, a call on one before its export, or a second attach of an attachment:
/// each of them is another buffer or attachment.
[[nodiscard]] std::vector<StepComparison> compare_steps(const std::vector<RowMutant>& mutants,
                                                        const std::vector<model::Policies>& policies);

}  // namespace custody::checker::test
