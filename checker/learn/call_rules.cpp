// SPDX-License-Identifier: BSD-2-Clause
// Searches the syncs of one kind of call, shortest lists first.
#include "checker/learn/call_rules.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "checker/learn/names.hpp"
#include "model/guards.hpp"
#include "spec/contract.hpp"
#include "traces/errno_words.hpp"

namespace custody::checker::learn {

using model::Id;
using model::Sync;
using Want = Example::Want;

namespace {

constexpr std::size_t kMostSyncs = 5, kMostSkipped = 2, kMostCandidates = 64, kMostLists = 3000;
constexpr std::uint64_t kRare = 2;

/// What becomes a sync of a clause, and what it comes to in each situation.
struct SyncWord {
  Sync sync;
  std::string name;
  std::vector<std::vector<Made>> makes;
};

bool is_unflawed(const Sync& sync, Id event) {
  spec::Contract contract;
  spec::Clause clause;
  clause.on = model::events(event);
  clause.syncs.push_back(sync);
  contract.clauses.push_back(clause);
  return !spec::flaw_of(contract);
}

std::vector<Sync> syncs_for(Id event, bool kept) {
  std::vector<Sync> out;
  for (unsigned t = 0; t < std::size(model::kTargets); ++t)
    for (unsigned c = 0; c < std::size(model::kSyncCalls); ++c)
      for (unsigned d = 0; d < std::size(model::kSyncDirections); ++d)
        for (const bool skip : {false, true}) {
          const Sync sync{static_cast<model::Targets>(t), static_cast<model::SyncCall>(c),
                          static_cast<model::SyncDirection>(d), skip};
          if (sync.dir == model::SyncDirection::kKept && !kept) continue;
          if (skip && !model::maps(sync.call)) continue;
          if (model::parse_sync(model::name_of(sync)) == sync && is_unflawed(sync, event)) out.push_back(sync);
        }
  return out;
}

bool occurs_in(const std::vector<Made>& group, const std::vector<Made>& made) {
  for (std::size_t from = 0; from < made.size(); ++from)
    if (stands_at(group, made, from)) return true;
  return false;
}

class CallSearch {
 public:
  CallSearch(Id event, const std::vector<Situation>& situations, model::FactSet unused)
      : event_(event), all_(situations), guards_(guards_for(event, unused)) {
    for (const Situation& s : situations)
      if (s.scope->effect && s.answer->ret == 0) open_.push_back(&s);
    collect_words((unused & model::fact_bit(kKept)) == 0);
  }

  CallRules run() {
    refusals();
    for (std::size_t most = 0; most <= kMostSyncs && !best_; ++most) {
      seen_.clear();
      candidates_ = 0;
      extend({}, most, std::vector<bool>(open_.size(), false), 0);
    }
    if (!best_) best_ = CallRules{{}, kExceptionCost * 2 * static_cast<unsigned>(open_.size()), false};
    best_->rules.insert(best_->rules.begin(), refusals_.rules.begin(), refusals_.rules.end());
    best_->cost += refusals_.cost;
    best_->exact = best_->exact && refusals_.exact;
    return *best_;
  }

 private:
  using List = std::vector<std::size_t>;  ///< of words, in order

  void collect_words(bool kept) {
    std::map<std::string, std::size_t> known;
    for (const Sync& sync : syncs_for(event_, kept)) {
      SyncWord word{sync, model::name_of(sync), {}};
      std::string key;
      bool occurs = false;
      for (const Situation* s : open_) {
        word.makes.push_back(expand(sync, *s->scope));
        const std::vector<Made>& group = word.makes.back();
        occurs = occurs || (!group.empty() && occurs_in(group, s->answer->made));
        for (const Made& m : group) key.append(text_of(m)).append(",");
        key.append(";");
      }
      if (!occurs) continue;
      // Of syncs that come to the same in every situation the shortest stands for all.
      const auto [place, is_new] = known.try_emplace(key, words_.size());
      if (is_new) words_.push_back(std::move(word));
      else if (word.name.size() < words_[place->second].name.size()) words_[place->second] = std::move(word);
    }
    std::stable_sort(words_.begin(), words_.end(),
                     [](const SyncWord& a, const SyncWord& b) { return a.name.size() < b.name.size(); });
  }

  /// The subsets of `list`, as bits, that make what was made in a situation.
  [[nodiscard]] std::vector<unsigned> explanations(const List& list, std::size_t situation) const {
    std::vector<unsigned> out;
    const std::vector<Made>& made = open_[situation]->answer->made;
    const auto walk = [&](const auto& self, std::size_t at_word, std::size_t from, unsigned used) -> void {
      if (at_word == list.size()) {
        if (from == made.size()) out.push_back(used);
        return;
      }
      const std::vector<Made>& group = words_[list[at_word]].makes[situation];
      self(self, at_word + 1, from, used);
      if (!group.empty() && stands_at(group, made, from))
        self(self, at_word + 1, from + group.size(), used | (1U << at_word));
    };
    walk(walk, 0, 0, 0);
    return out;
  }

