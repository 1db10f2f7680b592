// SPDX-License-Identifier: BSD-2-Clause
// What a replay knows of one buffer, as bytes that can be compared: whoever explores joins what it takes for the same.
#pragma once

#include <string>

#include "checker/replay/buffer_state.hpp"

namespace custody::checker::replay {

/// Appends everything of the buffer that later verdicts depend on: who has it, what is mapped, the beliefs, what was
/// told already. Not what only sums depend on (accounts), nor names, lines and times. Equal bytes of two replays under
/// the same options and with the same devices: the same events lead to the same findings, but for those of R6 on
/// mappings that were last used longer ago than one can be told, and for operations that turn out to be unobserved.
void append_knowledge(const BufferState& b, std::string& out);

}  // namespace custody::checker::replay
