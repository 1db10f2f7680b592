// SPDX-License-Identifier: BSD-2-Clause
// Breadth-first search through a system: exact counts, shortest counterexamples.
#include "checker/explore/search.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <new>
#include <span>

#include "checker/explore/forecast.hpp"
#include "checker/explore/retrace.hpp"
#include "checker/explore/state_table.hpp"

namespace custody::checker::explore {

namespace {

/// A run of chunks that one thread begins with. Neighbours in a frontier have successors in common: threads that work
/// far from each other do not wait for the same cache lines.
struct alignas(128) Section {
  std::span<const std::span<const Packed>> chunks;  ///< of states, each at most kChunk long
  std::atomic<std::size_t> taken = 0;
  [[nodiscard]] std::span<const std::span<const Packed>> left() const {
    return chunks.subspan(std::min<std::size_t>(taken, chunks.size()));
  }
};

/// What threads share while they expand a part of a level.
struct Level {
  std::vector<Section> sections;  ///< one a thread
  unsigned depth;                 ///< of these states
  PropertySet broken;             ///< properties that an earlier level broke
  std::uint64_t room;             ///< no more chunks are taken once so many states were found
  std::atomic<std::uint64_t> found = 0;
};
constexpr std::size_t kChunk = 256;

/// One thread's part of a search. What the workers found adds up to the same whoever found it.
class alignas(128) Worker {
 public:
  Worker(const System& system, StateTable& table, bool symmetry)
      : system_(system), table_(table), tables_(system), symmetry_(symmetry) {}

  std::vector<Packed> found;                                ///< states of the next level
  std::vector<Packed> frontier;                             ///< those that it found of this level
  std::vector<Packed> doubtful;                             ///< giving everything back does not lead to the release
  std::array<std::optional<Packed>, kProperties> breaks{};  ///< the least state of the level that breaks a property

  [[nodiscard]] Totals totals() const { return tables_.totals(); }

  void next_frontier() {
    std::swap(frontier, found);
    found.clear();
  }

  /// Gives its memory back, of a search that does not go on.
  void forget() {
    found = {};
    frontier = {};
    doubtful = {};
  }

  /// Its own section, then what others have left.
  void work(Level& level, std::size_t member) {
    for (std::size_t i = 0; i < level.sections.size(); ++i)
      work(level, level.sections[(member + i) % level.sections.size()]);
  }
  /// One of its successors is not in doubt.
  bool leads_out_of_doubt(Packed state) {
    return tables_.any(state, [&](Packed next) { return !table_.is_doubtful(canonical(next)); });
  }

 private:
  struct Found {
    Packed state;
    StateTable::Bucket* bucket;
  };
  /// More calls than any client of these bounds has to take back.
  static constexpr std::size_t kLongestWay = 256;

  /// Giving back, call by call, ends at the release. The ways of most states soon meet: the last stretches are kept.
  bool can_release(Packed state) {
    way_.clear();
    std::optional<Packed> at = state;
    while (!system_.is_freed(*at) && known_way(*at) != *at) {
      if (way_.size() == kLongestWay) return false;
      way_.push_back(*at);
      at = tables_.give_back(*at);
      if (!at) return false;
    }
    for (std::size_t i = 1; i < way_.size(); ++i) known_way(way_[i]) = way_[i];
    return true;
  }
  [[nodiscard]] Packed& known_way(Packed state) { return ways_[(state * 0x9e3779b97f4a7c15ULL) >> 52U]; }
  [[nodiscard]] Packed canonical(Packed s) const { return symmetry_ ? system_.canonical(s) : s; }

  void expand(Packed state, PropertySet known) {
    PropertySet broken = 0;
    tables_.expand(state, [&](Packed next, PropertySet breaks_now) {
      broken |= breaks_now;
      if (next == state) return;
      next = canonical(next);
      successors_.push_back({next, table_.prefetch(next)});
    });
    if (!can_release(state)) doubtful.push_back(state);
    for (auto left = static_cast<unsigned>(broken & ~known); left != 0; left &= left - 1) {
      std::optional<Packed>& least = breaks[static_cast<std::size_t>(std::countr_zero(left))];
      if (!least || state < *least) least = state;
    }
  }

  void work(Level& level, Section& section) {
    while (level.found < level.room) {
      const std::size_t chunk = section.taken.fetch_add(1);
      if (chunk >= section.chunks.size()) return;
      const std::size_t before = found.size();
      for (const Packed state : section.chunks[chunk]) {
        expand(state, level.broken);
        if (successors_.size() >= 128) store(level.depth);
      }
      store(level.depth);
      level.found += found.size() - before;
    }
  }
  void store(unsigned depth) {
    for (const Found& next : successors_)
      if (table_.add(next.state, next.bucket, static_cast<std::uint8_t>(depth + 1))) found.push_back(next.state);
    successors_.clear();
  }

