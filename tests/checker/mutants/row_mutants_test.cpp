// SPDX-License-Identifier: BSD-2-Clause
// Every first-order mutant of the lifetime's tables is refused by the proof of its table, or changes what a replay or a
// search says, or takes every step as the tables do.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/checker/mutants/custody_walk.hpp"
#include "tests/checker/mutants/replays.hpp"
#include "tests/checker/mutants/row_mutation.hpp"
#include "tests/checker/mutants/searches.hpp"

namespace custody::checker::test {
namespace {

using Score = std::map<std::string, std::size_t>;

/// Of mutants that no committed trace, no trace at random and no search tells from the tables.
std::string fate_of(const RowMutant& mutant, const StepComparison& comparison) {
  switch (comparison.steps) {
    case Steps::kSame: return "proved to take the same steps";
    case Steps::kAlike: return "proved alike in all calls that a trace can show";
    case Steps::kDifferent: break;
  }
  for (const std::string& litmus : comparison.litmus)
    if (Replays::tell_apart_by(litmus, tables_of(mutant))) return "change a replay of where the steps differ";
  return "left";
}

/// What is to be seen at once; the others, for the walk.
std::vector<RowMutant> not_seen(const Replays& replays, Score& score) {
  const Searches searches;
  std::vector<RowMutant> out;
  for (const RowMutant& mutant : row_mutants()) {
    if (is_refused_by_the_proof(mutant)) {
      ++score["refused by the proof"];
      continue;
    }
    // The proof leaves no gap and no overlap.
    EXPECT_FALSE(mutant.removed || mutant.negated) << mutant.what;
    const model::test::Tables tables = tables_of(mutant);
    if (!replays.tell_apart(tables, mutant.id()).empty()) ++score["change a replay"];
    else if (!searches.tell_apart(tables).empty()) ++score["change a search"];
    else out.push_back(mutant);
  }
  return out;
}

TEST(RowMutants, AreRefusedOrChangeAVerdictOrAreTheSame) {
  const Replays replays(3000);
  Score score;
  const std::vector<RowMutant> walked = not_seen(replays, score);
  const std::vector<StepComparison> comparisons = compare_steps(walked, policies_one_by_one());
  for (std::size_t m = 0; m < walked.size(); ++m) {
    const std::string fate = fate_of(walked[m], comparisons[m]);
    EXPECT_NE(fate, "left") << walked[m].what << "\n"
                            << (comparisons[m].litmus.empty() ? "" : comparisons[m].litmus.front());
    std::cout << "  " << walked[m].what << ": " << fate << ", answers in " << replays.count(walked[m].id())
              << " replays\n";
    ++score[fate];
  }
  std::cout << "score of rows:";
  for (const auto& [fate, count] : score) std::cout << " " << count << " " << fate << ";";
  std::cout << std::endl;
}

}  // namespace
}  // namespace custody::checker::test
