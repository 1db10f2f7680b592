// SPDX-License-Identifier: BSD-2-Clause
// What a contract would do in the calls of a trace: operations, what of them is without effect, what goes wrong.
#pragma once

#include <string>

#include "checker/finding.hpp"
#include "checker/replay/options.hpp"
#include "spec/workload.hpp"

namespace custody::checker::review {

/// One contract in the calls of one trace.
struct Cost {
  MaintenanceTotals maintenance;
  std::uint64_t missing = 0;  ///< findings of missing syncs and lost writes
  std::uint64_t refused = 0;  ///< calls that succeeded in the trace and that the contract refuses
};

/// Exporters, devices and architecture are those of `options`. Throws traces::InputError.
[[nodiscard]] Cost cost_of_workload(const spec::Contract& contract, const spec::Workload& workload,
                                    const replay::Options& options);
[[nodiscard]] Cost cost_of_trace(const spec::Contract& contract, const std::string& path,
                                 const replay::Options& options);

}  // namespace custody::checker::review
