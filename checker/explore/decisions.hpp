// SPDX-License-Identifier: BSD-2-Clause
// What answers a call in a state of a search: the machines, asked once for all values of what they look at, and the
// clauses of the contract that run.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "checker/explore/layout.hpp"
#include "model/line_model.hpp"
#include "spec/contract.hpp"

namespace custody::checker {

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
struct Decision {
  const model::Row* owner = nullptr;
  const model::Row* part = nullptr;  ///< of the small machine that the call concerns; null where there is none
  model::Id to = 0, part_to = 0;     ///< states afterwards
  const Program* program = nullptr;  ///< what the contract adds; null where nothing runs
  [[nodiscard]] bool is_refused() const {
    return owner == nullptr || owner->is_refusal() || (part != nullptr && part->is_refusal());
  }
};

/// Immutable after construction, safe to use from several threads. The contract must outlive it.
class Decisions {
 public:
  Decisions(const spec::Contract& contract, const Configuration& configuration, const Layout& layout);

  [[nodiscard]] Decision decide(Packed s, const Deed& deed) const;
  /// A begin that succeeds while a kernel mapping lives marks it as bracketed.
  [[nodiscard]] bool brackets() const { return brackets_; }
  /// What the sync does, in this direction, for a device that neither snoops nor is bounced.
  [[nodiscard]] model::Operation operation_of(const model::Sync& sync, model::Direction dir) const;

 private:
  /// A dense table over the values of some facts.
  template <class Value>
  struct Table {
    struct Term {
      model::Id fact;
      std::uint32_t weight;
    };
    std::vector<Term> terms;
    std::vector<Value> values;
  };
  struct Answer {
    const model::Row* row = nullptr;
    model::Id to = 0;
  };
  using Machine = std::array<Table<Answer>, model::kStateCount * model::kEventCount>;

  template <class Value>
  Table<Value> tabulate(model::FactSet facts, model::Id event, const auto& value_of) const;
  template <class Value>
  [[nodiscard]] const Value& look_up(const Table<Value>& table, Packed s, const Deed& deed, model::Id was,
                                     model::Id is) const;
  void tabulate_machine(model::MachineId machine, Machine& out) const;
  void tabulate_programs(const spec::Contract& contract);
  const Program* program_of(std::uint64_t clauses, const std::vector<const spec::Clause*>& all);
  /// The value of a fact in a state; `was` and `is` are the owner's states.
  [[nodiscard]] unsigned value_of(model::Id fact, Packed s, const Deed& deed, model::Id was, model::Id is) const;
  [[nodiscard]] bool closes_window(Packed s, const Deed& deed) const;

  const Configuration configuration_;
  const Layout layout_;
  model::Lifetime lifetime_;
  bool cached_ = true, skips_implicit_ = false, brackets_ = false;
  Machine owner_, attachment_, window_, kernel_, user_;
  std::array<Table<const Program*>, model::kEventCount> programs_;
  std::vector<std::pair<std::uint64_t, std::unique_ptr<Program>>> known_;  ///< by the clauses of one event
};

}  // namespace custody::checker
