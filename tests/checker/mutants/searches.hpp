// SPDX-License-Identifier: BSD-2-Clause
// Which searches tell a changed table from the lifetime's own: of contracts under every value of every policy.
#pragma once

#include <string>
#include <vector>

#include "tests/checker/mutants/graphs.hpp"
#include "tests/model/interpreter.hpp"

namespace custody::checker::test {

/// The default policies, and each other value of a policy of the lifetime with the least that goes with it.
[[nodiscard]] std::vector<model::Policies> policies_one_by_one();

/// Searches with what each says on the unchanged tables.
class Searches {
 public:
  Searches();
  /// A search that says otherwise on these tables, in what is broken or in how many states there are; empty: none.
  [[nodiscard]] std::string tell_apart(const model::test::Tables& tables) const;

 private:
  struct Search {
    spec::Contract contract;
    explore::Configuration configuration;
    Verdict verdict;
  };
  std::vector<Search> searches_;
};

}  // namespace custody::checker::test
