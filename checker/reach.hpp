// SPDX-License-Identifier: BSD-2-Clause
// The ways in which devices reach a buffer: which pairs of them no sync can serve together (M11).
#pragma once

#include <cstdint>

namespace custody::checker {

/// How a device reaches a buffer. Between two that reach it in different ways the CPU has to do something.
enum class Reach : std::uint8_t { kMemory, kCache, kCopy };
inline constexpr unsigned kReaches = 3;

/// `cached`: cache lines may hold the buffer; where none does, a device that snoops reaches it as others do.
[[nodiscard]] constexpr Reach reach_of(bool bounced, bool snoops, bool cached) {
  if (bounced) return Reach::kCopy;
  return snoops && cached ? Reach::kCache : Reach::kMemory;
}

}  // namespace custody::checker
