// SPDX-License-Identifier: BSD-2-Clause
// What the machines and a contract's clauses answer to a call, for all values of what they look at. It depends on the
// contract alone, so that searches of one contract on many configurations share it.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "model/lifetime.hpp"
#include "spec/contract.hpp"

namespace custody::checker::explore {

/// A call in a state of the owner's machine, and of the small machine that it concerns.
struct Situation {
  model::Id state, event;
  bool part_exists;
  [[nodiscard]] std::size_t index() const {
    return (state * model::kEventCount + event) * std::size_t{2} + (part_exists ? 1U : 0U);
  }
};

/// The clauses that run together, in order.
struct Selection {
  model::Id event = 0;
  std::vector<const spec::Clause*> clauses;
  bool operator==(const Selection&) const = default;
};

constexpr std::uint16_t kNoSelection = 0xffff;

/// What the machines answer to a call, and what the contract adds.
struct Response {
  const model::Row* owner = nullptr;
  const model::Row* part = nullptr;        ///< of the small machine that the call concerns; null where there is none
  model::Id to = 0, part_to = 0;           ///< states afterwards
  std::uint16_t selection = kNoSelection;  ///< of DecisionTables::selections
  bool operator==(const Response&) const = default;
  [[nodiscard]] bool is_refused() const {
    return owner == nullptr || owner->is_refusal() || (part != nullptr && part->is_refusal());
  }
};

/// A fact that a table is indexed by: its values are 0 to `most`, each worth `weight` places.
struct FactTerm {
  model::Id fact;
  std::uint8_t most;
  std::uint32_t weight;
};

/// The response for each combination of values of the facts that a call in a situation looks at.
struct DecisionTable {
  std::vector<FactTerm> terms;
  std::vector<std::uint16_t> responses;  ///< of DecisionTables::responses
};

/// Immutable after construction, safe to use from several threads. The contract must outlive it.
class DecisionTables {
 public:
  /// Throws std::invalid_argument where the clauses on one call look at too much together.
  explicit DecisionTables(const spec::Contract& contract);

  [[nodiscard]] const spec::Contract& contract() const { return contract_; }
  /// By Situation::index; empty for calls that a search does not make.
  [[nodiscard]] const std::vector<DecisionTable>& tables() const { return tables_; }
  [[nodiscard]] const std::vector<Response>& responses() const { return responses_; }
  [[nodiscard]] const std::vector<Selection>& selections() const { return selections_; }
  /// A begin that succeeds while a kernel mapping lives marks it as bracketed.
  [[nodiscard]] bool brackets() const { return brackets_; }

 private:
  DecisionTable tabulate(const Situation& situation);
  /// What is known of each such call: the policies, and that it has no device.
  [[nodiscard]] model::Facts known_of(model::Id event) const;
  [[nodiscard]] model::FactSet facts_of(const Situation& situation) const;
  Response respond(const Situation& situation, model::Facts& values);
  std::uint16_t select(model::Id event, const model::Facts& values);
  [[nodiscard]] model::Fired fire(model::MachineId machine, model::Id state, model::Id event,
                                  const model::Facts& values) const;

  const spec::Contract& contract_;
  bool brackets_ = false;
  std::vector<DecisionTable> tables_;
  std::vector<Response> responses_;
  std::vector<Selection> selections_;
};

}  // namespace custody::checker::explore
