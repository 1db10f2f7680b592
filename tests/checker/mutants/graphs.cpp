// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/mutants/graphs.hpp"

#include <deque>
#include <map>

namespace custody::checker::test {

std::vector<explore::Configuration> configurations() {
  std::vector<explore::Configuration> out(2);
  out[0].windows = 2;
  out[1].coherent = 1;
  out[1].windows = 2;
  return out;
}

Verdict verdict_of(const spec::Contract& contract, const std::vector<explore::Configuration>& held_against) {
  Verdict verdict;
  std::vector<std::uint64_t>& out = verdict.properties;
  const explore::DecisionTables tables(contract);
  for (const explore::Configuration& c : held_against) {
    const explore::System system(tables, c);
    const explore::SearchResult r = explore::search(system, {});
    std::uint64_t broken = 0;
    for (const explore::Violation& v : r.violations) {
      broken |= std::uint64_t{1} << static_cast<unsigned>(v.property);
      out.push_back(v.count);
    }
    out.push_back(broken);
    out.push_back(r.stuck != 0);
    out.push_back(r.stuck_windows != 0);
    // A `sometimes`: each call still happens.
    std::uint64_t seen = 0;
    for (std::size_t k = 0; k < r.totals.seen.size(); ++k) seen |= std::uint64_t{r.totals.seen[k] != 0} << k;
    out.push_back(seen);
    for (const std::uint64_t n : {r.states, r.totals.transitions, r.totals.operations}) verdict.counts.push_back(n);
  }
  return verdict;
}

Comparison compare_graphs(const explore::System& a, const explore::System& b) {
  Walk<explore::Packed> walk(a.initial(), b.initial());
  std::vector<explore::Successor> from_a, from_b;
  Comparison out;
  while (!walk.is_done()) {
    const auto [s, t] = walk.next();
    a.successors(s, from_a);
    b.successors(t, from_b);
    if (from_a.size() != from_b.size()) return {Likeness::kDifferent, out.maintenance};
    for (std::size_t i = 0; i < from_a.size(); ++i) {
      const explore::Successor &x = from_a[i], &y = from_b[i];
      const bool same = x.label.kind == y.label.kind && x.label.device == y.label.device &&
                        x.label.dir == y.label.dir && x.broken == y.broken;
      if (!same) return {Likeness::kDifferent, out.maintenance};
      out.maintenance = out.maintenance || x.operations != y.operations;
      walk.meet(x.next, y.next);
    }
  }
  out.likeness = walk.likeness();
  return out;
}

namespace {

using Pair = std::pair<explore::Packed, explore::Packed>;
struct GraphStep {
  Pair from;
  explore::Label label;
};

/// The way to a pair, and one label more.
explore::Violation path_to(Pair pair, const explore::Label& last,
                           const std::map<Pair, std::optional<GraphStep>>& known) {
  explore::Violation out;
  out.labels = {last};
  out.states = {pair.first};
  for (const auto* step = &known.at(pair); step->has_value(); step = &known.at((*step)->from)) {
    out.labels.insert(out.labels.begin(), (*step)->label);
    out.states.insert(out.states.begin(), (*step)->from.first);
  }
  return out;
}

}  // namespace

std::optional<explore::Violation> where_operations_differ(const explore::System& a, const explore::System& b) {
  std::map<Pair, std::optional<GraphStep>> known = {{{a.initial(), b.initial()}, std::nullopt}};
  std::deque<Pair> todo = {{a.initial(), b.initial()}};
  std::vector<explore::Successor> from_a, from_b;
  for (; !todo.empty(); todo.pop_front()) {
    const Pair pair = todo.front();
    a.successors(pair.first, from_a);
    b.successors(pair.second, from_b);
    for (const explore::Successor& x : from_a)
      for (const explore::Successor& y : from_b) {
        if (x.label != y.label) continue;
        if (x.operations != y.operations) return path_to(pair, x.label, known);
        const Pair next{x.next, y.next};
        if (known.emplace(next, GraphStep{pair, x.label}).second) todo.push_back(next);
      }
  }
  return std::nullopt;
}

}  // namespace custody::checker::test
