// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/mutants/beliefs.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace custody::checker::test {
namespace {

using Belief = std::vector<explore::Packed>;
using CallKey = std::tuple<explore::Label::Kind, std::uint8_t, model::Direction, model::BlockMask>;

/// What a call leads to.
struct After {
  Belief belief;
  unsigned broken = 0;  ///< a set of properties: bit by Property
};

/// Adds what accesses and caches do next, and what that breaks.
void close(const explore::System& system, After& after) {
  std::set<explore::Packed> known(after.belief.begin(), after.belief.end());
  after.belief.assign(known.begin(), known.end());
  std::vector<explore::Successor> successors;
  for (std::size_t i = 0; i < after.belief.size(); ++i) {
    system.successors(after.belief[i], successors);
    for (const explore::Successor& next : successors) {
      if (!explore::is_hidden(next.label.kind)) continue;
      after.broken |= next.broken;
      if (known.insert(next.next).second) after.belief.push_back(next.next);
    }
  }
  std::sort(after.belief.begin(), after.belief.end());
}

std::map<CallKey, After> calls_from(const explore::System& system, const Belief& belief) {
  std::map<CallKey, After> calls;
  std::vector<explore::Successor> successors;
  for (const explore::Packed s : belief) {
    system.successors(s, successors);
    for (const explore::Successor& next : successors) {
      if (explore::is_hidden(next.label.kind)) continue;
      After& after = calls[{next.label.kind, next.label.device, next.label.dir, next.label.blocks}];
      after.broken |= next.broken;
      after.belief.push_back(next.next);
    }
  }
  for (auto& [key, after] : calls) close(system, after);
  return calls;
}

}  // namespace

Histories compare_histories(const explore::System& a, const explore::System& b) {
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
