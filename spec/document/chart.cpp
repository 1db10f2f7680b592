// SPDX-License-Identifier: BSD-2-Clause
// The matrix as a statechart: loops folded into their state, calls that are answered alike together.
#include "spec/document/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace custody::spec::document {

using model::at;
using model::EventSet;
using model::Id;
using model::kStates;

namespace {

/// The syncs of the answers; in brackets those that not every one of them needs.
std::string syncs_of(const Contract& contract, const std::vector<const Answer*>& answers) {
  std::map<std::string, std::size_t> always;
  std::vector<std::string> order;
  for (const Answer* const answer : answers)
    for (const ClauseUse& use : answer->clauses)
      for (const model::Sync& sync : contract.clauses[use.clause].syncs) {
        const std::string name = model::name_of(sync);
        if (always.emplace(name, 0).second) order.push_back(name);
        always[name] += use.always ? std::size_t{1} : std::size_t{0};
      }
  for (std::string& name : order)
    if (always[name] < answers.size()) name = fmt::format("({})", name);
  return fmt::format("{}", fmt::join(order, ", "));
}

/// A further call; together with those that need the same syncs.
void add(std::vector<Move>& moves, Id event, const std::string& syncs) {
  const auto same = std::find_if(moves.begin(), moves.end(), [&](const Move& move) { return move.syncs == syncs; });
  if (same == moves.end()) moves.push_back({model::events(event), syncs});
  else same->calls |= model::events(event);
}

void add(std::vector<Refused>& refusals, Id event, const std::string& by) {
  const auto same = std::find_if(refusals.begin(), refusals.end(), [&](const Refused& r) { return r.by == by; });
  if (same == refusals.end()) refusals.push_back({by, model::events(event)});
  else same->calls |= model::events(event);
}

class Builder {
 public:
  explicit Builder(const Document& document) : document_(document) {}

  void add_cell(const Cell& cell, ChartState& state) {
    std::map<Id, std::vector<const Answer*>> by_target;
    for (const Answer& answer : cell.answers)
      if (answer.is_legal()) by_target[answer.to].push_back(&answer);
      else if (answer.refusing) add(state.refusals, cell.event, document_.contract.clauses[*answer.refusing].refuse);
      else add(state.refusals, cell.event, std::string(answer.row->rule));
    for (const auto& [to, answers] : by_target)
      add(to == cell.state ? state.loops : edge(cell.state, to).moves, cell.event,
          syncs_of(document_.contract, answers));
  }

  [[nodiscard]] Chart chart() {
    for (const StateEntry& entry : document_.states) {
      ChartState state{entry.state, {}, {}};
      for (Id event = 0; event < model::kEventCount; ++event) add_cell(document_.cell(entry.state, event), state);
      chart_.states.push_back(std::move(state));
    }
    return std::move(chart_);
  }

 private:
  ChartEdge& edge(Id from, Id to) {
    const auto known = std::find_if(chart_.edges.begin(), chart_.edges.end(),
                                    [&](const ChartEdge& e) { return e.from == from && e.to == to; });
    if (known != chart_.edges.end()) return *known;
    return chart_.edges.emplace_back(ChartEdge{from, to, {}});
  }

  const Document& document_;
  Chart chart_;
};

}  // namespace

const std::vector<OwnerGroup>& owner_groups() {
  static const std::vector<OwnerGroup> kGroups = {
      {"not_there_yet", "not exported yet", model::states(at(kStates, "Unborn"))},
      {"nobody", "nobody owns it", model::states(at(kStates, "NonOwnedNonBacked"), at(kStates, "NonOwnedBacked"))},
      {"the_cpu", "the CPU owns it", model::states(at(kStates, "CpuOwned"))},
      {"devices", "devices own it", model::states(at(kStates, "DeviceOwned"))},
      {"gone", "gone", model::states(at(kStates, "Freed"))},
  };
  return kGroups;
}

std::vector<OwnerEdge> owner_edges(const Chart& chart) {
  const auto group_of = [](Id state) {
    std::size_t g = 0;
    while (((owner_groups()[g].states >> state) & 1U) == 0) ++g;
    return g;
  };
  std::map<std::pair<std::size_t, std::size_t>, EventSet> calls;
  for (const ChartEdge& e : chart.edges)
    for (const Move& move : e.moves) calls[{group_of(e.from), group_of(e.to)}] |= move.calls;
  std::vector<OwnerEdge> out;
  for (const auto& [ends, of] : calls)
    if (ends.first != ends.second) out.push_back({ends.first, ends.second, of});
  return out;
}

std::string call_list(EventSet calls) {
  std::vector<std::string_view> in, out;
  for (Id e = 0; e < model::kEventCount; ++e) (((calls >> e) & 1U) != 0 ? in : out).push_back(model::kEvents[e].brief);
  if (out.empty()) return "every call";
  if (out.size() <= 2) return fmt::format("all but {}", fmt::join(out, ", "));
  return fmt::format("{}", fmt::join(in, ", "));
}

std::string Move::text() const {
  return syncs.empty() ? call_list(calls) : fmt::format("{} / {}", call_list(calls), syncs);
}

Chart chart_of(const Document& document) { return Builder(document).chart(); }

}  // namespace custody::spec::document
