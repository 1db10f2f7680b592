// SPDX-License-Identifier: BSD-2-Clause
// The owner's machine as observations: a call is told apart by what decides where it leads.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "spec/document/projection.hpp"

namespace custody::spec::document {

using model::Facts;
using model::Id;
using model::kEvents;
using model::kGuards;
using model::kOwnerStates;
using model::kStates;
using model::Row;

namespace {

/// Where a call leads from each state of the owner; kNowhere where it is refused or does not come about.
using Way = std::array<Id, kOwnerStates>;
constexpr Id kNowhere = 0xff;

/// What the owner's machine answers to facts, in whatever state it is.
class Ways {
 public:
  Ways(const Contract& contract, const World& world, std::size_t most_records)
      : machine_(model::machine(model::owner_machine(contract.lifetime.policies))) {
    std::map<Id, std::set<decltype(Facts::v)>> seen;
    explore(world, most_records, [&](const Situation&, const model::Call& call, const ContractAnswer& answer) {
      if (is_legal(answer)) fired_.insert(answer.step.owner);
      seen[call.event].insert(answer.step.facts.v);
    });
    for (const auto& [event, all] : seen)
      for (const auto& values : all) add(event, Facts{values});
  }

  /// A call of these facts by name: the event's where all that are ever legal lead the same way.
  [[nodiscard]] std::string name(Id event, const Facts& facts) const {
    const auto& ways = ways_.at(event);
    const auto own = ways.find(way_of(event, facts).first);
    const std::string call(kEvents[event].name);
    if (own == ways.end()) return call + "_never";
    return ways.size() == 1 ? call : call + "_" + suffix(own->second, ways);
  }

 private:
  using Rows = std::set<const Row*>;

  /// Rows that never fire lead nowhere: the call does not come about there.
  [[nodiscard]] std::pair<Way, Rows> way_of(Id event, const Facts& facts) const {
    std::pair<Way, Rows> out;
    out.first.fill(kNowhere);
    for (Id state = 0; state < kOwnerStates; ++state)
      for (const Row& row : machine_.rows)
        if (row.answers(state, event, facts) && fired_.contains(&row)) {
          out.first[state] = row.target(state);
          out.second.insert(&row);
        }
    return out;
  }
  void add(Id event, const Facts& facts) {
    const auto [way, rows] = way_of(event, facts);
    auto& ways = ways_[event];
    if (!rows.empty()) ways[way].insert(rows.begin(), rows.end());
  }
  static bool has(const Rows& rows, Id guard) {
    return std::any_of(rows.begin(), rows.end(), [guard](const Row* row) {
      return std::find(row->guards.begin(), row->guards.end(), guard) != row->guards.end();
    });
  }
  /// A guard that is asked for on this way only, or a row that is only there; else all its rows.
  static std::string suffix(const Rows& own, const std::map<Way, Rows>& ways) {
    const auto is_only_here = [&](const auto& holds) {
      return std::count_if(ways.begin(), ways.end(), [&](const auto& way) { return holds(way.second); }) == 1;
    };
    for (const Row* const row : own)
      for (const Id guard : row->guards)
        if (is_only_here([guard](const Rows& rows) { return has(rows, guard); }))
          return identifier(kGuards[guard].name);
    std::string all;
    for (const Row* const row : own) {
      if (is_only_here([row](const Rows& rows) { return rows.contains(row); })) return identifier(row->id);
      all += (all.empty() ? "" : "_") + identifier(row->id);
    }
    return all;
  }
  static std::string identifier(std::string_view word) {
    std::string out(word);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c == '=' || c == '-'; }, '_');
    return out;
  }

  const model::Machine& machine_;
  Rows fired_;
  std::map<Id, std::map<Way, Rows>> ways_;  ///< those that are legal in some state
};

}  // namespace

std::vector<Observation> observed_lifetime(const Contract& contract) {
  constexpr std::size_t kRecords = 4;
  const World world(contract, {model::Direction::kToDevice, model::Direction::kFromDevice}, 2);
  const Ways ways(contract, world, kRecords);
  std::vector<Observation> out;
  explore(world, kRecords, [&](const Situation&, const model::Call& call, const ContractAnswer& answer) {
    const model::Step& step = answer.step;
    // What a small machine or a clause refuses is no answer of the owner's.
    const bool refused = step.owner->is_refusal(), elsewhere = !refused && !is_legal(answer);
    out.push_back({std::string(kStates[step.was].name), ways.name(call.event, step.facts),
                   refused || elsewhere ? std::string() : std::string(kStates[step.is].name), refused, false,
                   elsewhere});
  });
  return out;
}

}  // namespace custody::spec::document
