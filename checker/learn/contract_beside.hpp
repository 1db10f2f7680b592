// SPDX-License-Identifier: BSD-2-Clause
// A contract run beside a driver: what it says of each call of a program, and whether the driver did that.
#pragma once

#include <optional>

#include "checker/learn/moments.hpp"
#include "spec/contract_run.hpp"

namespace custody::checker::learn {

/// What a contract says of one call. Devices by number.
struct Predicted {
  bool refused = false;
  const spec::Clause* refusing = nullptr;        ///< the clause that refuses; null where the lifetime does
  std::vector<std::vector<Made>> groups;         ///< one for each sync that runs, in order; any order inside
  std::vector<const spec::Clause*> clauses;      ///< whose sync each group is
  std::vector<const spec::Clause*> all_clauses;  ///< that run in the call, those without syncs too
  [[nodiscard]] bool allows(const Answer& answer, bool interrupted) const;
  [[nodiscard]] Answer as_answer() const;  ///< of a refusal its error, by the lifetime EINVAL
};

/// One buffer under a contract, from its export on. The contract must outlive it.
class Beside {
 public:
  Beside(const spec::Contract& contract, const World& world);
  [[nodiscard]] Predicted predict(const Step& step) const;
  /// The call came to its end; `failed`: with an error.
  void move(const Step& step, bool failed);
  [[nodiscard]] const model::Custody& custody() const { return custody_; }
  /// All that later calls can depend on.
  [[nodiscard]] std::string key() const;

 private:
  const spec::Contract& contract_;
  spec::ContractRun run_;
  World world_;
  model::Custody custody_;
  model::Notes notes_;
  std::array<std::uint8_t, kMostDevices> kept_{};
};

/// The contract as a driver: it does what its clauses say. `contract` must outlive it.
[[nodiscard]] Subject subject_of(const spec::Contract& contract);

}  // namespace custody::checker::learn
