// SPDX-License-Identifier: BSD-2-Clause
#include "checker/explore/search.hpp"

#include <algorithm>
#include <stdexcept>

namespace custody::checker {

namespace {

constexpr std::uint32_t kNone = 0xffffffffU;

/// Exact set of states: an open-addressing table of indices into the list of states, in the order of their finding. A
/// byte of each hash beside the table saves most looks at a state that is another.
class StateSet {
 public:
  StateSet() : table_(1U << 12U, kNone), tags_(table_.size(), 0) {}

  [[nodiscard]] static Packed hash(Packed state) {
    Packed h = state * 0x9e3779b97f4a7c15ULL;
    return (h ^ (h >> 32U)) * 0xd6e8feb86659fd93ULL;
  }
  void prefetch(Packed hash) const {
    const std::size_t at = slot(hash);
    __builtin_prefetch(&tags_[at]);
    __builtin_prefetch(&table_[at]);
  }
  /// The index of `state`; `added` says whether it is new.
  std::uint32_t add(Packed state, Packed hash, std::uint32_t parent, bool& added) {
    if (states_.size() * 5 >= table_.size() * 3) grow();
    const std::size_t at = place(state, hash);
    added = table_[at] == kNone;
    if (added) {
      table_[at] = static_cast<std::uint32_t>(states_.size());
      tags_[at] = tag(hash);
      states_.push_back(state);
      parents_.push_back(parent);
    }
    return table_[at];
  }
  [[nodiscard]] std::uint32_t find(Packed state) const { return table_[place(state, hash(state))]; }
  [[nodiscard]] std::size_t size() const { return states_.size(); }
  [[nodiscard]] Packed state(std::uint32_t i) const { return states_[i]; }
  [[nodiscard]] std::uint32_t parent(std::uint32_t i) const { return parents_[i]; }
  [[nodiscard]] std::uint64_t bytes() const {
    return states_.size() * (sizeof(Packed) + sizeof(std::uint32_t)) + table_.size() * (sizeof(std::uint32_t) + 1);
  }

 private:
  [[nodiscard]] std::size_t slot(Packed hash) const { return (hash >> 20U) & (table_.size() - 1); }
  [[nodiscard]] static std::uint8_t tag(Packed hash) { return static_cast<std::uint8_t>(hash >> 56U); }
  /// Where the state is, or would be put.
  [[nodiscard]] std::size_t place(Packed state, Packed hash) const {
    std::size_t at = slot(hash);
    const std::uint8_t wanted = tag(hash);
    while (table_[at] != kNone && (tags_[at] != wanted || states_[table_[at]] != state))
      at = (at + 1) & (table_.size() - 1);
    return at;
  }
  void grow() {
    table_.assign(table_.size() * 2, kNone);
    tags_.assign(table_.size(), 0);
    for (std::uint32_t i = 0; i < states_.size(); ++i) {
      const Packed h = hash(states_[i]);
      std::size_t at = slot(h);
      while (table_[at] != kNone) at = (at + 1) & (table_.size() - 1);
      table_[at] = i;
      tags_[at] = tag(h);
    }
  }
  std::vector<Packed> states_;
  std::vector<std::uint32_t> parents_, table_;
  std::vector<std::uint8_t> tags_;
};

class Search {
 public:
  Search(const System& system, const SearchOptions& options) : system_(system), options_(options) {}

  SearchResult run() {
    bool added = false;
    const Packed initial = canonical(system_.initial());
    static_cast<void>(set_.add(initial, StateSet::hash(initial), kNone, added));
    std::size_t level_end = 1;
    for (std::uint32_t i = 0; i < set_.size() && !stopped_; ++i) {
      if (i == level_end) {
        ++result_.depth;
        level_end = set_.size();
      }
      if ((i & 0xffffU) == 0xffffU && options_.progress) options_.progress(set_.size(), set_.size() - i);
      expand(i);
    }
    result_.states = set_.size();
    result_.stored_bytes = set_.bytes();
    if (result_.complete && !stopped_) count_stuck();
    return std::move(result_);
  }

