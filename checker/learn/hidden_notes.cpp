// SPDX-License-Identifier: BSD-2-Clause
// Adds the trigger that explains most, until each situation has one answer.
#include "checker/learn/hidden_notes.hpp"

#include <algorithm>
#include <map>

#include "checker/learn/names.hpp"
#include "model/guards.hpp"

namespace custody::checker::learn {

using model::Direction;
using model::Id;

namespace {

constexpr std::size_t kMostTriggers = 8, kMostSwaps = 6;
/// Of what differs without notes, notes explain half at least: a driver that slips now and then has no note for it.
constexpr std::uint64_t kExplainedPart = 2;

/// Where the CPU gets the buffer it may write from then on, and where devices get it, they.
constexpr model::EventSet kCpuComes = model::events(kExport, kBegin, kVmap, kMmap),
                          kDevicesCome = model::events(kMap, kEnd);
bool may_set(Id fact, Id event) {
  const unsigned events = fact == kDirty ? kCpuComes : kDevicesCome;
  return ((events >> event) & 1U) != 0;
}

std::uint8_t bit_of(Id fact) { return fact == kDirty ? 1 : 2; }

std::uint8_t cleared_by(const Answer& answer) {
  std::uint8_t bits = 0;
  for (const Made& m : answer.made) {
    if (m.device != kPass) continue;
    if (m.dir != Direction::kFromDevice) bits |= 1U;
    if (m.dir != Direction::kToDevice) bits |= 2U;
  }
  return bits;
}

class Guess {
 public:
  Guess(const Samples& samples, const Moments& moments) : samples_(samples), moments_(moments) {
    number_pairs();
    for (const Answer& answer : moments.answers) clears_.push_back(cleared_by(answer));
    for (Id event = 0; event < model::kEventCount; ++event) collect(event);
  }

  HiddenNotes run(const std::vector<Trigger>& hint) {
    const std::uint64_t without = follow({});
    if (without == 0) return settled({});
    std::vector<Trigger> best = settle_on({}, without);
    // What a shorter exploration came to may be nearer than what is nearest now.
    std::vector<Trigger> other = settle_on(hint, follow(hint));
    if (std::pair(follow(other), other.size()) < std::pair(follow(best), best.size())) best = std::move(other);
    return follow(best) * kExplainedPart <= without ? settled(best) : settled({});
  }

 private:
  struct Atom {
    Trigger trigger;
    std::vector<bool> holds;  ///< by situation
  };

  void number_pairs() {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> pairs;
    for (std::size_t i = 0; i < moments_.scope_of.size(); ++i) pairs[{moments_.scope_of[i], moments_.answer_of[i]}];
    std::uint32_t number = 0;
    for (auto& [pair, n] : pairs) {
      n = number++;
      scope_of_pair_.push_back(pair.first);
    }
    for (std::size_t i = 0; i < moments_.scope_of.size(); ++i)
      pair_of_.push_back(pairs[{moments_.scope_of[i], moments_.answer_of[i]}]);
  }

  /// One trigger for each set of situations that guards of the event tell apart.
  void collect(Id event) {
    if (event == kExport) {
      if (may_set(kDirty, event)) atoms_.push_back({{kDirty, event, {}}, {}});
      return;
    }
    const model::FactSet notes =
        model::fact_bit(kDirty) | model::fact_bit(kStale) | model::fact_bit(kKept) | model::fact_bit(kOwnMapping);
    std::map<std::vector<bool>, bool> known;
    const auto add = [&](Conjunction guards) {
      std::vector<bool> holds;
      bool any = false;
      for (const Scope& scope : moments_.scopes) {
        const bool runs =
            scope.step.event == event && scope.effect && !scope.step.interrupted &&
            std::all_of(guards.begin(), guards.end(), [&](Id g) { return model::kGuards[g].holds(scope.facts); });
        holds.push_back(runs);
        any = any || runs;
      }
      if (!any || !known.emplace(holds, true).second) return;
      for (const Id fact : {kDirty, kStale})
        if (may_set(fact, event)) atoms_.push_back({{fact, event, guards}, holds});
    };
    add({});
    for (const Id guard : guards_for(event, notes)) add({guard});
  }

