// SPDX-License-Identifier: BSD-2-Clause
// Breadth-first search through a system: exact counts, shortest counterexamples.
#include "checker/explore/search.hpp"

#include <algorithm>
#include <new>
#include <span>

#include "checker/explore/expander.hpp"
#include "checker/explore/forecast.hpp"
#include "checker/explore/retrace.hpp"
#include "checker/explore/state_table.hpp"

namespace custody::checker::explore {

namespace {

constexpr std::size_t kChunk = 64;  // cells

class Search {
 public:
  Search(const System& system, const SearchOptions& options)
      : system_(system), options_(options), pool_(std::max(1U, options.threads)), table_(system) {
    for (unsigned t = 0; t < pool_.size(); ++t)
      workers_.push_back(std::make_unique<Expander>(system, table_, options.symmetry));
  }

  SearchResult run() {
    const Packed initial = options_.symmetry ? system_.canonical(system_.initial()) : system_.initial();
    const Place first = workers_[0]->places().of(initial);
    table_.add(first.cell, CellMask{1} << first.slot, table_.prefetch(first.cell), 0);
    workers_[0]->found = {first.cell};
    states_ = result_.states = open_ = cells_ = 1;
    take_frontier();
    result_.threads = pool_.size();
    while (open_ != 0 && expand_level()) continue;
    result_.stored_bytes = table_.bytes() + most_open_ * sizeof(Cell);
    std::stable_sort(breaks_.begin(), breaks_.end(), [](const Break& a, const Break& b) { return a.depth < b.depth; });
    result_.violations = retrace(system_, table_, breaks_, options_.symmetry);
    for (Violation& v : result_.violations) v.count = result_.totals.broken[static_cast<std::size_t>(v.property)];
    if (result_.complete && !within_memory([&] { count_stuck(); })) result_.complete = false;
    return std::move(result_);
  }

