// SPDX-License-Identifier: BSD-2-Clause
// First-order mutants of the table of every contract: each is refused, breaks a property, or has a state graph that is
// isomorphic to the contract's own. The score is printed.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <set>
#include <unordered_map>

#include "checker/explore/search.hpp"
#include "model/step.hpp"

namespace custody::checker::test {
namespace {

using model::at;
using model::Id;
using model::Ids;
using model::Row;

enum class Fate { kRefused, kProperty, kInvariant, kCounts, kMaintenance, kAnswers, kIsomorphic };
constexpr const char* kFates[] = {"refused as no contract",
                                  "a property",
                                  "an invariant of the lifetime",
                                  "the exact counts",
                                  "isomorphic, with a sync less that has no effect",
                                  "not killed",
                                  "isomorphic"};

Ids without(const Ids& ids, std::size_t index) {
  Ids out;
  for (std::size_t i = 0; i < ids.n; ++i)
    if (i != index) out.id[out.n++] = ids.id[i];
  return out;
}

/// The guard that holds where `g` does not, where the vocabulary has it.
std::optional<Id> negation(Id g) {
  const model::Guard& guard = model::kGuards[g];
  for (Id other = 0; other < std::size(model::kGuards); ++other) {
    const model::Guard& o = model::kGuards[other];
    const bool opposite = guard.field == o.field && other != g && guard.rel == model::Rel::eq && guard.value == 0 &&
                          o.rel == model::Rel::gt && o.value == 0;
    const bool back = guard.field == o.field && o.rel == model::Rel::eq && o.value == 0 &&
                      guard.rel == model::Rel::gt && guard.value == 0;
    const bool flag =
        guard.field == o.field && model::kFields[o.field].max == 1 && guard.rel == o.rel && guard.value != o.value;
    if (opposite || back || flag) return other;
  }
  return std::nullopt;
}

/// Calls `take(contract, what)` for each first-order mutant.
template <class Take>
void for_each_mutant(const spec::Contract& original, const Take& take) {
  for (std::size_t r = 0; r < original.rows.size(); ++r) {
    const Row& row = original.rows[r];
    const auto with = [&](const Row& changed, const char* what) {
      spec::Contract mutant = original;
      mutant.rows[r] = changed;
      take(mutant, std::string(row.id) + ": " + what);
    };
    spec::Contract deleted = original;
    deleted.rows.erase(deleted.rows.begin() + static_cast<std::ptrdiff_t>(r));
    take(deleted, std::string(row.id) + ": deleted");
    const bool of_buffer = row.from < model::kBufferStates;
    for (Id to = of_buffer ? 0 : model::kFirstAttachmentState;
         to < (of_buffer ? model::kBufferStates : std::size(model::kStates)); ++to) {
      if (to == row.to) continue;
      Row changed = row;
      changed.to = to;
      with(changed, "retargeted");
    }
    for (std::size_t g = 0; g < row.guards.n; ++g) {
      Row changed = row;
      changed.guards = without(row.guards, g);
      with(changed, "guard weakened");
      if (const auto other = negation(row.guards.id[g])) {
        changed = row;
        changed.guards.id[g] = *other;
        with(changed, "guard negated");
      }
    }
    for (std::size_t a = 0; a < row.actions.n; ++a) {
      Row changed = row;
      changed.actions = without(row.actions, a);
      with(changed, "action dropped");
    }
    for (std::size_t s = 0; s < row.syncs.n; ++s) {
      Row changed = row;
      changed.syncs = without(row.syncs, s);
      with(changed, "sync dropped");
    }
  }
}

/// The verdict in every configuration that the contract is held against.
std::vector<Configuration> configurations() {
  std::vector<Configuration> out(2);
  out[0].windows = 2;
  out[1].coherent = 1;
  out[1].windows = 2;
  return out;
}

struct Verdict {
  std::vector<std::uint64_t> properties, counts;
};

Verdict verdict_of(const spec::Contract& contract) {
  Verdict verdict;
  std::vector<std::uint64_t>& out = verdict.properties;
  for (const Configuration& c : configurations()) {
    const System system(contract, c);
    const SearchResult r = search(system, {});
    std::uint64_t broken = 0;
    for (const Violation& v : r.violations) {
      broken |= std::uint64_t{1} << static_cast<unsigned>(v.property);
      out.push_back(v.count);
    }
    out.push_back(broken);
    out.push_back(r.stuck != 0);
    out.push_back(r.stuck_windows != 0);
    // A `sometimes`: each call still happens.
    std::uint64_t seen = 0;
    for (std::size_t k = 0; k < r.totals.seen.size(); ++k) seen |= std::uint64_t{r.totals.seen[k] != 0} << k;
    out.push_back(seen);
    // What the tests assert of every shipped contract.
    for (const std::uint64_t n : {r.states, r.totals.transitions, r.totals.operations}) verdict.counts.push_back(n);
  }
  return verdict;
}

enum class Difference { kNone, kMaintenance, kAnswers };

/// The two graphs are walked together: the same transitions in the same order, and a bijection of the states.
Difference compare_graphs(const System& a, const System& b) {
  std::unordered_map<Packed, Packed> there = {{a.initial(), b.initial()}}, back = {{b.initial(), a.initial()}};
  std::vector<Packed> todo = {a.initial()};
  std::vector<Successor> from_a, from_b;
  bool maintenance = false;
  while (!todo.empty()) {
    const Packed s = todo.back();
    todo.pop_back();
    a.successors(s, from_a);
    b.successors(there.at(s), from_b);
    if (from_a.size() != from_b.size()) return Difference::kAnswers;
    for (std::size_t i = 0; i < from_a.size(); ++i) {
      const Deed &x = from_a[i].deed, &y = from_b[i].deed;
      if (x.kind != y.kind || x.device != y.device || x.dir != y.dir) return Difference::kAnswers;
      if (from_a[i].operations != from_b[i].operations) maintenance = true;
      const auto [at, is_new] = there.emplace(from_a[i].next, from_b[i].next);
      const auto [at_back, is_new_back] = back.emplace(from_b[i].next, from_a[i].next);
      if (at->second != from_b[i].next || at_back->second != from_a[i].next) return Difference::kAnswers;
      if (is_new) todo.push_back(from_a[i].next);
    }
  }
  return maintenance ? Difference::kMaintenance : Difference::kNone;
}

/// What calls did, counted apart from the tables.
struct Ghost {
  std::array<std::uint8_t, 2> attached{}, maps{}, pins{};
  std::array<std::array<std::uint8_t, 4>, 2> by_direction{};  ///< maps
  std::uint8_t windows = 0, kernel = 0, user = 0;
  bool exported = false, released = false, bracketed = false;
  std::array<bool, 2> invalidated{};
  auto operator<=>(const Ghost&) const = default;

