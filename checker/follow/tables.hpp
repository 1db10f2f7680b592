// SPDX-License-Identifier: BSD-2-Clause
// The tables of a contract, run as an interpreter runs them.
#pragma once

#include <vector>

#include "model/step.hpp"
#include "spec/contract.hpp"

namespace custody::checker {

/// Answers calls by a contract's rows and refusals. The contract must outlive it.
class ContractTables {
 public:
  explicit ContractTables(const spec::Contract& contract);

  /// As `model::step`, by this contract's tables.
  [[nodiscard]] model::Outcome step(const model::World& world, const model::Attachment& attachment,
                                    const model::Call& call) const;
  /// A buffer that is not exported, under the contract's policies.
  [[nodiscard]] const model::World& start() const { return contract_.start; }
  /// Some row keeps the table of an attachment beyond its unmap.
  [[nodiscard]] bool keeps_tables() const { return keeps_tables_; }
  /// Map and unmap carry DMA_ATTR_SKIP_CPU_SYNC whatever their rows say.
  [[nodiscard]] bool skips_implicit_syncs() const;

 private:
  [[nodiscard]] const model::Row* answer(model::Id state, model::Id event, const model::Cells& cells) const;

  const spec::Contract& contract_;
  bool keeps_tables_ = false;
  std::vector<std::vector<const model::Row*>> cells_;  ///< by state and event
};

}  // namespace custody::checker