  void extend(const List& list, std::size_t most, std::vector<bool> skipped, std::size_t skips) {
    if (candidates_ >= kMostCandidates || lists_ >= kMostLists || !seen_.insert({list, skipped}).second) return;
    ++lists_;
    std::size_t at_situation = 0;
    while (at_situation < open_.size() && (skipped[at_situation] || !explanations(list, at_situation).empty()))
      ++at_situation;
    if (at_situation == open_.size()) return judge(list, skipped, skips);
    const std::vector<Made>& made = open_[at_situation]->answer->made;
    if (list.size() < most)
      for (std::size_t w = 0; w < words_.size(); ++w) {
        const std::vector<Made>& group = words_[w].makes[at_situation];
        if (group.empty() || !occurs_in(group, made) || std::find(list.begin(), list.end(), w) != list.end()) continue;
        for (std::size_t place = 0; place <= list.size(); ++place) {
          List more = list;
          more.insert(more.begin() + static_cast<std::ptrdiff_t>(place), w);
          extend(more, most, skipped, skips);
        }
      }
    if (skips == kMostSkipped || open_[at_situation]->calls > kRare) return;
    skipped[at_situation] = true;
    extend(list, most, std::move(skipped), skips + 1);
  }

  /// When each sync of the list runs, and what all of it costs.
  void judge(const List& list, const std::vector<bool>& skipped, std::size_t skips) {
    ++candidates_;
    CallRules out;
    out.exact = skips == 0;
    out.cost = static_cast<unsigned>(skips) * kExceptionCost;
    std::vector<std::vector<Want>> wants(list.size(), std::vector<Want>(open_.size(), Want::kFree));
    for (std::size_t s = 0; s < open_.size(); ++s) {
      if (skipped[s]) continue;
      const std::vector<unsigned> ways = explanations(list, s);
      for (std::size_t w = 0; w < list.size(); ++w) {
        if (words_[list[w]].makes[s].empty()) continue;
        const auto has = [w](unsigned way) { return ((way >> w) & 1U) != 0; };
        if (std::all_of(ways.begin(), ways.end(), has)) wants[w][s] = Want::kOn;
        else if (std::none_of(ways.begin(), ways.end(), has)) wants[w][s] = Want::kOff;
      }
    }
    for (std::size_t w = 0; w < list.size(); ++w) {
      const Cover found = cover(guards_, examples(wants[w]));
      out.cost += found.cost + 200 + static_cast<unsigned>(words_[list[w]].name.size());
      for (const Conjunction& guards : found.any) add(out.rules, guards, words_[list[w]].sync);
    }
    out.cost += exceptions_of(out);
    if (!best_ || out.cost < best_->cost) best_ = std::move(out);
  }

  /// Syncs under the same guards are one clause.
  static void add(std::vector<CallRule>& rules, const Conjunction& guards, const Sync& sync) {
    if (!rules.empty() && rules.back().guards == guards) rules.back().syncs.push_back(sync);
    else rules.push_back({guards, {sync}, {}});
  }

  [[nodiscard]] std::vector<Example> examples(const std::vector<Want>& wants) const {
    std::vector<Example> out;
    for (std::size_t s = 0; s < open_.size(); ++s)
      out.push_back({&open_[s]->facts, wants[s], open_[s]->calls <= kRare});
    return out;
  }

  /// The situations that the rules get wrong where each sync for itself could be right.
  unsigned exceptions_of(CallRules& rules) const {
    unsigned cost = 0;
    for (const Situation* s : open_) {
      std::size_t from = 0;
      bool right = true;
      for (const CallRule& rule : rules.rules) {
        const bool runs = std::all_of(rule.guards.begin(), rule.guards.end(),
                                      [&](Id g) { return model::kGuards[g].holds(s->facts); });
        if (!runs) continue;
        for (const Sync& sync : rule.syncs) {
          const std::vector<Made> group = expand(sync, *s->scope);
          right = right && stands_at(group, s->answer->made, from);
          from += group.size();
        }
      }
      right = right && from == s->answer->made.size();
      if (right) continue;
      rules.exact = false;
      cost += s->calls <= kRare ? kExceptionCost : 2 * kExceptionCost;
    }
    return cost;
  }

  /// Calls that the driver refuses and the lifetime does not; and what it accepts against the lifetime.
  void refusals() {
    std::map<int, std::vector<Example>> by_error;
    for (const Situation& s : all_) {
      if (s.answer->ret != 0 && !s.scope->refused) by_error[s.answer->ret];
      if ((s.answer->ret == 0 && s.scope->refused) || (!s.scope->effect && !s.answer->made.empty())) {
        refusals_.cost += 2 * kExceptionCost;
        refusals_.exact = false;
      }
    }
    for (auto& [error, examples] : by_error) {
      for (const Situation& s : all_)
        if (!s.scope->refused)
          examples.push_back({&s.facts, s.answer->ret == error ? Want::kOn : Want::kOff, s.calls <= kRare});
      const Cover found = cover(guards_, examples);
      refusals_.cost += found.cost + 200;
      const std::string_view name = traces::errno_name(-error);
      for (const Conjunction& guards : found.any)
        refusals_.rules.push_back({guards, {}, name.empty() ? "E" + std::to_string(-error) : std::string(name)});
    }
  }

  Id event_;
  const std::vector<Situation>& all_;
  std::vector<Id> guards_;
  std::vector<const Situation*> open_;  ///< in which clauses ran
  std::vector<SyncWord> words_;
  std::set<std::pair<List, std::vector<bool>>> seen_;
  std::size_t candidates_ = 0, lists_ = 0;  ///< that were judged, that were looked at: the search ends
  CallRules refusals_;
  std::optional<CallRules> best_;
};

}  // namespace

CallRules rules_of(Id event, const std::vector<Situation>& situations, model::FactSet unused) {
  return CallSearch(event, situations, unused).run();
}

}  // namespace custody::checker::learn