  void take(Id event, std::size_t d, unsigned given) {
    const auto is = [event](std::string_view name) { return model::kEvents[event].name == name; };
    const auto less = [](std::uint8_t& n) { n = n == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(n - 1); };
    if (is("export")) exported = true;
    if (is("release")) released = true;
    if (is("attach")) attached[d] = 1;
    if (is("detach")) attached[d] = 0;
    if (is("map")) ++maps[d], ++by_direction[d][given], invalidated[d] = false;
    if (is("move_notify"))
      for (const std::size_t i : {0U, 1U}) invalidated[i] = invalidated[i] || attached[i] != 0;
    if (is("unmap")) less(maps[d]), less(by_direction[d][given]);
    if (is("pin")) ++pins[d];
    if (is("unpin")) less(pins[d]);
    if (is("begin_cpu_access")) ++windows, bracketed = true;
    if (is("end_cpu_access")) less(windows);
    if (is("vmap") && ++kernel == 1) bracketed = windows > 0;
    if (is("vunmap")) less(kernel);
    if (is("mmap")) ++user;
    if (is("munmap")) less(user);
  }
  [[nodiscard]] unsigned mapped() const { return (maps[0] > 0 ? 1U : 0U) + (maps[1] > 0 ? 1U : 0U); }
};

/// A buffer with two attachments as all events of the lifetime move it, those too that the search's client leaves out.
struct Life {
  Id state = 0;
  model::Cells cells;  ///< with the first attachment's fields; the other's wait in `other`
  std::array<model::Attachment, 2> attachments;
  Ghost ghost;
  auto key() const {
    return std::tuple(state, cells.v, attachments[0].state, attachments[0].v, attachments[1].state, attachments[1].v,
                      ghost);
  }
  bool operator<(const Life& o) const { return key() < o.key(); }
};

/// The rows of a contract by cell.
class Cells {
 public:
  explicit Cells(const spec::Contract& c) : start_(c.start) {
    for (const auto* const table : {&c.rows, &c.refusals})
      for (const Row& row : *table) {
        rows_[row.from][row.event].push_back(&row);
        for (const Id g : row.guards)
          if (model::kGuards[g].field == at(model::kFields, "from_device")) directions_ = 3;
        for (const Id a : row.actions) changed_.insert(model::kFields[model::kActions[a].field].name);
      }
  }
  [[nodiscard]] const Row* answer(Id state, Id event, const model::Cells& cells) const {
    for (const Row* const row : rows_[state][event])
      if (row->guards_hold(cells)) return row;
    return nullptr;
  }
  [[nodiscard]] bool changes(std::string_view field) const { return changed_.contains(field); }
  /// 1 where no row looks at the direction of a call.
  [[nodiscard]] unsigned directions() const { return directions_; }
  [[nodiscard]] const model::World& start() const { return start_; }

