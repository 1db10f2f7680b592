// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/mutants/beliefs.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace custody::checker::test {
namespace {

using Belief = std::vector<Packed>;
using CallKey = std::tuple<Deed::Kind, std::uint8_t, model::Direction, BlockMask>;

/// What a call leads to.
struct After {
  Belief belief;
  unsigned broken = 0;  ///< a set of properties: bit by Property
};

/// Adds what accesses and caches do next, and what that breaks.
void close(const System& system, After& after) {
  std::set<Packed> known(after.belief.begin(), after.belief.end());
  after.belief.assign(known.begin(), known.end());
  std::vector<Successor> successors;
  for (std::size_t i = 0; i < after.belief.size(); ++i) {
    system.successors(after.belief[i], successors);
    for (const Successor& next : successors) {
      if (!is_hidden(next.deed.kind)) continue;
      if (next.violates) after.broken |= 1U << static_cast<unsigned>(next.property);
      if (known.insert(next.next).second) after.belief.push_back(next.next);
    }
  }
  std::sort(after.belief.begin(), after.belief.end());
}

std::map<CallKey, After> calls_from(const System& system, const Belief& belief) {
  std::map<CallKey, After> calls;
  std::vector<Successor> successors;
  for (const Packed s : belief) {
    system.successors(s, successors);
    for (const Successor& next : successors) {
      if (is_hidden(next.deed.kind)) continue;
      After& after = calls[{next.deed.kind, next.deed.device, next.deed.dir, next.deed.blocks}];
      if (next.violates) after.broken |= 1U << static_cast<unsigned>(next.property);
      after.belief.push_back(next.next);
    }
  }
  for (auto& [key, after] : calls) close(system, after);
  return calls;
}

}  // namespace

Histories compare_histories(const System& a, const System& b) {
  After first{{a.initial()}, 0}, second{{b.initial()}, 0};
  close(a, first);
  close(b, second);
  Walk<Belief> walk(first.belief, second.belief);
  bool same = true;
  while (!walk.is_done()) {
    const auto [s, t] = walk.next();
    const auto from_a = calls_from(a, s), from_b = calls_from(b, t);
    if (!std::equal(from_a.begin(), from_a.end(), from_b.begin(), from_b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first; }))
      return Histories::kDifferent;
    for (auto x = from_a.begin(), y = from_b.begin(); x != from_a.end(); ++x, ++y) {
      if ((y->second.broken & ~x->second.broken) != 0) return Histories::kBreakMore;
      same = same && y->second.broken == x->second.broken;
      walk.meet(x->second.belief, y->second.belief);
    }
  }
  return same && walk.likeness() == Likeness::kIsomorphic ? Histories::kIsomorphic : Histories::kDifferent;
}

}  // namespace custody::checker::test
