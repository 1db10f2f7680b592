// SPDX-License-Identifier: BSD-2-Clause
// The long form of every id, and the short form of all rules, as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace custody::spec {

/// What `id` stands for: a rule (`M3`), a clause that no checker decides (`U-01`), a row of a machine (`map-2`), a
/// citation of the kernel (`K-07`), a clause of a built-in contract (`udmabuf-after/map`, or `map` alone), a state, a
/// sync, or a word that contracts are written in; in whatever case, where none is written exactly so. Empty for an id
/// that does not exist. The first line is `ID: WHAT`; after an empty one come lines of two blanks, a key, blanks, and
/// what it says, which goes on in lines of twelve blanks. Ends with a newline.
[[nodiscard]] std::optional<std::string> explain(std::string_view id);

/// Every id that `explain` knows, but for syncs, which are many.
[[nodiscard]] const std::vector<std::string>& explainable_ids();

/// One line a rule: id, class, severity, sentence; rules without inputs say so.
[[nodiscard]] std::string list_rules();

/// One line a clause that no trace can decide.
[[nodiscard]] std::string list_unchecked();

}  // namespace custody::spec
