// SPDX-License-Identifier: BSD-2-Clause
// The contract that a command-line argument means.
#pragma once

#include <optional>
#include <string>

#include "spec/contract.hpp"

namespace custody::checker::cli {

/// A built-in contract, or that of a file, a pipe or standard input (-). Complains on standard error where there is
/// none.
[[nodiscard]] std::optional<spec::Contract> contract_argument(const std::string& name);

/// The same, or a file with a JSON Patch or a merge patch on `base`.
[[nodiscard]] std::optional<spec::Contract> proposal_argument(const spec::Contract& base, const std::string& name);

}  // namespace custody::checker::cli
