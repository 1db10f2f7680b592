// SPDX-License-Identifier: BSD-2-Clause
// A contract run beside Custody: what it says of a call, and what a call does to its notes.
#pragma once

#include <vector>

#include "spec/contract.hpp"

namespace custody::spec {

/// What a contract says of a call.
struct ContractAnswer {
  model::Step step;                    ///< its facts hold the notes too
  std::vector<const Clause*> clauses;  ///< those that run, in order; or the one that refuses the call, alone

  /// The refusal of the machines, else what the owner's machine answered.
  [[nodiscard]] const model::Row* row() const { return step.refusal() != nullptr ? step.refusal() : step.owner; }
  /// The clause that refuses the call; null where none does.
  [[nodiscard]] const Clause* refusing() const {
    return !clauses.empty() && !clauses.front()->refuse.empty() ? clauses.front() : nullptr;
  }
};

/// Runs a contract on the custody and the notes of a buffer, which are the caller's. `kept` is the code of the table
/// that is kept of the attachment of the call (model::code_of). The contract must outlive it.
class ContractRun {
 public:
  explicit ContractRun(const Contract& contract) : contract_(contract) {}

  /// At the entry of a call, before `move`: what the machines and the clauses say where it takes effect.
  [[nodiscard]] ContractAnswer foresee(const model::Custody& custody, const model::Notes& notes, std::uint8_t kept,
                                       const model::Call& call) const;
  /// One end of a call: moves custody, and runs the notes of the clauses at the end at which the call takes effect. Of
  /// an interrupted begin those that outlive the interruption.
  void move(model::Custody& custody, model::Notes& notes, std::uint8_t& kept, const model::Call& call) const;

  /// A task went away, and its windows with it: no call, so that no clause runs.
  void abandon(model::Custody& custody, std::uint32_t task) const {
    static_cast<void>(model::abandon(custody, contract_.lifetime, task));
  }

  /// Some clause keeps the table of an attachment beyond its unmap.
  [[nodiscard]] bool keeps_tables() const { return contract_.uses_note(kKept); }
  /// Map and unmap carry DMA_ATTR_SKIP_CPU_SYNC whatever their clauses say.
  [[nodiscard]] bool skips_implicit_syncs() const { return contract_.skips_implicit(); }

 private:
  static constexpr model::Id kKept = model::at(model::kFacts, "kept");
  [[nodiscard]] ContractAnswer answer(model::Step step, const model::Notes& notes, std::uint8_t kept,
                                      const model::Call& call) const;

  const Contract& contract_;
};

}  // namespace custody::spec
