// SPDX-License-Identifier: BSD-2-Clause
// The contract that a command-line argument means.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/contract.hpp"

namespace custody::checker::cli {

/// A built-in contract, or that of a file, a pipe or standard input (-). Complains on standard error where there is
/// none; `others` are words beside the contracts' names that may have been meant.
[[nodiscard]] std::optional<spec::Contract> contract_argument(const std::string& name,
                                                              const std::vector<std::string_view>& others = {});

/// A contract with the text of its file; empty of a built-in one.
struct ContractText {
  spec::Contract contract;
  std::string text;
};
[[nodiscard]] std::optional<ContractText> contract_text_argument(const std::string& name);

/// The same, or a file with a JSON Patch or a merge patch on `base`.
[[nodiscard]] std::optional<spec::Contract> proposal_argument(const spec::Contract& base, const std::string& name);

}  // namespace custody::checker::cli
