// SPDX-License-Identifier: BSD-2-Clause
// A part of a buffer, and its place among the lines of a cache.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "model/custody.hpp"

namespace custody::checker::lines {

/// Bytes of a buffer; without length: all of it.
using ByteRange = model::Extent;

/// From its first byte to behind its last.
struct Bytes {
  std::uint64_t from = 0, to = 0;
};

/// A range without length, or one that is longer than can be counted, has no end.
[[nodiscard]] constexpr Bytes bytes_of(ByteRange r) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  return {r.offset, r.length == 0 || r.length > kMost - r.offset ? kMost : r.offset + r.length};
}

/// Outwards, to whole lines of `line` bytes.
[[nodiscard]] constexpr Bytes rounded(Bytes b, std::uint64_t line) {
  const std::uint64_t beyond = b.to % line == 0 ? 0 : line - b.to % line;
  return {b.from - b.from % line, b.to > std::numeric_limits<std::uint64_t>::max() - beyond ? b.to : b.to + beyond};
}

/// They have a byte in common.
[[nodiscard]] constexpr bool overlap(Bytes a, Bytes b) { return std::max(a.from, b.from) < std::min(a.to, b.to); }

}  // namespace custody::checker::lines
