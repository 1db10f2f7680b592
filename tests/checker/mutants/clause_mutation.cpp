// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/mutants/clause_mutation.hpp"

#include <optional>

namespace custody::checker::test {
namespace {

using model::Id;
using spec::Clause;

/// Of all values of what the guards look at, each has just one that holds.
bool divide_everything(const std::vector<Id>& guards) {
  model::FactSet looked_at = 0;
  for (const Id g : guards) looked_at |= model::kGuards[g].facts();
  model::Facts facts;
  do {
    std::size_t holding = 0;
    for (const Id g : guards) holding += model::kGuards[g].holds(facts) ? 1U : 0U;
    if (holding != 1) return false;
  } while (next_combination(facts, looked_at));
  return true;
}

/// One or two guards, of which one holds where `guard` does not; empty where the vocabulary has none.
std::vector<Id> negation(Id guard) {
  constexpr auto kGuards = static_cast<Id>(std::size(model::kGuards));
  const auto related = [guard](Id g) {
    return g != guard && (model::kGuards[g].facts() & model::kGuards[guard].facts()) != 0 &&
           model::kGuards[g].on == model::kGuards[guard].on;
  };
  for (Id a = 0; a < kGuards; ++a)
    if (related(a) && divide_everything({guard, a})) return {a};
  for (Id a = 0; a < kGuards; ++a)
    for (Id b = 0; related(a) && b < a; ++b)
      if (related(b) && divide_everything({guard, a, b})) return {a, b};
  return {};
}

template <class T>
std::vector<T> without(std::vector<T> list, std::size_t index) {
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(index));
  return list;
}

class ClauseMutator {
 public:
  ClauseMutator(const spec::Contract& original,
                const std::function<void(const spec::Contract&, const std::string&)>& take)
      : original_(original), take_(take) {}

  void run(std::size_t index) {
    index_ = index;
    const Clause& clause = original_.clauses[index];
    replace({}, "dropped");
    for (std::size_t g = 0; g < clause.guards.size(); ++g) {
      change("without " + std::string(model::kGuards[clause.guards[g]].name),
             [g](Clause& c) { c.guards = without(c.guards, g); });
      negate(g);
    }
    for (std::size_t s = 0; s < clause.syncs.size(); ++s)
      change("without " + model::name_of(clause.syncs[s]), [s](Clause& c) { c.syncs = without(c.syncs, s); });
    for (std::size_t n = 0; n < clause.notes.size(); ++n)
      change("without " + std::string(model::kNoteActions[clause.notes[n]].name),
             [n](Clause& c) { c.notes = without(c.notes, n); });
    if (!clause.refuse.empty()) change("refuses nothing", [](Clause& c) { c.refuse.clear(); });
  }
  [[nodiscard]] std::size_t not_negated() const { return not_negated_; }

 private:
  void change(const std::string& what, auto apply) {
    Clause clause = original_.clauses[index_];
    apply(clause);
    replace({clause}, what);
  }
  void negate(std::size_t g) {
    const Clause& clause = original_.clauses[index_];
    std::vector<Clause> parts;
    for (const Id guard : negation(clause.guards[g])) {
      parts.push_back(clause);
      parts.back().guards[g] = guard;
      parts.back().name += "-" + std::to_string(parts.size());
    }
    if (parts.empty()) ++not_negated_;
    else replace(parts, "not " + std::string(model::kGuards[clause.guards[g]].name));
  }
  void replace(const std::vector<Clause>& by, const std::string& what) {
    spec::Contract mutant = original_;
    const auto place = mutant.clauses.begin() + static_cast<std::ptrdiff_t>(index_);
    mutant.clauses.insert(mutant.clauses.erase(place), by.begin(), by.end());
    take_(mutant, original_.name + ": " + original_.clauses[index_].name + " " + what);
  }

  const spec::Contract& original_;
  const std::function<void(const spec::Contract&, const std::string&)>& take_;
  std::size_t index_ = 0, not_negated_ = 0;
};

}  // namespace

std::size_t for_each_clause_mutant(const spec::Contract& original,
                                   const std::function<void(const spec::Contract&, const std::string&)>& take) {
  ClauseMutator mutator(original, take);
  for (std::size_t c = 0; c < original.clauses.size(); ++c) mutator.run(c);
  return mutator.not_negated();
}

}  // namespace custody::checker::test
