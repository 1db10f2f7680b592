// SPDX-License-Identifier: BSD-2-Clause
// The lifetime tables as documents. Pure functions of the tables: nothing is written twice.
#pragma once

#include <string>

namespace custody::spec {

/// Markdown: states, events, policies, then for each machine every (state, event) cell with its transitions and
/// refusals, their guards, actions, syncs, reasons and citations. Ends with a newline.
[[nodiscard]] std::string render_lifetime_markdown();

/// Graphviz: one cluster a machine; an edge for each (from, to, event) with the ids of its rows.
[[nodiscard]] std::string render_lifetime_dot();

/// JSON: the rows of both tables with all their columns.
[[nodiscard]] std::string render_lifetime_json();

}  // namespace custody::spec
