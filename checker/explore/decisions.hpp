// SPDX-License-Identifier: BSD-2-Clause
// What answers a call in a state of a search: the tables of its contract, and the cache operations of the clauses that
// run, on the configuration searched.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "checker/explore/decision_tables.hpp"
#include "checker/explore/layout.hpp"
#include "model/line_model.hpp"
#include "spec/contract.hpp"

namespace custody::checker::explore {

/// A sync of a clause for one direction of the call, ready to run but for directions that the state decides.
struct Plan {
  const spec::Clause* clause = nullptr;
  model::Sync sync;
  model::Direction dir = model::Direction::kNone;
  model::Operation operation = model::Operation::kNone;
  /// Its direction is that of a table that is kept or mapped.
  [[nodiscard]] bool is_late() const {
    return sync.dir == model::SyncDirection::kKept ||
           (sync.dir == model::SyncDirection::kMapping && sync.targets != model::Targets::kOwn);
  }
};

/// The clauses that run together.
struct Program {
  bool refuses = false;
  std::array<std::vector<Plan>, 4> plans;  ///< by model::Direction of the call
  std::vector<model::Id> notes;            ///< of model::kNoteActions
};

/// What the machines answer to a call.
struct Decision : Response {
  const Program* program = nullptr;  ///< what the contract adds; null where nothing runs
};

/// Immutable after construction, safe to use from several threads. The contract must outlive it.
class Decisions {
 public:
  Decisions(const DecisionTables& tables, const Configuration& configuration, const Layout& layout);

  [[nodiscard]] const Decision& decide(Packed s, const Label& label) const;
  /// A begin that succeeds while a kernel mapping lives marks it as bracketed.
  [[nodiscard]] bool brackets() const { return brackets_; }
  /// What the sync does, in this direction, for a device that neither snoops nor is bounced.
  [[nodiscard]] model::Operation operation_of(const model::Sync& sync, model::Direction dir) const;

 private:
  /// Where the value of a fact is: in the buffer's part of a state, in the device's block, or to be worked out.
  enum class From : std::uint8_t { kBuffer, kBlock, kElsewhere };
  struct Term {
    model::Id fact;
    std::uint8_t most;
    From from;
    Slot slot;
    std::uint32_t weight;
  };
  /// The decision for each combination of values of the facts that a call in a situation looks at.
  struct Table {
    std::vector<Term> terms;
    std::vector<std::uint16_t> decisions;  ///< of `decisions_`
  };

  [[nodiscard]] Program program_of(const Selection& selection) const;
  [[nodiscard]] Term located(const FactTerm& term) const;
  [[nodiscard]] bool part_exists(Packed s, const Label& label, model::Id event) const;
  /// The slot that holds the fact as it is; nothing where it has to be worked out.
  [[nodiscard]] std::optional<Slot> slot_of(model::Id fact) const;
  [[nodiscard]] unsigned value_of(model::Id fact, Packed s, const Label& label, model::Id event) const;
  [[nodiscard]] bool closes_window(Packed s, const Label& label) const;

  const Configuration configuration_;
  const Layout layout_;
  bool cached_ = true, skips_implicit_ = false, brackets_ = false;
  std::vector<Table> tables_;  ///< by Situation::index
  std::vector<Decision> decisions_;
  std::vector<Program> programs_;  ///< as DecisionTables::selections; not changed, since decisions point into it
};

}  // namespace custody::checker::explore
