// SPDX-License-Identifier: BSD-2-Clause
// What a document says of a contract, as a structure: every format is rendered from it, and none from another's text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/document/world.hpp"

namespace custody::spec::document {

/// A clause that runs in a call.
struct ClauseUse {
  std::size_t clause = 0;  ///< of the contract
  bool always = true;      ///< whenever the machines answer like that; else where its guards hold
};

/// What happens to a call in a state, under one condition.
struct Answer {
  const model::Row* row = nullptr;  ///< the refusal, or the owner's transition; of a clause's refusal what it prevents
  std::vector<const model::Row*> parts;  ///< of a transition: what the small machine of the call answers, each of them
  std::optional<std::size_t> refusing;   ///< the clause that refuses the call
  model::Id to = 0;                      ///< the owner's state afterwards; of a refusal the state itself
  std::vector<ClauseUse> clauses;        ///< in the order in which they run
  [[nodiscard]] bool is_legal() const { return !row->is_refusal() && !refusing; }
};

/// A pair of a state and a call, with every answer that it can get, transitions first.
struct Cell {
  model::Id state = 0, event = 0;
  std::vector<Answer> answers;
};

/// A state that the owner's machine reaches.
struct StateEntry {
  model::Id state = 0;
  model::Agents agents;  ///< who may access in some situation in it
};

/// A row of some machine that fires under the contract.
struct RowEntry {
  const model::Row* row = nullptr;
  std::vector<ClauseUse> clauses;  ///< those that run with it; of a refusal none
};

/// One call on the way through the machines.
struct Step {
  model::Call call;
  const model::Row* row = nullptr;  ///< the owner's transition
  model::Id was = 0, is = 0;
  model::Agents agents;              ///< who may access afterwards
  std::vector<std::size_t> clauses;  ///< those that run
};

/// How to do what people want to do.
struct Procedure {
  std::string_view task, says;
  std::vector<Step> steps;  ///< the shortest way that there is; empty where there is none
};

/// What searches say of one kind of client and of devices.
struct SafetyLine {
  std::string client, mix;
  std::vector<std::string> archs;     ///< on which it is so
  std::vector<std::string> violated;  ///< rules, and other properties of `custody check`; empty: safe
};

/// What another value of a policy would change.
struct Consequence {
  std::size_t policy = 0;
  std::uint8_t value = 0;
  std::string excluded;  ///< why it cannot be changed alone; then nothing else is said
  std::size_t newly_unsafe = 0, newly_safe = 0, cells = 0;  ///< of kinds of client, architecture and devices
  std::string accepts;                        ///< `the same calls`, `fewer calls`: beside the contract as it is
  std::uint64_t operations = 0, refused = 0;  ///< in the standard workloads: cache operations, calls refused
};

/// From what a document was made.
struct Origin {
  std::string version;  ///< of the tool
  std::string command;  ///< that makes it again
};

/// Pointers are to the tables, which live as long as the program.
struct Document {
  Contract contract;
  Origin origin;
  bool all_policies = false;  ///< rows of other policies too, one or two changed at a time
  std::vector<StateEntry> states;
  std::vector<Cell> matrix;  ///< every state of `states` with every call, in this order
  std::vector<Procedure> procedures;
  std::vector<RowEntry> rows;  ///< in the order of the tables

  /// Of searches, where they were asked for (checker/review/consequences.hpp).
  std::vector<SafetyLine> safety;
  std::vector<Consequence> consequences;
  std::uint64_t operations = 0;  ///< of the contract in the standard workloads

  /// Null: words about policies are not folded.
  [[nodiscard]] const model::Policies* policies() const { return all_policies ? nullptr : &contract.lifetime.policies; }
  [[nodiscard]] const Cell& cell(model::Id state, model::Id event) const;
};

/// What figures are drawn from: all but the procedures. Takes tens of milliseconds: every legal way through a small
/// world is gone.
[[nodiscard]] Document describe_matrix(Contract contract, Origin origin, bool all_policies);
/// Everything there is to say.
[[nodiscard]] Document describe(Contract contract, Origin origin, bool all_policies);

/// The tasks and the shortest way to each. The first export begins every way.
[[nodiscard]] std::vector<Procedure> procedures(const Contract& contract);

}  // namespace custody::spec::document
