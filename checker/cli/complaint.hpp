// SPDX-License-Identifier: BSD-2-Clause
// The one form in which every command says what is wrong.
#pragma once

#include <string>
#include <string_view>

namespace custody::checker::cli {

/// Writes a line to standard error, escaped: `PATH:LINE:COLUMN: error: WHAT` as far as `what` begins with a place in a
/// file, else `custody COMMAND: error: WHAT`. `command` can be empty.
void complain(std::string_view command, const std::string& what);

/// Writes a line to standard error, escaped, of what is worth knowing and wrong with nothing: `custody COMMAND: WHAT`.
void remark(std::string_view command, const std::string& what);

}  // namespace custody::checker::cli