 private:
  std::array<std::array<std::vector<const Row*>, model::kEventCount>, std::size(model::kStates)> rows_;
  std::set<std::string_view> changed_;
  const model::World& start_;
  unsigned directions_ = 1;
};

/// Small, and enough for first, more and last.
unsigned bound_of(std::size_t field, bool few) {
  const std::string_view name = model::kFields[field].name;
  if (name == "user_mappings" || name == "pinned" || (few && name == "kernel_mappings")) return 1;
  return std::min<unsigned>(model::kFields[field].max, name == "cpu_mappings" ? 3 : 2);
}

/// A move tells every attachment.
void notify(const Cells& c, Life& life, Id event, const model::Cells& before) {
  for (model::Attachment& attachment : life.attachments) {
    if (attachment.state == model::kFirstAttachmentState) continue;
    model::Cells cells = before;
    std::copy(attachment.v.begin(), attachment.v.end(), cells.v.begin() + model::kWorldFields);
    const Row* const row = c.answer(attachment.state, event, cells);
    if (row == nullptr) continue;
    row->run_actions(cells);
    attachment.state = row->to;
    std::copy_n(cells.v.begin() + model::kWorldFields, model::kAttachmentFields, attachment.v.begin());
  }
}

/// False where no row answers, or the call is refused, or a counter would leave its bound: the walk does not go there.
bool step(const Cells& c, Life& life, Id event, std::size_t device, unsigned given) {
  // An unmap is called with the direction of a map.
  const Ghost& g = life.ghost;
  if (model::kEvents[event].name == "unmap" && g.maps[device] > 0 && g.by_direction[device][given] == 0) return false;
  model::Cells cells = life.cells;
  auto& attachment = life.attachments[device];
  std::copy(attachment.v.begin(), attachment.v.end(), cells.v.begin() + model::kWorldFields);
  cells.v[at(model::kFields, "own_snoops")] = device == 1;
  cells.v[at(model::kFields, "window_matches")] = cells.v[at(model::kFields, "windows")] > 0;
  cells.v[at(model::kFields, "window_nested")] = 0;
  cells.v[at(model::kFields, "to_device")] = static_cast<std::uint16_t>(given & 1U);
  cells.v[at(model::kFields, "from_device")] = static_cast<std::uint16_t>(given >> 1U);
  const Row* const buffer = c.answer(life.state, event, cells);
  if (buffer == nullptr || buffer->is_refusal()) return false;
  const Row* own = nullptr;
  if (model::names_attachment(event)) {
    own = c.answer(attachment.state, event, cells);
    if (own == nullptr || own->is_refusal()) return false;
  }
  model::Cells next = cells, next_own = cells;
  buffer->run_actions(next);
  if (own != nullptr) own->run_actions(next_own);
  for (std::size_t f = 0; f < model::kWorldFields; ++f)
    if (model::kFields[f].owner == model::Owner::kBuffer && next.v[f] > bound_of(f, c.directions() > 1)) return false;
  std::copy_n(next_own.v.begin() + model::kWorldFields, model::kAttachmentFields, attachment.v.begin());
  if (own != nullptr) attachment.state = own->to;
  if (model::kEvents[event].name == "move_notify") notify(c, life, event, cells);
  const Id maps = at(model::kFields, "own_maps"), pins = at(model::kFields, "own_pins");
  if (attachment.get(maps) > (device == 0 ? 2 : 1) || attachment.get(pins) > 1) return false;
  std::copy_n(next.v.begin(), model::kWorldFields, life.cells.v.begin());
  life.state = buffer->to;
  life.ghost.take(event, device, given);
  return true;
}

/// Who owns the buffer after these calls, as the meaning of the states has it.
bool owner_is_right(const Life& life) {
  const Ghost& g = life.ghost;
  const auto in = [&](std::string_view name) { return model::kStates[life.state].name == name; };
  if (g.released || in("Freed")) return g.released && in("Freed");
  const bool releases = life.cells.v[at(model::kFields, "leaves")] == 1;
  const bool unowned = in("NonOwnedNonBacked") || (in("NonOwnedBacked") && !releases), cpu = g.kernel + g.user > 0;
  if (life.cells.v[at(model::kFields, "cpu_owns")] == 1) {
    if (cpu && g.mapped() > 0) return in("CpuOwned") || in("DeviceOwned");
    return cpu ? in("CpuOwned") : g.mapped() > 0 ? in("DeviceOwned") : unowned;
  }
  return g.windows > 0 ? in("CpuOwned") : g.mapped() > 0 ? in("DeviceOwned") : unowned;
}

/// The fields say what happened.
bool books_are_right(const Cells& c, const Life& life) {
  const Ghost& g = life.ghost;
  const auto field = [&](std::string_view name) {
    for (std::size_t f = 0; f < model::kWorldFields; ++f)
      if (model::kFields[f].name == name) return unsigned{life.cells.v[f]};
    return ~0U;
  };
  const auto state = [&](std::size_t d) { return model::kStates[life.attachments[d].state].name; };
  const auto own = [&](std::size_t d, std::string_view name) {
    for (std::size_t f = model::kWorldFields; f < model::kFieldCount; ++f)
      if (model::kFields[f].name == name) return unsigned{life.attachments[d].get(static_cast<Id>(f))};
    return ~0U;
  };
  for (const std::size_t d : {0U, 1U}) {
    if (state(d) != (g.attached[d] == 0 ? "Detached" : g.maps[d] == 0 ? "Attached" : "Mapped")) return false;
    if (own(d, "own_maps") != g.maps[d] || own(d, "own_pins") != g.pins[d]) return false;
    if (g.attached[d] != 0 && own(d, "own_invalidated") != (g.invalidated[d] ? 1U : 0U)) return false;
  }
  const bool in_windows = life.cells.v[at(model::kFields, "cpu_owns")] == 0;
  if (in_windows && g.kernel > 0 && field("bracketed") != (g.bracketed ? 1U : 0U)) return false;
  if (c.changes("begin_mappings") && field("begin_mappings") != g.windows) return false;
  // Device 1 snoops. Of a direction, bit 0 is to the device, bit 1 from it.
  const auto &plain = g.by_direction[0], &snooping = g.by_direction[1];
  if (c.changes("plain_mapped") && field("plain_mapped") != g.maps[0]) return false;
  if (c.changes("plain_writers") && field("plain_writers") != plain[2] + 0U + plain[3]) return false;
  if (c.changes("snooping_readers") && field("snooping_readers") != snooping[1] + 0U + snooping[3]) return false;
  return field("exported") == (g.exported ? 1U : 0U) && field("attached") == g.attached[0] + 0U + g.attached[1] &&
         field("mapped") == g.mapped() && field("windows") == g.windows && field("kernel_mappings") == g.kernel &&
         field("user_mappings") == g.user && field("cpu_mappings") == g.kernel + 0U + g.user &&
         field("pinned") == g.pins[0] + 0U + g.pins[1];
}

constexpr std::size_t kMostLives = 100000;

/// Both contracts along the same calls: a world that is not consistent, other answers, or the same graph.
Fate compare_lives(const Cells& original, const Cells& mutant) {
  Life first;
  first.state = original.start().state;
  std::copy(original.start().v.begin(), original.start().v.end(), first.cells.v.begin());
  std::map<Life, Life> there = {{first, first}}, back = there;
  std::vector<Life> todo = {first};
  bool differs = false;
  while (!todo.empty() && there.size() < kMostLives) {
    const Life at_original = todo.back();
    const Life at_mutant = there.at(at_original);
    todo.pop_back();
    for (Id e = 0; e < model::kEventCount; ++e)
      for (std::size_t d = 0; d < (model::names_attachment(e) ? 2U : 1U); ++d)
        for (unsigned given = 1; given <= original.directions(); ++given) {
          Life a = at_original, b = at_mutant;
          const bool goes = step(original, a, e, d, given);
          if (goes != step(mutant, b, e, d, given)) {
            differs = true;
            continue;
          }
          if (!goes) continue;
          model::Cells seen = b.cells;
          seen.v[at(model::kFields, "to_device")] = 1;
          if (!model::is_consistent(b.state, seen) || !owner_is_right(b) || !books_are_right(original, b))
            return Fate::kInvariant;
          const auto [to, is_new] = there.emplace(a, b);
          const auto [from, is_new_back] = back.emplace(b, a);
          if (to->second < b || b < to->second || from->second < a || a < from->second) differs = true;
          else if (is_new) todo.push_back(a);
        }
  }
  EXPECT_LT(there.size(), kMostLives) << "the walk was not complete";
  return differs ? Fate::kAnswers : Fate::kIsomorphic;
}

/// What the lifetime of a contract consists of: everything but its syncs.
std::string lifetime_of(const spec::Contract& c) {
  std::string text(reinterpret_cast<const char*>(c.start.v.data()), sizeof c.start.v);
  for (const auto* const table : {&c.rows, &c.refusals})
    for (const Row& row : *table) {
      text.append(row.id).append(1, '/').append(1, static_cast<char>(row.from)).append(1, static_cast<char>(row.event));
      text.append(1, static_cast<char>(row.to)).append(1, '/');
      for (const Id g : row.guards) text.append(1, static_cast<char>(g));
      text.append(1, '/');
      for (const Id a : row.actions) text.append(1, static_cast<char>(a));
    }
  return text;
}

/// Contracts share lifetimes: each pair is walked once.
Fate fate_of_lifetime(const spec::Contract& original, const spec::Contract& mutant) {
  static std::map<std::size_t, Fate> known;
  const std::string from = lifetime_of(original), to = lifetime_of(mutant);
  if (from == to) return Fate::kIsomorphic;
  const auto [entry, is_new] = known.emplace(std::hash<std::string>{}(from + "|" + to), Fate::kIsomorphic);
  if (is_new) entry->second = compare_lives(Cells(original), Cells(mutant));
  return entry->second;
}

Fate fate_of(const spec::Contract& original, const Verdict& verdict, const spec::Contract& mutant) {
  if (!spec::incompleteness(mutant).empty()) return Fate::kRefused;
  const Verdict own = verdict_of(mutant);
  if (own.properties != verdict.properties) return Fate::kProperty;
  bool maintenance = false, answers = false;
  for (const Configuration& c : configurations()) {
    const Difference d = compare_graphs(System(original, c), System(mutant, c));
    maintenance = maintenance || d == Difference::kMaintenance;
    answers = answers || d == Difference::kAnswers;
  }
  const Fate lifetime = fate_of_lifetime(original, mutant);
  if (lifetime == Fate::kInvariant) return lifetime;
  if (maintenance && !answers && lifetime == Fate::kIsomorphic) return Fate::kMaintenance;
  if (own.counts != verdict.counts) return Fate::kCounts;
  return answers || lifetime == Fate::kAnswers ? Fate::kAnswers : Fate::kIsomorphic;
}

TEST(Mutants, OfEveryContractAreKilledOrTheSame) {
  // Notes of the exporter that another note or state implies, and edges of a graph on which no access depends: the
  // properties do not tell them apart, and their graphs are not isomorphic, only equivalent to those who look at syncs.
  const std::map<std::string_view, std::size_t> left = {{"lazy", 15}, {"state-graph-2019", 12}};
  std::map<Fate, std::size_t> score;
  for (const std::string_view name : spec::contract_names()) {
    const spec::Contract original = *spec::find_contract(name);
    ASSERT_EQ(compare_lives(Cells(original), Cells(original)), Fate::kIsomorphic) << name;
    const Verdict verdict = verdict_of(original);
    std::map<Fate, std::size_t> here;
    for_each_mutant(original, [&](const spec::Contract& mutant, const std::string& what) {
      const Fate fate = fate_of(original, verdict, mutant);
      ++here[fate];
      if (fate == Fate::kAnswers) std::cout << "  " << name << " " << what << ": not killed\n";
    });
    std::cout << name << ":";
    for (const auto& [fate, count] : here) {
      std::cout << " " << count << " " << kFates[static_cast<std::size_t>(fate)] << ";";
      score[fate] += count;
    }
    std::cout << std::endl;
    EXPECT_EQ(here[Fate::kAnswers], left.contains(name) ? left.at(name) : 0U) << name;
  }
  std::cout << "score:";
  for (const auto& [fate, count] : score)
    std::cout << " " << count << " " << kFates[static_cast<std::size_t>(fate)] << ";";
  std::cout << std::endl;
}

}  // namespace
}  // namespace custody::checker::test