  /// Calls that get another answer than most in their situation, where these set the notes. Fills `before_`.
  std::uint64_t follow(const std::vector<Trigger>& triggers) {
    std::vector<const Atom*> atoms;
    for (const Trigger& t : triggers)
      for (const Atom& a : atoms_)
        if (a.trigger == t) atoms.push_back(&a);
    return follow_atoms(atoms);
  }
  std::uint64_t follow_atoms(const std::vector<const Atom*>& atoms) {
    std::uint8_t start = 0;
    for (const Atom* a : atoms)
      if (a->trigger.event == kExport) start |= bit_of(a->trigger.fact);
    const std::vector<ExploredCall>& calls = samples_.calls();
    before_.assign(calls.size(), 0);
    after_.assign(calls.size(), 0);
    counts_.assign(scope_of_pair_.size() * 4, 0);
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const std::uint8_t was = calls[i].parent == kNoCall ? start : after_[calls[i].parent];
      before_[i] = was;
      ++counts_[pair_of_[i] * std::size_t{4} + was];
      std::uint8_t now = was & static_cast<std::uint8_t>(~clears_[moments_.answer_of[i]]);
      if (calls[i].answer.ret == 0)
        for (const Atom* a : atoms)
          if (!a->holds.empty() && a->holds[moments_.scope_of[i]]) now |= bit_of(a->trigger.fact);
      after_[i] = now;
    }
    return count_conflicts();
  }
  [[nodiscard]] std::uint64_t count_conflicts() const {
    std::uint64_t conflicts = 0;
    for (std::size_t from = 0; from < scope_of_pair_.size();) {
      std::size_t to = from;
      while (to < scope_of_pair_.size() && scope_of_pair_[to] == scope_of_pair_[from]) ++to;
      for (std::size_t bits = 0; bits < 4; ++bits) {
        std::uint64_t sum = 0, most = 0;
        for (std::size_t p = from; p < to; ++p) {
          sum += counts_[p * 4 + bits];
          most = std::max<std::uint64_t>(most, counts_[p * 4 + bits]);
        }
        conflicts += sum - most;
      }
      from = to;
    }
    return conflicts;
  }

  bool add_best(std::vector<Trigger>& chosen, std::uint64_t& conflicts) {
    const Atom* best = nullptr;
    std::vector<const Atom*> atoms;
    for (const Trigger& t : chosen)
      for (const Atom& a : atoms_)
        if (a.trigger == t) atoms.push_back(&a);
    for (const Atom& a : atoms_) {
      atoms.push_back(&a);
      const std::uint64_t left = follow_atoms(atoms);
      atoms.pop_back();
      if (left >= conflicts) continue;
      conflicts = left;
      best = &a;
    }
    if (best == nullptr) return false;
    chosen.push_back(best->trigger);
    return true;
  }

  /// Adds to `chosen`, swaps, and takes away what is not needed.
  std::vector<Trigger> settle_on(std::vector<Trigger> chosen, std::uint64_t conflicts) {
    while (conflicts != 0 && chosen.size() < kMostTriggers && add_best(chosen, conflicts)) {
    }
    swap_each(chosen, conflicts);
    for (std::size_t i = chosen.size(); i-- > 0;) {
      std::vector<Trigger> fewer = chosen;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (follow(fewer) <= conflicts) chosen = std::move(fewer);
    }
    return chosen;
  }

  /// What was chosen early may have been a stand-in.
  void swap_each(std::vector<Trigger>& chosen, std::uint64_t& conflicts) {
    std::size_t swaps = 0;
    for (std::size_t i = 0; i < chosen.size() && conflicts != 0 && swaps < kMostSwaps; ++i) {
      std::vector<Trigger> others = chosen;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
      std::uint64_t left = conflicts;
      if (!add_best(others, left)) continue;
      ++swaps;
      chosen = std::move(others);
      conflicts = left;
      i = static_cast<std::size_t>(-1);
      while (conflicts != 0 && chosen.size() < kMostTriggers && add_best(chosen, conflicts)) {
      }
    }
  }

  HiddenNotes settled(const std::vector<Trigger>& triggers) {
    HiddenNotes out;
    out.triggers = triggers;
    out.conflicts = follow(triggers);
    out.before = before_;
    return out;
  }

  const Samples& samples_;
  const Moments& moments_;
  std::vector<Atom> atoms_;
  std::vector<std::uint32_t> pair_of_, scope_of_pair_;
  std::vector<std::uint8_t> clears_, before_, after_;
  std::vector<std::uint32_t> counts_;
};

}  // namespace

HiddenNotes guess_hidden_notes(const Samples& samples, const Moments& moments, const std::vector<Trigger>& hint) {
  return Guess(samples, moments).run(hint);
}

}  // namespace custody::checker::learn
