// SPDX-License-Identifier: BSD-2-Clause
// The Boost.MSM machines behind `step`, and the interpreter of the same rows that they are compared with.
#pragma once

#include <cstddef>
#include <span>

#include "model/row.hpp"

namespace custody::model {

inline constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);

/// Loads `state` into the machine, fires `event`, reads the state back. Returns the index of the row that fired in
/// kBufferRows, or kNoRow (then nothing changed). Two calls at once on different threads are independent.
std::size_t fire_buffer(Id& state, Cells& cells, Id event);

/// The same for kAttachmentRows.
std::size_t fire_attachment(Id& state, Cells& cells, Id event);

/// Runs any table of rows. Same contract.
std::size_t interpret(std::span<const Row> table, Id& state, Cells& cells, Id event);

}  // namespace custody::model
