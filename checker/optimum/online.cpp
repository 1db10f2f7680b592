// SPDX-License-Identifier: BSD-2-Clause
// Can any contract, which sees each hand-over only when it comes, meet the optimum that knows them all? A game
// between the contract, which chooses an operation at each hand-over, and an adversary, who chooses the next and when
// to stop.
#include "checker/optimum/online.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "checker/optimum/schedule.hpp"

namespace custody::checker::optimum {

namespace {

using model::Access;
using model::AccessSet;
using model::Belief;
using model::Operation;

/// Where the contract has paid as much as the optimum.
struct Position {
  Belief belief;  ///< advanced
  std::size_t owner;
  ScheduleState optimum;
};

/// The positions that the contract can choose between after one hand-over, and the one that `lazy` takes.
struct Choice {
  std::size_t hand_over;
  std::vector<std::pair<Operation, std::size_t>> to;  ///< kNowhere: safe, and dearer than the optimum
  std::size_t lazy;
};
constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

Belief hazards_of(AccessSet accesses) {
  Belief all;
  for (unsigned a = 0; a < model::kAccesses; ++a)
    if (accesses.has(static_cast<Access>(a))) all = all | model::hazards(static_cast<Access>(a));
  return all;
}

class Game {
 public:
  Game(Price price, const HandOvers& hand_overs) : price_(price), hand_overs_(hand_overs), schedules_(price) {}

  void explore(Belief start) {
    find({start, hand_overs_.size(), schedules_.begin(start)});
    for (std::size_t p = 0; p < positions_.size(); ++p) {
      choices_.emplace_back();
      for (std::size_t to = 0; to < hand_overs_.size(); ++to) hand_over(p, to);
    }
  }

  /// Rounds after which a position is lost; kNowhere where it never is.
  [[nodiscard]] std::vector<std::size_t> lost_after(bool lazy_only) const {
    std::vector<std::size_t> lost(positions_.size(), kNowhere);
    const auto is_lost = [&](const Choice& c, std::size_t round) {
      const auto fails = [&](std::size_t p) { return p == kNowhere || lost[p] < round; };
      return lazy_only ? fails(c.lazy)
                       : std::all_of(c.to.begin(), c.to.end(), [&](const auto& way) { return fails(way.second); });
    };
    bool changed = true;
    for (std::size_t round = 1; changed; ++round) {
      changed = false;
      for (std::size_t p = 0; p < lost.size(); ++p) {
        if (lost[p] != kNowhere) continue;
        const auto& all = choices_[p];
        if (!std::any_of(all.begin(), all.end(), [&](const Choice& c) { return is_lost(c, round); })) continue;
        lost[p] = round;
        changed = true;
      }
    }
    return lost;
  }
  /// All ways from a lost position, as the adversary leads them.
  void refute(std::size_t from, const std::vector<std::size_t>& lost, const Refutation& so_far,
              std::vector<Refutation>& out) const {
    const auto beaten = [&](const auto& way) { return way.second == kNowhere || lost[way.second] < lost[from]; };
    for (const Choice& c : choices_[from]) {
      if (!std::all_of(c.to.begin(), c.to.end(), beaten)) continue;
      for (const auto& [operation, next] : c.to) {
        Refutation way = so_far;
        way.hand_overs.push_back(c.hand_over);
        way.operations.push_back(operation);
        if (next == kNowhere) out.push_back(std::move(way));
        else refute(next, lost, way, out);
      }
      return;
    }
  }
  [[nodiscard]] std::size_t positions() const { return positions_.size(); }

 private:
  std::size_t find(const Position& p) {
    const auto key = std::make_tuple(p.belief.bits, p.owner, p.optimum.frontier);
    const auto [it, added] = ids_.try_emplace(key, positions_.size());
    if (added) positions_.push_back(p);
    return it->second;
  }

  void hand_over(std::size_t from, std::size_t to) {
    const Position before = positions_[from];
    const AccessSet had = before.owner < hand_overs_.size() ? hand_overs_[before.owner] : AccessSet();
    const Belief hazards = hazards_of(hand_overs_[to]);
    ScheduleState optimum = before.optimum;
    schedules_.pass(optimum, had);
    schedules_.require(optimum, hazards);
    schedules_.pass(optimum, hand_overs_[to]);
    if (optimum.infeasible) return;
    const std::uint64_t due = optimum.operations - before.optimum.operations;
    Choice choice{to, {}, kNowhere};
    const bool needed = before.belief.intersects(hazards);
    for (const Operation op :
         {Operation::kNone, Operation::kClean, Operation::kInvalidate, Operation::kCleanInvalidate}) {
      const Belief ready = model::hardware_closure(model::apply(op, before.belief));
      if (model::can_lose(op, before.belief) || ready.intersects(hazards)) continue;
      const bool dearer = passes_of(op, price_) > due;
      const std::size_t next = dearer ? kNowhere : find({model::advance(ready, hand_overs_[to]), to, optimum});
      choice.to.emplace_back(op, next);
      if (op == (needed ? Operation::kCleanInvalidate : Operation::kNone)) choice.lazy = next;
    }
    choices_[from].push_back(std::move(choice));
  }

  Price price_;
  const HandOvers& hand_overs_;
  ScheduleAutomaton schedules_;
  std::vector<Position> positions_;
  std::vector<std::vector<Choice>> choices_;
  std::map<std::tuple<std::uint16_t, std::size_t, std::uint32_t>, std::size_t> ids_;
};

}  // namespace

OnlineVerdict play_online(Price price, const HandOvers& hand_overs, Belief start) {
  Game game(price, hand_overs);
  game.explore(start);
  const std::vector<std::size_t> lost = game.lost_after(false);
  OnlineVerdict verdict;
  verdict.contract_exists = lost.front() == kNowhere;
  verdict.lazy_is_one = game.lost_after(true).front() == kNowhere;
  verdict.positions = game.positions();
  if (verdict.contract_exists) return verdict;
  verdict.hand_overs = lost.front();
  game.refute(0, lost, {}, verdict.refutations);
  return verdict;
}

HandOvers hand_overs_of(bool direct_devices, bool snooping_devices) {
  HandOvers all = {AccessSet()};
  const auto each_direction = [&all](Access read, Access write) {
    all.push_back(AccessSet().add(read));
    all.push_back(AccessSet().add(write));
    all.push_back(AccessSet().add(read).add(write));
  };
  each_direction(Access::kCpuRead, Access::kCpuWrite);
  if (direct_devices) each_direction(Access::kDeviceRead, Access::kDeviceWrite);
  if (snooping_devices) each_direction(Access::kCoherentRead, Access::kCoherentWrite);
  return all;
}

}  // namespace custody::checker::optimum
