// SPDX-License-Identifier: BSD-2-Clause
// What `custody learn` says: the contract with its evidence, what no clause says, and how the driver kept it.
#pragma once

#include "checker/learn/study.hpp"

namespace custody::checker::learn {

/// The shipped contracts that are the same by every call and sync, of two devices that do not snoop and of one beside
/// one that does.
[[nodiscard]] std::vector<std::string> equal_contracts(const spec::Contract& learned);

/// A page of text. `equal`: of `equal_contracts`.
[[nodiscard]] std::string study_text(const Study& study, const std::vector<std::string>& equal);
/// The same as JSON, schema `custody.learn/1`, spec/learn_report.schema.json, with all that is left unsaid.
[[nodiscard]] std::string study_json(const Study& study, const std::vector<std::string>& equal);

/// Nothing is unsaid, no program at random disagreed, and the exploration came to its end.
[[nodiscard]] bool is_learned(const Study& study);

}  // namespace custody::checker::learn
