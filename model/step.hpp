// SPDX-License-Identifier: BSD-2-Clause
// One call of the dma-buf core moves a buffer and the attachment that it names: both, or neither.
#pragma once

#include <span>

#include "model/direction.hpp"
#include "model/world.hpp"

namespace custody::model {

/// A call as the lifetime machine sees it.
struct Call {
  Id event = 0;  ///< index of kEvents
  /// The call returned an error: it changes nothing in this machine.
  bool failed = false;
  /// `end_cpu_access`: a window of the call's direction is open.
  bool window_matches = true;
  /// `begin_cpu_access`: the calling task has a window of this buffer open already.
  bool window_nested = false;
  /// `map`, `unmap` and windows: the direction of the call.
  Direction dir = Direction::kNone;
};

/// What a call led to.
struct Outcome {
  World world;
  Attachment attachment;
  /// The buffer's transition or refusal that answered; null where the call failed, and for a world that is not
  /// consistent (`is_consistent`), which no sequence of calls reaches.
  const Row* buffer_row = nullptr;
  /// The same of the attachment's table; null also where the call names no attachment.
  const Row* attachment_row = nullptr;

  /// The refusal, the buffer's first; null where the call is legal. It names the rule that is broken; `world` is
  /// where the kernel goes all the same.
  [[nodiscard]] const Row* refusal() const {
    if (buffer_row != nullptr && buffer_row->is_refusal()) return buffer_row;
    return attachment_row != nullptr && attachment_row->is_refusal() ? attachment_row : nullptr;
  }
};

/// True for the events of an attachment: attach, detach, map, unmap, pin, unpin.
[[nodiscard]] constexpr bool names_attachment(Id event) {
  return event == at(kEvents, "attach") || event == at(kEvents, "detach") || event == at(kEvents, "map") ||
         event == at(kEvents, "unmap") || event == at(kEvents, "pin") || event == at(kEvents, "unpin");
}

/// True for the events whose call has a direction: map, unmap and the two of windows.
[[nodiscard]] constexpr bool has_direction(Id event) {
  return event == at(kEvents, "map") || event == at(kEvents, "unmap") || event == at(kEvents, "begin_cpu_access") ||
         event == at(kEvents, "end_cpu_access");
}

/// The values of all fields that guards see at a call.
[[nodiscard]] Cells cells_of(const World& world, const Attachment& attachment, const Call& call);

/// Moves the buffer's machine and, where the event names an attachment, the attachment's. A call that failed changes
/// nothing, and is refused only where the buffer is freed (L10). `move_notify` concerns every attachment: step the
/// buffer once with any, and each attachment with `step_attachment`.
[[nodiscard]] Outcome step(const World& world, const Attachment& attachment, const Call& call);

/// Moves one attachment alone; `row`, where given, gets the transition or refusal that answered.
[[nodiscard]] Attachment step_attachment(const Attachment& attachment, Id event, const Row** row = nullptr);

/// The tables, in the order of their ids.
[[nodiscard]] std::span<const Row> buffer_rows();
[[nodiscard]] std::span<const Row> buffer_refusals();
[[nodiscard]] std::span<const Row> attachment_rows();
[[nodiscard]] std::span<const Row> attachment_refusals();

/// The row of any table with that id; null where there is none.
[[nodiscard]] const Row* find_row(std::string_view id);

/// A World that has not been exported, under the default policies (all 0): the contract of the system and CMA heaps
/// since 5.11.
[[nodiscard]] constexpr World fresh_world() { return World{}; }

}  // namespace custody::model
