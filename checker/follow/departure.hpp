// SPDX-License-Identifier: BSD-2-Clause
// Where a driver's trace leaves a contract, as plain data: `checker/report` words it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "spec/expected_sync.hpp"
#include "traces/event.hpp"

namespace custody::checker::follow {

using spec::ExpectedSync;

enum class DepartureKind : std::uint8_t {
  kMissingSync,
  kExtraSync,
  kWrongDirection,
  kWrongTarget,
  kWrongAttributes,  ///< with DMA_ATTR_SKIP_CPU_SYNC where the contract has none, or without
  kRefusedCall,      ///< the call succeeded and the contract refuses it
};
/// `missing_sync`, `extra_sync`, `wrong_direction`, `wrong_target`, `wrong_attributes`, `refused_call`.
[[nodiscard]] std::string_view name(DepartureKind kind);

/// The first point at which a buffer's calls are not those of the contract.
struct Departure {
  DepartureKind kind{};
  const model::Row* row = nullptr;  ///< of the lifetime: the refusal where it refuses the call, else what it answered
  /// The contract's, which outlives the departure: what makes the expected sync, or refuses the call; of an extra sync
  /// the first that runs in the call. Null where none does.
  const spec::Clause* clause = nullptr;
  std::uint64_t line = 0;  ///< of the DMA call that is wrong, else of the core call
  traces::Event call;      ///< its entry
  std::optional<ExpectedSync> expected;
  std::optional<traces::Event> found;  ///< the DMA call or cache operation that is there instead
};

/// How a trace and a contract went together.
struct ContractTotals {
  std::string contract;        ///< its name; empty: no contract was compared
  std::uint64_t followed = 0;  ///< calls that were made as the contract says
  std::uint64_t departed = 0;  ///< calls that were not
  std::uint64_t unjudged = 0;  ///< calls that failed, that another task's call overlaps, or that are not shown whole
  std::uint64_t buffers = 0;
  std::uint64_t departed_buffers = 0;
  std::uint64_t unjudged_buffers = 0;  ///< older than the trace, or events were lost
  bool unseen_syncs = false;           ///< a trace carries no DMA API calls: only refusals could be judged
  void add(const ContractTotals& other);
};

}  // namespace custody::checker::follow
