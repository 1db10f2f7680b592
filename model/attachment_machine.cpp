// SPDX-License-Identifier: BSD-2-Clause
// The attachment's lifetime as a Boost.MSM machine.
#include "model/attachment_table.hpp"
#include "model/machine.hpp"

namespace custody::model {

namespace {
struct AttachmentTable {
  static constexpr const auto& rows = kAttachmentRows;
  static constexpr Id initial = at(kStates, "Detached");
};
}  // namespace

std::size_t fire_attachment(Id& state, Cells& cells, Id event) {
  return msm::Machine<AttachmentTable>::fire(state, cells, event);
}

}  // namespace custody::model
