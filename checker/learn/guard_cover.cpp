// SPDX-License-Identifier: BSD-2-Clause
// Searches conjunctions of guards, as columns of bits over the examples.
#include "checker/learn/guard_cover.hpp"

#include <algorithm>
#include <bit>
#include <map>

#include "model/guards.hpp"
#include "spec/contract.hpp"

namespace custody::checker::learn {

using model::at;
using model::Id;

namespace {

using Bits = std::vector<std::uint64_t>;

unsigned count(const Bits& bits) {
  unsigned n = 0;
  for (const std::uint64_t word : bits) n += static_cast<unsigned>(std::popcount(word));
  return n;
}
Bits both(Bits a, const Bits& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] &= b[i];
  return a;
}
Bits without(Bits a, const Bits& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] &= ~b[i];
  return a;
}

/// Owners first, then the call, then counts; what only a note tells last.
unsigned weight_of(Id guard) {
  unsigned weight = 100;
  constexpr model::FactSet kOwners =
      model::fact_bit(at(model::kFacts, "owner")) | model::fact_bit(at(model::kFacts, "next_owner"));
  for (Id f = 0; f < model::kFirstPolicy; ++f) {
    if ((model::kGuards[guard].facts() & model::fact_bit(f)) == 0) continue;
    const model::Source source = model::kFacts[f].source;
    if (source == model::Source::kNote || source == model::Source::kOwnNote) weight += 50;
    else if ((model::fact_bit(f) & kOwners) == 0) weight += source == model::Source::kCall ? 1 : 2;
  }
  return weight;
}

struct Literal {
  Id guard;
  unsigned weight;
  Bits holds;
};

class Search {
 public:
  Search(const std::vector<Id>& guards, const std::vector<Example>& examples) {
    const std::size_t words = (examples.size() + 63) / 64;
    on_.assign(words, 0);
    off_.assign(words, 0);
    common_.assign(words, 0);
    for (std::size_t i = 0; i < examples.size(); ++i) {
      if (examples[i].want == Example::Want::kOn) set(on_, i);
      if (examples[i].want == Example::Want::kOff) set(off_, i);
      if (!examples[i].rare) set(common_, i);
    }
    collect(guards, examples);
  }

  Cover run() {
    if (count(on_) == 0) return {};
    const Bits all(on_.size(), ~std::uint64_t{0});
    best_.cost = ~0U;
    extend({}, 0, all, 0);
    if (exceptions(best_holds_) != 0) greedy();
    return best_;
  }

 private:
  static constexpr std::size_t kMostGuards = 3, kMostConjunctions = 6;
  static constexpr unsigned kConjunctionCost = 150;
  static void set(Bits& bits, std::size_t i) { bits[i / 64] |= std::uint64_t{1} << (i % 64); }

  /// Of guards that hold in the same examples the lightest stands for all.
  void collect(const std::vector<Id>& guards, const std::vector<Example>& examples) {
    std::map<Bits, std::size_t> known;
    for (const Id guard : guards) {
      Literal literal{guard, weight_of(guard), Bits(on_.size(), 0)};
      for (std::size_t i = 0; i < examples.size(); ++i)
        if (examples[i].want != Example::Want::kFree && model::kGuards[guard].holds(*examples[i].facts))
          set(literal.holds, i);
      if (count(without(on_, literal.holds)) + count(without(off_, literal.holds)) == 0) continue;
      const auto [place, is_new] = known.try_emplace(literal.holds, literals_.size());
      if (is_new) literals_.push_back(literal);
      else if (literal.weight < literals_[place->second].weight) literals_[place->second] = literal;
    }
    std::stable_sort(literals_.begin(), literals_.end(),
                     [](const Literal& a, const Literal& b) { return a.weight < b.weight; });
  }

  [[nodiscard]] unsigned exceptions(const Bits& holds) const {
    const Bits missed = without(on_, holds), hit = both(off_, holds);
    return count(missed) + count(hit) + count(both(missed, common_)) + count(both(hit, common_));
  }

  void extend(Conjunction chosen, std::size_t from, const Bits& holds, unsigned weight) {
    const unsigned cost = weight + kExceptionCost * exceptions(holds);
    if (cost < best_.cost) {
      best_ = {{chosen}, cost};
      best_holds_ = holds;
    }
    if (count(both(off_, holds)) == 0) {
      exact_.push_back({chosen, weight, both(on_, holds)});
      return;  // more guards only lose
    }
    if (chosen.size() == kMostGuards || count(both(on_, holds)) == 0) return;
    for (std::size_t i = from; i < literals_.size(); ++i) {
      Conjunction more = chosen;
      more.push_back(literals_[i].guard);
      extend(std::move(more), i + 1, both(holds, literals_[i].holds), weight + literals_[i].weight);
    }
  }

  /// Several conjunctions, none of which holds where nothing happens, nor where another does: what runs twice is done
  /// twice.
  void greedy() {
    Cover out;
    Bits left = on_;
    while (count(left) != 0 && out.any.size() < kMostConjunctions) {
      const Part* best = nullptr;
      for (const Part& part : exact_) {
        if (count(part.covers) != count(both(part.covers, left))) continue;
        const unsigned gain = count(part.covers);
        const unsigned most = best == nullptr ? 0 : count(best->covers);
        if (gain > most || (gain == most && gain != 0 && part.weight < best->weight)) best = &part;
      }
      if (best == nullptr) break;
      out.any.push_back(best->guards);
      out.cost += best->weight + (out.any.size() > 1 ? kConjunctionCost : 0);
      left = without(left, best->covers);
    }
    out.cost += kExceptionCost * (count(left) + count(both(left, common_)));
    if (out.cost < best_.cost) best_ = std::move(out);
  }

  struct Part {
    Conjunction guards;
    unsigned weight;
    Bits covers;
  };
  Bits on_, off_, common_, best_holds_;
  std::vector<Literal> literals_;
  std::vector<Part> exact_;
  Cover best_;
};

}  // namespace

std::vector<Id> guards_for(Id event, model::FactSet without) {
  std::vector<Id> out;
  for (Id g = 0; g < std::size(model::kGuards); ++g) {
    const model::FactSet facts = model::kGuards[g].facts();
    bool usable = (facts & without) == 0;
    for (std::size_t p = model::kFirstPolicy; p < model::kFactCount; ++p)
      usable = usable && (facts & model::fact_bit(static_cast<Id>(p))) == 0;
    if (!usable) continue;
    spec::Contract contract;
    spec::Clause clause;
    clause.on = model::events(event);
    clause.guards.push_back(g);
    contract.clauses.push_back(clause);
    if (!spec::flaw_of(contract)) out.push_back(g);
  }
  return out;
}

Cover cover(const std::vector<Id>& guards, const std::vector<Example>& examples) {
  return Search(guards, examples).run();
}

}  // namespace custody::checker::learn
