// SPDX-License-Identifier: BSD-2-Clause
// Runs a table of rows without Boost.MSM: the second opinion on the machines, also of tables that a test has changed.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "model/custody.hpp"

namespace custody::model::test {

/// Number of rows that answer; it reads guards by itself.
[[nodiscard]] std::size_t count_answers(std::span<const model::Row> rows, model::Id state, model::Id event,
                                        const model::Facts& facts);

/// What `model::fire` promises, of any table: the first row that answers, and its target. `subject` may be null.
[[nodiscard]] model::Fired interpret(std::span<const model::Row> rows, model::Id state, model::Id event,
                                     const model::Facts& facts, model::Subject* subject);

/// A copy of every table, to be changed and to be run in place of the Boost.MSM machines.
class Tables {
 public:
  Tables();
  [[nodiscard]] std::vector<model::Row>& rows(model::MachineId id) { return rows_[static_cast<std::size_t>(id)]; }
  /// The row of that id in any table; it throws where there is none.
  [[nodiscard]] model::Row& row(std::string_view id);
  /// Valid as long as this object.
  [[nodiscard]] model::Firing firing() const;

 private:
  std::array<std::vector<model::Row>, model::kMachineCount> rows_;
};

}  // namespace custody::model::test
