// SPDX-License-Identifier: BSD-2-Clause
// The lifetime and the contracts as documents. Pure functions of the tables: nothing is written twice.
#pragma once

#include <string>

namespace custody::spec::render {

/// Markdown: the owner's machine, guards, policies, the other machines, then each built-in contract. Ends with a
/// newline.
[[nodiscard]] std::string render_lifetime_markdown();

/// Markdown: what each built-in contract adds to its base. A part of the page.
[[nodiscard]] std::string render_contracts_markdown();

/// JSON: the rows of every machine with all their columns.
[[nodiscard]] std::string render_lifetime_json();

}  // namespace custody::spec::render
