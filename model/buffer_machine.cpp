// SPDX-License-Identifier: BSD-2-Clause
// The buffer's lifetime as a Boost.MSM machine.
#include "model/buffer_table.hpp"
#include "model/machine.hpp"

namespace custody::model {

namespace {
struct BufferTable {
  static constexpr const auto& rows = kBufferRows;
  static constexpr Id initial = at(kStates, "NonOwnedNonBacked");
};
}  // namespace

std::size_t fire_buffer(Id& state, Cells& cells, Id event) {
  return msm::Machine<BufferTable>::fire(state, cells, event);
}

}  // namespace custody::model
