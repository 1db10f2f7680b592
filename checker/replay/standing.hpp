// SPDX-License-Identifier: BSD-2-Clause
// Looks at a buffer from outside, behind an event.
#pragma once

#include "checker/replay/rooms.hpp"
#include "checker/standing.hpp"

namespace custody::checker::replay {

/// How `buffer` stands, behind `e`.
[[nodiscard]] Standing standing_of(Rooms& rooms, std::uint32_t buffer, const traces::Event& e);

}  // namespace custody::checker::replay
