// SPDX-License-Identifier: BSD-2-Clause
// The composed model of a contract and a configuration for other model checkers.
#pragma once

#include <string>

#include "checker/explore/system.hpp"

namespace custody::checker::explore::translate {

enum class ModelLanguage : std::uint8_t { kPromela, kMurphi };

struct ExportOptions {
  ModelLanguage language = ModelLanguage::kPromela;
  /// Asserts that nothing is violated; else the model only counts: its states are those of `custody check
  /// --no-symmetry`.
  bool asserts = false;
};

/// Written from the machines' rows and the contract's clauses, not from `System`: what another checker counts there is
/// a second opinion.
[[nodiscard]] std::string export_model(const spec::Contract& contract, const Configuration& configuration,
                                       const ExportOptions& options);

}  // namespace custody::checker::explore::translate