  const System& system_;
  StateTable& table_;
  StepTables tables_;
  bool symmetry_;
  std::vector<Found> successors_;
  std::vector<Packed> way_;
  std::vector<Packed> ways_ = std::vector<Packed>(4096, ~Packed{0});
};

class Search {
 public:
  Search(const System& system, const SearchOptions& options)
      : system_(system), options_(options), pool_(std::max(1U, options.threads)) {
    for (unsigned t = 0; t < pool_.size(); ++t)
      workers_.push_back(std::make_unique<Worker>(system, table_, options.symmetry));
  }

  SearchResult run() {
    const Packed initial = options_.symmetry ? system_.canonical(system_.initial()) : system_.initial();
    table_.add(initial, table_.prefetch(initial), 0);
    workers_[0]->found = {initial};
    take_frontier();
    states_ = result_.states = 1;
    result_.threads = pool_.size();
    while (open_ != 0 && expand_level()) continue;
    result_.stored_bytes = table_.bytes() + most_open_ * sizeof(Packed);
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
  /// Of any state.
  [[nodiscard]] std::uint64_t most_successors() const {
    return 24 + std::uint64_t{8} * system_.configuration().devices;
  }

  /// False where the bound stopped it. In rounds: before each the table has room for what may be found before the
  /// workers notice that it is full.
  bool expand_frontier() {
    const std::uint64_t margin = workers_.size() * kChunk * most_successors();
    while (!chunks_.empty()) {
      while (table_.limit() < states_ + 2 * margin) table_.grow(pool_);
      const std::uint64_t most = std::min(table_.limit() - margin, options_.max_states + 1);
      expand_round(most - states_);
      std::uint64_t found = 0;
      for (const auto& worker : workers_) found += worker->found.size();
      states_ = result_.states + found;
      most_open_ = std::max(most_open_, open_ + found);
      if (states_ > options_.max_states) return false;
      if (options_.stop != nullptr && *options_.stop) {
        result_.interrupted = true;
        return false;
      }
      if (options_.progress)
        options_.progress({states_, chunks_.size() * kChunk + found, depth_, forecast_.expected()});
    }
    return true;
  }
  /// What was found becomes what is to be expanded.
  void take_frontier() {
    open_ = 0;
    chunks_.clear();
    for (const auto& worker : workers_) {
      worker->next_frontier();
      const std::span<const Packed> states = worker->frontier;
      open_ += states.size();
      for (std::size_t i = 0; i < states.size(); i += kChunk)
        chunks_.push_back(states.subspan(i, std::min(kChunk, states.size() - i)));
    }
    forecast_.add_level(open_);
  }
  /// Takes some chunks off the frontier, until there is no more room.
  void expand_round(std::uint64_t room) {
    constexpr std::size_t kRound = 1024;  // chunks between two calls of `progress`
    const std::size_t size = std::min(kRound, chunks_.size());
    // Waking a thread costs as much as some states.
    const std::size_t threads = size == 1 ? 1 : workers_.size();
    const std::span<const std::span<const Packed>> round = std::span(chunks_).last(size);
    Level level{std::vector<Section>(threads), depth_, broken_, room};
    for (std::size_t t = 0; t < threads; ++t)
      level.sections[t].chunks = round.subspan(size * t / threads, size * (t + 1) / threads - size * t / threads);
    if (threads == 1) workers_[0]->work(level, 0);
    else pool_.run([this, &level](unsigned member) { workers_[member]->work(level, member); });
    std::vector<std::span<const Packed>> left;
    for (const Section& section : level.sections) left.insert(left.end(), section.left().begin(), section.left().end());
    chunks_.resize(chunks_.size() - size);
    chunks_.insert(chunks_.end(), left.begin(), left.end());
  }
  /// States from which no path leads to the release: the doubtful ones, until no more of them turn out to reach it.
  void count_stuck() {
    std::vector<Packed> doubtful;
    for (const auto& worker : workers_)
      doubtful.insert(doubtful.end(), worker->doubtful.begin(), worker->doubtful.end());
    for (const Packed state : doubtful) table_.set_doubtful(state);
    const auto settle = [&](const auto& is_settled) {
      return std::erase_if(doubtful, [&](Packed state) {
        if (!is_settled(state)) return false;
        table_.clear_doubtful(state);
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
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::span<const Packed>> chunks_;  ///< of the frontier
  std::uint64_t open_ = 0;                       ///< states in it
  unsigned depth_ = 0;                           ///< of the frontier
  std::uint64_t states_ = 0, most_open_ = 0;
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
