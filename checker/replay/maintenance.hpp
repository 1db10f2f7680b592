// SPDX-License-Identifier: BSD-2-Clause
// What the architecture's helpers did that a trace names.
#pragma once

#include "model/architecture.hpp"
#include "traces/event.hpp"

namespace custody::checker::replay {

/// The operation that `e` shows; its maintenance is known. Of a helper that is only named the profile decides:
/// arch_sync_dma_for_device FROM invalidates on arm64 up to 5.18.
[[nodiscard]] constexpr model::Operation operation_shown(const model::ArchProfile& arch, const traces::Event& e) {
  using model::Operation;
  if (!e.maintenance.by_name) return e.maintenance.kind;
  if (e.maintenance.kind == Operation::kClean) return arch.device_operation(e.dir);
  if (e.maintenance.kind == Operation::kInvalidate) return arch.cpu_operation(e.dir);
  return e.maintenance.kind;
}

/// The event hands the buffer to a device: a dma_map or a sync for the device.
[[nodiscard]] constexpr bool hands_to_device(traces::EventKind kind) {
  return kind == traces::EventKind::kDmaMap || kind == traces::EventKind::kSyncForDevice;
}

/// What the architecture runs for a DMA call of a device that does not snoop, by its direction.
[[nodiscard]] constexpr model::Operation due_operation(const model::ArchProfile& arch, const traces::Event& e) {
  return hands_to_device(e.kind) ? arch.device_operation(e.dir) : arch.cpu_operation(e.dir);
}

/// The line on which the operation of `e` ran; of a trace without such lines the event's own.
[[nodiscard]] constexpr std::uint64_t line_of_operation(const traces::Event& e) {
  return e.maintenance.line != 0 ? e.maintenance.line : e.at.line;
}

}  // namespace custody::checker::replay
