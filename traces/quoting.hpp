// SPDX-License-Identifier: BSD-2-Clause
// Text of a trace inside a message.
#pragma once

#include <string>
#include <string_view>

namespace custody::traces {

/// `text` in backquotes, bytes that do not print escaped, cut after 60 bytes.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace custody::traces
