// SPDX-License-Identifier: BSD-2-Clause
// The long form of every id, and the short form of all rules, as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace custody::spec {

/// What `id` stands for: a rule (`M3`), a clause that no checker decides (`U-01`), a row of a machine (`map-2`), a
/// clause of a built-in contract (`udmabuf-after/map`), a state, a sync, or a word that contracts are written in. Empty
/// for an id that does not exist. Ends with a newline.
[[nodiscard]] std::optional<std::string> explain(std::string_view id);

/// One line a rule: id, class, severity, sentence; rules without inputs say so.
[[nodiscard]] std::string list_rules();

/// One line a clause that no trace can decide.
[[nodiscard]] std::string list_unchecked();

}  // namespace custody::spec