 private:
  /// False where memory ran out in `work`. What was to be expanded is given up for what is still to be said.
  template <typename Work>
  bool within_memory(const Work& work) {
    try {
      work();
      return true;
    } catch (const std::bad_alloc&) {
      result_.out_of_memory = true;
    }
    for (const auto& worker : workers_) worker->forget();
    chunks_ = {};
    return false;
  }
  /// False where the search ends with it.
  bool expand_level() {
    const Totals before = totals();
    bool whole = false;
    if (!within_memory([&] { whole = expand_frontier(); }) || !whole || depth_ + 1 == StateTable::kMostDepth) {
      result_.complete = false;
      result_.totals = before;
      return false;
    }
    for (unsigned p = 0; p < kProperties; ++p) {
      std::optional<Packed> least;
      for (const auto& worker : workers_)
        if (const auto& b = worker->breaks[p]; b && (!least || *b < *least)) least = b;
      if (!least || ((broken_ >> p) & 1U) != 0) continue;
      broken_ = static_cast<PropertySet>(broken_ | (1U << p));
      breaks_.push_back({static_cast<Property>(p), *least, depth_});
    }
    open_ = states_ - result_.states;
    result_.states = states_;
    result_.depth = depth_++;
    const bool stops =
        !within_memory([&] { take_frontier(); }) || (options_.stop_at_violation && broken_ != 0 && open_ != 0);
    if (stops) result_.complete = false;
    if (stops || open_ == 0) result_.totals = totals();
    return !stops;
  }
  [[nodiscard]] Totals totals() const {
    Totals t;
    for (const auto& worker : workers_) t.add(worker->totals());
    return t;
  }
  /// Successors that wait for the table to grow.
  [[nodiscard]] std::uint64_t waiting() const {
    std::uint64_t all = 0;
    for (const auto& worker : workers_) all += worker->waiting();
    return all;
  }
  /// False where the bound stopped it. In rounds: between them the table grows where it is full.
  bool expand_frontier() {
    constexpr std::uint64_t kLeast = 1024;  // what makes a round worth while
    const std::size_t all = chunks_.size();
    while (!chunks_.empty() || waiting() != 0) {
      while (table_.limit() < cells_ + waiting() + kLeast) table_.grow(pool_);
      expand_round(options_.max_states + 1 - states_);
      std::uint64_t found = 0, open = 0;
      states_ = cells_ = 1;
      for (const auto& worker : workers_) {
        states_ += worker->states_found;
        cells_ += worker->cells_found;
        found += worker->found.size();
        open += worker->frontier.size();
      }
      most_open_ = std::max(most_open_, open + found);
      if (states_ > options_.max_states) return false;
      if (options_.stop != nullptr && *options_.stop) {
        result_.interrupted = true;
        return false;
      }
      if (options_.progress)
        options_.progress(
            {states_, open_ * chunks_.size() / all + states_ - result_.states, depth_, forecast_.expected()});
    }
    return true;
  }
  /// What was found becomes what is to be expanded.
  void take_frontier() {
    chunks_.clear();
    for (const auto& worker : workers_) {
      worker->next_frontier();
      const std::span<const Cell> cells = worker->frontier;
      for (std::size_t i = 0; i < cells.size(); i += kChunk)
        chunks_.push_back(cells.subspan(i, std::min(kChunk, cells.size() - i)));
    }
    forecast_.add_level(open_);
  }
  /// Takes some chunks off the frontier, until there is no more room.
  void expand_round(std::uint64_t room) {
    constexpr std::size_t kRound = 1024;  // chunks between two calls of `progress`
    const std::size_t size = std::min(kRound, chunks_.size());
    // Waking a thread costs as much as some states.
    const std::size_t threads = size <= 1 && waiting() == 0 ? 1 : workers_.size();
    const std::span<const std::span<const Cell>> round = std::span(chunks_).last(size);
    Level level{std::vector<Section>(threads), depth_, broken_, room,
                static_cast<std::int64_t>(table_.limit() - cells_)};
    for (std::size_t t = 0; t < threads; ++t)
      level.sections[t].chunks = round.subspan(size * t / threads, size * (t + 1) / threads - size * t / threads);
    if (threads == 1) workers_[0]->work(level, 0);
    else pool_.run([this, &level](unsigned member) { workers_[member]->work(level, member); });
    std::vector<std::span<const Cell>> left;
    for (const Section& section : level.sections) left.insert(left.end(), section.left().begin(), section.left().end());
    chunks_.resize(chunks_.size() - size);
    chunks_.insert(chunks_.end(), left.begin(), left.end());
  }
  /// States from which no path leads to the release: the doubtful ones, until no more of them turn out to reach it.
  void count_stuck() {
    std::vector<Packed> doubtful;
    for (const auto& worker : workers_)
      doubtful.insert(doubtful.end(), worker->doubtful.begin(), worker->doubtful.end());
    Places& places = workers_[0]->places();
    for (const Packed state : doubtful) table_.set_doubtful(places.of(state));
    const auto settle = [&](const auto& is_settled) {
      return std::erase_if(doubtful, [&](Packed state) {
        if (!is_settled(state)) return false;
        table_.clear_doubtful(places.of(state));
        return true;
      });
    };
    const auto leads_out = [&](Packed state) { return workers_[0]->leads_out_of_doubt(state); };
    while (settle(leads_out) != 0) continue;
    result_.stuck = doubtful.size();
    settle([&](Packed state) { return system_.layout().open_windows(state) == 0; });
    while (settle(leads_out) != 0) continue;
    result_.stuck_windows = doubtful.size();
  }

  const System& system_;
  const SearchOptions& options_;
  ThreadPool pool_;
  StateTable table_;
  std::vector<std::unique_ptr<Expander>> workers_;
  std::vector<std::span<const Cell>> chunks_;             ///< of the frontier
  std::uint64_t open_ = 0;                                ///< states in it
  unsigned depth_ = 0;                                    ///< of the frontier
  std::uint64_t states_ = 0, cells_ = 0, most_open_ = 0;  ///< found, their cells; and the most cells to be expanded
  PropertySet broken_ = 0;
  std::vector<Break> breaks_;
  Forecast forecast_;
  SearchResult result_;
};

}  // namespace

SearchResult search(const System& system, const SearchOptions& options) {
  SearchOptions fewer = options;
  for (;; fewer.threads /= 2) {
    const bool may_be_fewer = fewer.threads > 1;
    try {
      SearchResult r = Search(system, fewer).run();
      if (!r.out_of_memory || !may_be_fewer) return r;
    } catch (const std::bad_alloc&) {
      if (!may_be_fewer) throw;
    }
  }
}

}  // namespace custody::checker::explore
