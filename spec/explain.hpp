// SPDX-License-Identifier: BSD-2-Clause
// The long form of every id, and the short form of all rules, as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/explanation.hpp"

namespace custody::spec {

/// What `id` stands for: a rule (`M3`), a clause that no checker decides (`U-01`), a row of a machine (`map-2`), a
/// citation of the kernel (`K-07`), a clause of a built-in contract (`udmabuf-after/map`, or `map` alone), a state, a
/// sync, or a word that contracts are written in; in whatever case, where none is written exactly so. A word has one
/// explanation for each of its meanings; an id that does not exist has none.
[[nodiscard]] std::vector<Explanation> explanations(std::string_view id);

/// For people: `ID: WHAT`, an empty line, then a line each of two blanks, the key and what it says; the remark behind
/// an empty line. Ends with a newline.
[[nodiscard]] std::string text_of(const Explanation& explanation);

/// All explanations of an id as text, an empty line between them; empty for an id that does not exist.
[[nodiscard]] std::optional<std::string> explain(std::string_view id);

/// Every id that `explain` knows, but for syncs, which are many.
[[nodiscard]] const std::vector<std::string>& explainable_ids();

/// One line a rule: id, class, severity, sentence; rules without inputs say so.
[[nodiscard]] std::string list_rules();

/// One line a clause that no trace can decide.
[[nodiscard]] std::string list_unchecked();

}  // namespace custody::spec
