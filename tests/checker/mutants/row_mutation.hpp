// SPDX-License-Identifier: BSD-2-Clause
// The first-order mutants of the lifetime's tables, and the proof that refuses those with a cell that has no answer or
// several.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/model/interpreter.hpp"

namespace custody::checker::test {

/// One row, changed in one place.
struct RowMutant {
  model::MachineId machine{};
  std::size_t row = 0;               ///< of its table
  model::Row changed;                ///< what stands there instead; of no use where it is `removed`
  bool removed = false;              ///< nothing does
  std::optional<model::Id> negated;  ///< this guard must not hold, beside those of `changed`, which must
  std::string what;                  ///< for people
  [[nodiscard]] std::string_view id() const { return changed.id; }
};

/// Of every row of every machine: removed; each other target; each guard dropped, and negated; each action dropped; a
/// refusal that lets the call pass.
[[nodiscard]] std::vector<RowMutant> row_mutants();

/// Some state, event and values of the facts have no answer in its table, or more than one.
[[nodiscard]] bool is_refused_by_the_proof(const RowMutant& mutant);

/// The tables with this row. Not for what only the proof knows: a row that is removed, a guard that is negated.
[[nodiscard]] model::test::Tables tables_of(const RowMutant& mutant);

}  // namespace custody::checker::test
