// SPDX-License-Identifier: BSD-2-Clause
// What an importer's device meets in a buffer's lines, as the rules of accesses ask for it.
#pragma once

#include "checker/replay/rooms.hpp"

namespace custody::checker::replay {

/// What the lines hold that the device may access, but for what M11 says of it and another.
[[nodiscard]] AccessFacts facts_of(BufferState& b, bool reads, bool writes, bool snoops, const Excused& excused);
/// The same of an importer, by what its device is.
[[nodiscard]] AccessFacts facts_of(Rooms& rooms, BufferState& b, const Importer& importer, const Excused& excused);
/// What it writes makes slots old or newer. A device behind a copy writes its slot only: without one, nothing.
[[nodiscard]] bool may_write_slots(const BufferState& b, const Importer& importer, const DeviceState& device);

}  // namespace custody::checker::replay
