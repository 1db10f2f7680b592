// SPDX-License-Identifier: BSD-2-Clause
// From the depths of the states back to a path.
#include "checker/explore/retrace.hpp"

#include <algorithm>
#include <stdexcept>

namespace custody::checker::explore {

namespace {

class Retrace {
 public:
  Retrace(const System& system, StateTable& table, bool symmetry)
      : system_(system), table_(table), places_(system.layout(), table.residues()), tables_(system, table.residues()),
        symmetry_(symmetry) {}

  std::vector<Violation> run(const std::vector<Break>& breaks) {
    std::vector<std::vector<Packed>> paths;  // backwards
    unsigned deepest = 0;
    for (const Break& b : breaks) {
      paths.push_back({b.state});
      deepest = std::max(deepest, b.depth);
    }
    levels_.resize(deepest);
    table_.each_above(deepest, [this](const Cell& cell, unsigned slot, unsigned depth) {
      levels_[depth].push_back(places_.state(cell, slot));
    });
    for (unsigned depth = deepest; depth-- > 0;) {
      std::vector<std::vector<Packed>*> open;
      for (std::size_t i = 0; i < breaks.size(); ++i)
        if (breaks[i].depth > depth) open.push_back(&paths[i]);
      step_back(depth, open);
    }
    std::vector<Violation> out;
    for (std::size_t i = 0; i < breaks.size(); ++i) out.push_back(walk(paths[i], breaks[i].property));
    return out;
  }

 private:
  [[nodiscard]] Packed canonical(Packed s) const { return symmetry_ ? system_.canonical(s) : s; }

  /// Puts before each path the least state of `depth` that leads to its first one.
  void step_back(unsigned depth, const std::vector<std::vector<Packed>*>& paths) {
    std::vector<std::optional<Packed>> least(paths.size());
    for (const Packed state : levels_[depth])
      tables_.expand(state, [&](Packed next, PropertySet) {
        next = canonical(next);
        for (std::size_t i = 0; i < paths.size(); ++i)
          if (next == paths[i]->back() && (!least[i] || state < *least[i])) least[i] = state;
      });
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (!least[i]) throw std::logic_error("a state of the search has no predecessor");
      paths[i]->push_back(*least[i]);
    }
  }

  /// A path of real states along the canonical ones.
  Violation walk(const std::vector<Packed>& backwards, Property property) const {
    Violation v;
    v.property = property;
    v.states = {system_.initial()};
    std::vector<Successor> successors;
    for (std::size_t left = backwards.size(); left-- > 0;) {
      system_.successors(v.states.back(), successors);
      const auto step = std::find_if(successors.begin(), successors.end(), [&](const Successor& s) {
        return left != 0 ? canonical(s.next) == backwards[left - 1] : s.breaks(property);
      });
      if (step == successors.end()) throw std::logic_error("a path of the search can not be retraced");
      v.labels.push_back(step->label);
      v.states.push_back(step->next);
    }
    return v;
  }

  const System& system_;
  StateTable& table_;
  Places places_;
  StepTables tables_;
  bool symmetry_;
  std::vector<std::vector<Packed>> levels_;  ///< states by depth, above the deepest break
};

}  // namespace

std::vector<Violation> retrace(const System& system, StateTable& table, const std::vector<Break>& breaks,
                               bool symmetry) {
  if (breaks.empty()) return {};
  return Retrace(system, table, symmetry).run(breaks);
}

}  // namespace custody::checker::explore
