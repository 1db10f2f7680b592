// SPDX-License-Identifier: BSD-2-Clause
// A contract explored, and what was seen put in order.
#include <algorithm>
#include <map>
#include <tuple>

#include "spec/document/document.hpp"

namespace custody::spec::document {

using model::Id;
using model::Row;

namespace {

/// A search keeps at most so many records open: two devices that map. With one more it sees no further row.
constexpr std::size_t kMostRecords = 4;

/// How often a clause ran where an answer was given so often.
struct Uses {
  std::size_t answers = 0;
  std::vector<const Row*> parts;
  std::map<std::size_t, std::size_t> runs;  ///< by clause
  void add(const Contract& contract, const ContractAnswer& answer) {
    ++answers;
    for (const Clause* const clause : answer.clauses)
      ++runs[static_cast<std::size_t>(clause - contract.clauses.data())];
    const Row* const part = answer.step.part;
    if (part != nullptr && std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
  }
  [[nodiscard]] std::vector<ClauseUse> uses() const {
    std::vector<ClauseUse> out;
    for (const auto& [clause, count] : runs) out.push_back({clause, count == answers});
    return out;
  }
};

/// Rows in the order of the tables, transitions of all before refusals.
struct InOrder {
  bool operator()(const Row* a, const Row* b) const {
    const auto rank = [](const Row* row) {
      for (const model::Machine& machine : model::machines())
        if (row >= machine.rows.data() && row < machine.rows.data() + machine.rows.size())
          return std::tuple(row->is_refusal(), machine.id, row - machine.rows.data());
      return std::tuple(true, model::MachineId::kUserMapping, std::ptrdiff_t{0});
    };
    return rank(a) < rank(b);
  }
};

constexpr std::size_t kNobodyRefuses = static_cast<std::size_t>(-1);

/// What is seen on the way.
class Record {
 public:
  void see(const Contract& contract, const Situation& situation, const model::Call& call,
           const ContractAnswer& answer) {
    const model::Step& step = answer.step;
    model::Agents& agents = agents_[step.was];
    const model::Agents now = model::who_may_access(situation.custody);
    agents.devices |= now.devices;
    agents.cpu_reads |= now.cpu_reads;
    agents.cpu_writes |= now.cpu_writes;
    const Clause* const refusing = answer.refusing();
    const std::size_t by =
        refusing != nullptr ? static_cast<std::size_t>(refusing - contract.clauses.data()) : kNobodyRefuses;
    Uses& uses = cells_[{step.was, call.event}][answer.row()][{by, is_legal(answer) ? step.is : step.was}];
    if (is_legal(answer)) uses.add(contract, answer);
    if (step.refusal() != nullptr) rows_[step.refusal()];
    else if (refusing == nullptr) see_transition(contract, call, answer);
  }

  [[nodiscard]] std::vector<StateEntry> states() const {
    std::vector<StateEntry> out;
    for (const auto& [state, agents] : agents_) out.push_back({state, agents});
    return out;
  }

  [[nodiscard]] Cell cell(Id state, Id event) const {
    Cell cell{state, event, {}};
    const auto found = cells_.find({state, event});
    if (found == cells_.end()) return cell;
    for (const auto& [row, answers] : found->second)
      for (const auto& [key, uses] : answers) {
        const std::optional<std::size_t> refusing =
            key.first == kNobodyRefuses ? std::nullopt : std::optional(key.first);
        cell.answers.push_back({row, uses.parts, refusing, key.second, uses.uses()});
      }
    return cell;
  }

  [[nodiscard]] std::vector<RowEntry> rows() const {
    std::vector<RowEntry> out;
    for (const auto& [row, uses] : rows_) out.push_back({row, uses.uses()});
    return out;
  }

 private:
  /// The rows of all machines that fired: the owner's, the call's own, and those that hear of it beside.
  void see_transition(const Contract& contract, const model::Call& call, const ContractAnswer& answer) {
    rows_[answer.step.owner].add(contract, answer);
    if (answer.step.part != nullptr) rows_[answer.step.part];
    const auto part = model::part_of(call.event);
    for (const model::Machine& machine : model::machines()) {
      const bool hears = machine.id != model::MachineId::kOwner && machine.id != model::MachineId::kMappingOwner &&
                         (!part || part->machine != machine.id);
      for (const Row& row : machine.rows)
        if (hears && !row.is_refusal() && ((row.on >> call.event) & 1U) != 0) rows_[&row];
    }
  }

  std::map<Id, model::Agents> agents_;
  std::map<std::pair<Id, Id>, std::map<const Row*, std::map<std::pair<std::size_t, Id>, Uses>, InOrder>> cells_;
  std::map<const Row*, Uses, InOrder> rows_;
};

/// Policies that differ from these in two at most. Storage that goes when nobody owns it comes at first use.
std::vector<model::Policies> neighbours_of(const model::Policies& own) {
  constexpr auto kValues = [](std::size_t p) {
    const model::Policy& policy = model::kPolicies[p];
    return policy.read_by == model::ReadBy::kLifetime && policy.name != "cpu_owns" ? policy.count() : model::Id{1};
  };
  std::vector<model::Policies> out = {own};
  const auto add = [&](model::Policies changed) {
    if (changed.is("leaves", "release")) static_cast<void>(model::set_policy(changed, "backing", "at_first_use"));
    if (model::conflict_of(changed).empty() && std::find(out.begin(), out.end(), changed) == out.end())
      out.push_back(changed);
  };
  for (std::size_t p = 0; p < model::kPolicyCount; ++p)
    for (std::size_t q = p; q < model::kPolicyCount; ++q)
      for (std::uint8_t v = 0; v < kValues(p); ++v)
        for (std::uint8_t w = 0; w < kValues(q); ++w) {
          model::Policies changed = own;
          if (kValues(p) > 1) changed.v[p] = v;
          if (kValues(q) > 1) changed.v[q] = w;
          add(changed);
        }
  return out;
}

Record explored(const Contract& contract, bool all_policies) {
  Record record;
  const auto add = [&](const Contract& one, const World& world) {
    explore(world, kMostRecords, [&](const Situation& at, const model::Call& call, const ContractAnswer& answer) {
      record.see(one, at, call, answer);
    });
  };
  add(contract, World(contract));
  if (!all_policies) return record;
  for (const model::Policies& policies : neighbours_of(contract.lifetime.policies)) {
    Contract other = contract;
    other.lifetime.policies = policies;
    add(other, World(other, {model::Direction::kToDevice, model::Direction::kFromDevice}, 2));
  }
  return record;
}

}  // namespace

const Cell& Document::cell(Id state, Id event) const {
  return *std::find_if(matrix.begin(), matrix.end(),
                       [&](const Cell& cell) { return cell.state == state && cell.event == event; });
}

Document describe_matrix(Contract contract, Origin origin, bool all_policies) {
  Document document;
  document.contract = std::move(contract);
  document.origin = std::move(origin);
  document.all_policies = all_policies;
  const Record record = explored(document.contract, all_policies);
  document.states = record.states();
  document.rows = record.rows();
  for (const StateEntry& entry : document.states)
    for (Id event = 0; event < model::kEventCount; ++event) document.matrix.push_back(record.cell(entry.state, event));
  return document;
}

Document describe(Contract contract, Origin origin, bool all_policies) {
  Document document = describe_matrix(std::move(contract), std::move(origin), all_policies);
  document.procedures = procedures(document.contract);
  return document;
}

}  // namespace custody::spec::document
