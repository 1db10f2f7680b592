// SPDX-License-Identifier: BSD-2-Clause
// Which replays tell a changed table from the lifetime's own: of every committed trace, and of traces at random.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "checker/replay/options.hpp"
#include "tests/model/interpreter.hpp"

namespace custody::checker::test {

/// Where the committed traces depart from the contract.
[[nodiscard]] std::string departures_from(const spec::Contract& contract);

/// Where this litmus file does.
[[nodiscard]] std::string departures_of(const std::string& litmus, const spec::Contract& contract);

/// Traces with what a replay says of each on the unchanged tables, and which rows answered on the way.
class Replays {
 public:
  /// The committed traces, each also compared with two contracts, and `random` traces at random.
  explicit Replays(unsigned random);

  /// A trace that is judged otherwise on these tables, where the row of this id is changed; empty where none is.
  [[nodiscard]] std::string tell_apart(const model::test::Tables& tables, std::string_view row) const;
  /// This litmus file is judged otherwise on these tables.
  [[nodiscard]] static bool tell_apart_by(const std::string& litmus, const model::test::Tables& tables);
  /// The traces in which the row answers.
  [[nodiscard]] std::size_t count(std::string_view row) const;

 private:
  struct Trace {
    std::string name, text;  ///< `text` is empty where `name` is a file
    std::string contract;    ///< that it is compared with; empty: none
    std::string verdict;
  };
  void add(Trace trace);

  std::vector<Trace> traces_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_row_;  ///< traces in which it answers
};

}  // namespace custody::checker::test
