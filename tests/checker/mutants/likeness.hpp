// SPDX-License-Identifier: BSD-2-Clause
// Two graphs with labelled edges, walked together from their first states.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace custody::checker::test {

enum class Likeness {
  kIsomorphic,  ///< a bijection of the states that keeps edges and labels
  kBisimilar,   ///< nobody who sees labels only tells them apart: isomorphic once states that are alike count once
  kDifferent,   ///< not shown to be alike
};

struct Comparison {
  Likeness likeness = Likeness::kIsomorphic;
  bool maintenance = false;  ///< edges that are alike run other syncs or another number of operations
};

/// The relation of states that came together: each pair is to be followed once.
template <class State>
class Walk {
 public:
  Walk(const State& a, const State& b) { meet(a, b); }
  /// Both graphs have come there by the same labels.
  void meet(const State& a, const State& b) {
    if (!seen_.emplace(a, b).second) return;
    one_to_one_ = there_.emplace(a, b).second && one_to_one_;
    one_to_one_ = back_.emplace(b, a).second && one_to_one_;
    todo_.emplace_back(a, b);
  }
  [[nodiscard]] bool is_done() const { return todo_.empty(); }
  std::pair<State, State> next() {
    std::pair<State, State> pair = std::move(todo_.back());
    todo_.pop_back();
    return pair;
  }
  [[nodiscard]] std::size_t size() const { return seen_.size(); }
  /// Of a walk that is done, and met no difference.
  [[nodiscard]] Likeness likeness() const { return one_to_one_ ? Likeness::kIsomorphic : Likeness::kBisimilar; }

 private:
  std::set<std::pair<State, State>> seen_;
  std::map<State, State> there_, back_;
  std::vector<std::pair<State, State>> todo_;
  bool one_to_one_ = true;
};

}  // namespace custody::checker::test