 private:
  [[nodiscard]] Packed canonical(Packed s) const { return options_.symmetry ? system_.canonical(s) : s; }

  void expand(std::uint32_t i) {
    system_.successors(set_.state(i), successors_);
    bool can = system_.is_freed(set_.state(i));
    hashes_.clear();
    for (Successor& next : successors_) {
      if (next.violates) note(i, next);
      next.next = canonical(next.next);
      hashes_.push_back(StateSet::hash(next.next));
      set_.prefetch(hashes_.back());
    }
    for (std::size_t k = 0; k < successors_.size(); ++k) {
      const Successor& next = successors_[k];
      ++result_.transitions;
      ++result_.seen[static_cast<std::size_t>(next.deed.kind)];
      measure(next);
      if (set_.size() >= options_.max_states) {
        if (set_.find(next.next) == kNone) {
          result_.complete = false;
          stopped_ = true;
          return;
        }
        continue;
      }
      bool added = false;
      const std::uint32_t to = set_.add(next.next, hashes_[k], i, added);
      can = can || (to < releasable_.size() && releasable_[to]);
    }
    // Undoing the last call mostly leads to a state that was expanded before: few are left for the sweeps.
    releasable_.push_back(can);
  }

  void measure(const Successor& next) {
    const Deed::Kind k = next.deed.kind;
    if (k != Deed::Kind::kMap && k != Deed::Kind::kUnmap && k != Deed::Kind::kBegin && k != Deed::Kind::kEnd) return;
    ++result_.handovers;
    result_.operations += next.operations;
    result_.most_operations = std::max<std::uint64_t>(result_.most_operations, next.operations);
  }

  void note(std::uint32_t from, const Successor& next) {
    for (Violation& v : result_.violations)
      if (v.property == next.property) {
        ++v.count;
        return;
      }
    Violation v;
    v.property = next.property;
    v.count = 1;
    retrace(from, next.property, v);
    result_.violations.push_back(std::move(v));
    if (options_.stop_at_violation) stopped_ = true;
  }

  /// A path of real states along the canonical ones.
  void retrace(std::uint32_t to, Property property, Violation& v) const {
    std::vector<Packed> path;
    for (std::uint32_t i = to; i != kNone; i = set_.parent(i)) path.push_back(set_.state(i));
    std::reverse(path.begin(), path.end());
    v.states = {system_.initial()};
    std::vector<Successor> successors;
    for (std::size_t i = 1; i <= path.size(); ++i) {
      system_.successors(v.states.back(), successors);
      const auto step = std::find_if(successors.begin(), successors.end(), [&](const Successor& s) {
        return i < path.size() ? canonical(s.next) == path[i] : s.violates && s.property == property;
      });
      if (step == successors.end()) throw std::logic_error("a path of the search can not be retraced");
      v.deeds.push_back(step->deed);
      v.states.push_back(step->next);
    }
  }

  /// States from which no path leads to the release: sweeps over those left until nothing changes.
  void count_stuck() {
    std::vector<bool>& can = releasable_;
    for (bool changed = true; changed;) {
      changed = false;
      for (std::uint32_t i = 0; i < set_.size(); ++i) {
        if (can[i]) continue;
        system_.successors(set_.state(i), successors_);
        for (const Successor& s : successors_) can[i] = can[i] || can[set_.find(canonical(s.next))];
        changed = changed || can[i];
      }
    }
    result_.stuck = static_cast<std::uint64_t>(std::count(can.begin(), can.end(), false));
  }

  const System& system_;
  const SearchOptions& options_;
  StateSet set_;
  std::vector<Successor> successors_;
  std::vector<Packed> hashes_;    ///< of the successors
  std::vector<bool> releasable_;  ///< by state, as far as known: the release can be reached
  SearchResult result_;
  bool stopped_ = false;
};

}  // namespace

SearchResult search(const System& system, const SearchOptions& options) { return Search(system, options).run(); }

}  // namespace custody::checker
