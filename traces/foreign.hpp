// SPDX-License-Identifier: BSD-2-Clause
// Files that are no trace for this program, known by their first bytes, and what to do with them.
#pragma once

#include <string>
#include <string_view>

namespace custody::traces {

/// For people, behind the name of the file: what begins with `begin` is, and what to do instead. Empty where it is
/// nothing that is known here. More than 4096 bytes are not needed.
[[nodiscard]] std::string foreign_format(std::string_view begin);

}  // namespace custody::traces
