// SPDX-License-Identifier: BSD-2-Clause
#include "checker/explore/search.hpp"

#include <algorithm>
#include <atomic>
#include <bit>

#include "checker/explore/retrace.hpp"
#include "checker/explore/state_table.hpp"

namespace custody::checker {

namespace {

/// What threads share while they expand a part of a level.
struct Level {
  const std::vector<Packed>& states;
  std::size_t end;     ///< of the part
  unsigned depth;      ///< of these states
  std::uint8_t broken; ///< properties that an earlier level broke
  std::uint64_t room;  ///< no more states are taken once so many were found
  std::atomic<std::size_t> taken;
  std::atomic<std::uint64_t> found;
};
constexpr std::size_t kChunk = 256;

/// One thread's part of a search. What the workers found adds up to the same whoever found it.
class alignas(128) Worker {
 public:
  Worker(const System& system, StateTable& table, bool symmetry)
      : system_(system), table_(table), tables_(system), symmetry_(symmetry) {}

  std::vector<Packed> found;                               ///< states of the next level
  std::vector<Packed> doubtful;                             ///< giving everything back does not lead to the release
  std::array<std::optional<Packed>, kProperties> breaks{};  ///< the least state of the level that breaks a property

  [[nodiscard]] Totals totals() const { return tables_.totals(); }

  void work(Level& level) {
    while (level.found < level.room) {
      const std::size_t begin = level.taken.fetch_add(kChunk), end = std::min(begin + kChunk, level.end);
      if (begin >= level.end) return;
      const std::size_t before = found.size();
      for (std::size_t i = begin; i < end; ++i) {
        expand(level.states[i], level.broken);
        if (successors_.size() >= 128) store(level.depth);
      }
      store(level.depth);
      level.found += found.size() - before;
    }
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

  void expand(Packed state, std::uint8_t known) {
    std::uint8_t broken = 0;
    tables_.expand(state, [&](Packed next, std::uint8_t breaks_now) {
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
  Search(const System& system, const SearchOptions& options) : system_(system), options_(options), team_(std::max(1U, options.threads)) {
    for (unsigned t = 0; t < team_.size(); ++t)
      workers_.push_back(std::make_unique<Worker>(system, table_, options.symmetry));
  }

  SearchResult run() {
    const Packed initial = options_.symmetry ? system_.canonical(system_.initial()) : system_.initial();
    table_.add(initial, table_.prefetch(initial), 0);
    frontier_ = {initial};
    states_ = result_.states = 1;
    while (!frontier_.empty() && expand_level()) continue;
    result_.stored_bytes = table_.bytes() + most_open_ * sizeof(Packed);
    std::stable_sort(breaks_.begin(), breaks_.end(), [](const Break& a, const Break& b) { return a.depth < b.depth; });
    result_.violations = retrace(system_, table_, breaks_, options_.symmetry);
    for (Violation& v : result_.violations) v.count = result_.totals.broken[static_cast<std::size_t>(v.property)];
    if (result_.complete) count_stuck();
    return std::move(result_);
  }

 private:
  /// False where the search ends with it.
  bool expand_level() {
    std::optional<Totals> before;
    if (states_ + frontier_.size() * most_successors() > options_.max_states) before = totals();
    if (!expand_frontier() || depth_ + 1 == StateTable::kMostDepth) {
      result_.complete = false;
      if (before) result_.totals = *before;
      return false;
    }
    for (unsigned p = 0; p < kProperties; ++p) {
      std::optional<Packed> least;
      for (const auto& worker : workers_)
        if (const auto& b = worker->breaks[p]; b && (!least || *b < *least)) least = b;
      if (!least || ((broken_ >> p) & 1U) != 0) continue;
      broken_ = static_cast<std::uint8_t>(broken_ | (1U << p));
      breaks_.push_back({static_cast<Property>(p), *least, depth_});
    }
    result_.states = states_;
    result_.depth = depth_++;
    frontier_.clear();
    std::swap(frontier_, workers_[0]->found);
    for (std::size_t t = 1; t < workers_.size(); ++t) {
      std::vector<Packed>& found = workers_[t]->found;
      frontier_.insert(frontier_.end(), found.begin(), found.end());
      found.clear();
    }
    const bool stops = options_.stop_at_violation && broken_ != 0 && !frontier_.empty();
    if (stops) result_.complete = false;
    if (stops || frontier_.empty()) result_.totals = totals();
    return !stops;
  }
  [[nodiscard]] Totals totals() const {
    Totals t;
    for (const auto& worker : workers_) t.add(worker->totals());
    return t;
  }
  /// Of any state.
  [[nodiscard]] std::uint64_t most_successors() const { return 24 + std::uint64_t{8} * system_.configuration().devices; }

  /// False where the bound stopped it. In rounds: before each the table has room for what may be found before the
  /// workers notice that it is full.
  bool expand_frontier() {
    const std::uint64_t margin = workers_.size() * kChunk * most_successors();
    for (std::size_t begin = 0; begin < frontier_.size();) {
      while (table_.limit() < states_ + 2 * margin) table_.grow(team_);
      const std::uint64_t most = std::min(table_.limit() - margin, options_.max_states + 1);
      constexpr std::size_t kRound = std::size_t{1} << 18U;  // between two calls of `progress`
      Level level{frontier_, std::min(begin + kRound, frontier_.size()), depth_, broken_, most - states_, {begin}, {0}};
      run_workers(level);
      begin = std::min<std::size_t>(level.taken, level.end);
      std::uint64_t open = 0;
      for (const auto& worker : workers_) open += worker->found.size();
      states_ = result_.states + open;
      most_open_ = std::max<std::uint64_t>(most_open_, frontier_.size() + open);
      if (states_ > options_.max_states) return false;
      if (options_.progress) options_.progress(states_, frontier_.size() - begin + open, depth_);
    }
    return true;
  }
  void run_workers(Level& level) {
    // Waking a thread costs as much as some states.
    if (level.end - level.taken <= kChunk) return workers_[0]->work(level);
    team_.run([this, &level](unsigned member) { workers_[member]->work(level); });
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
    settle([&](Packed state) { return system_.open_windows(state) == 0; });
    while (settle(leads_out) != 0) continue;
    result_.stuck_windows = doubtful.size();
  }

  const System& system_;
  const SearchOptions& options_;
  Team team_;
  StateTable table_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Packed> frontier_;
  unsigned depth_ = 0;  ///< of the frontier
  std::uint64_t states_ = 0, most_open_ = 0;
  std::uint8_t broken_ = 0;
  std::vector<Break> breaks_;
  SearchResult result_;
};

}  // namespace

SearchResult search(const System& system, const SearchOptions& options) { return Search(system, options).run(); }

}  // namespace custody::checker
