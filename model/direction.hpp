// SPDX-License-Identifier: BSD-2-Clause
// The direction of a DMA transfer, with the numbers that a kernel prints.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace custody::model {

/// `enum dma_data_direction` of the kernel, value for value. It is the direction of the *device's*
/// transfer that is done or undone: a CPU that wants to read opens a window `kFromDevice`.
enum class Direction : std::uint8_t { kBidirectional = 0, kToDevice = 1, kFromDevice = 2, kNone = 3 };

/// True where the direction lets the device write the buffer (and the CPU read what it wrote).
[[nodiscard]] constexpr bool device_may_write(Direction d) {
  return d == Direction::kBidirectional || d == Direction::kFromDevice;
}

/// True where the direction lets the device read the buffer (and the CPU write what it reads).
[[nodiscard]] constexpr bool device_may_read(Direction d) {
  return d == Direction::kBidirectional || d == Direction::kToDevice;
}

/// True where a transfer of direction `inner` is part of what `outer` allows.
[[nodiscard]] constexpr bool is_within(Direction inner, Direction outer) {
  return inner == outer || outer == Direction::kBidirectional;
}

/// A direction as a cell of the lifetime holds it: 0 none, 1 TO_DEVICE, 2 FROM_DEVICE, 3 BIDIRECTIONAL.
[[nodiscard]] constexpr unsigned code_of(Direction d) {
  return (device_may_read(d) ? 1U : 0U) + (device_may_write(d) ? 2U : 0U);
}
/// The direction of that code; `code` is below 4.
[[nodiscard]] constexpr Direction direction_of_code(unsigned code) {
  constexpr Direction kDirections[] = {Direction::kNone, Direction::kToDevice, Direction::kFromDevice,
                                       Direction::kBidirectional};
  return kDirections[code & 3U];
}

/// The kernel's word without its `DMA_` prefix: `BIDIRECTIONAL`, `TO_DEVICE`, `FROM_DEVICE`, `NONE`.
[[nodiscard]] constexpr std::string_view name(Direction d) {
  switch (d) {
    case Direction::kBidirectional: return "BIDIRECTIONAL";
    case Direction::kToDevice: return "TO_DEVICE";
    case Direction::kFromDevice: return "FROM_DEVICE";
    case Direction::kNone: break;
  }
  return "NONE";
}

/// A kernel's word for a direction, with or without `DMA_`.
[[nodiscard]] constexpr std::optional<Direction> find_direction(std::string_view word) {
  constexpr std::string_view kPrefix = "DMA_";
  if (word.substr(0, kPrefix.size()) == kPrefix) word.remove_prefix(kPrefix.size());
  for (unsigned i = 0; i < 4; ++i)
    if (name(static_cast<Direction>(i)) == word) return static_cast<Direction>(i);
  return std::nullopt;
}

}  // namespace custody::model
