// SPDX-License-Identifier: BSD-2-Clause
// A cache operation on its way through the rooms.
#pragma once

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// `s` names the operation that the event ran, with its bytes and line, and gets the rules that it breaks and its
/// effect. `call`: around it, null: none; `m`: the mapping that it concerns, null: none.
void operate(Rooms& rooms, BufferState& b, const traces::Event& e, OpenCall* call, const Mapping* m, Suspicion& s);

}  // namespace custody::checker::replay
