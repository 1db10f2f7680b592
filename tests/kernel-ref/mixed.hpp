// SPDX-License-Identifier: BSD-2-Clause
// Which devices of a client may use its buffer together although they reach it in different ways. The client's own
// account: nothing of the checker is asked.
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "kernel-ref/client/usage.hpp"

namespace custody::kernel_ref::test {

/// How a device reaches memory: past the CPU's cache, through it, or by a copy.
enum class Reach : std::uint8_t { kPast, kThrough, kCopy };
[[nodiscard]] inline Reach reach_of(const machine::Device& device) {
  if (device.bounced) return Reach::kCopy;
  return device.coherent ? Reach::kThrough : Reach::kPast;
}

/// Two devices by index, the smaller first.
using Pair = std::pair<std::uint32_t, std::uint32_t>;

/// Pairs of devices that `counts(one, other)` and that are mapped now, with no window open, one of them to write.
template <class Counts>
[[nodiscard]] std::set<Pair> active_pairs(const client::Usage& usage, const Counts& counts) {
  std::set<Pair> pairs;
  if (!usage.windows().empty()) return pairs;
  const auto& importers = usage.importers();
  const auto writes = [&](std::uint32_t i) { return model::device_may_write(*importers[i]->mapped); };
  const auto active = [&](std::uint32_t i) { return importers[i] && importers[i]->mapped; };
  for (std::uint32_t one = 0; one < importers.size(); ++one)
    for (std::uint32_t other = one + 1; other < importers.size(); ++other)
      if (active(one) && active(other) && counts(one, other) && (writes(one) || writes(other)))
        pairs.insert({one, other});
  return pairs;
}

/// Those of different reach: a mixed pair.
[[nodiscard]] inline std::set<Pair> mixed_pairs(const client::Usage& usage,
                                                const std::vector<machine::Device>& devices) {
  return active_pairs(usage, [&](std::uint32_t one, std::uint32_t other) {
    return reach_of(devices[one]) != reach_of(devices[other]);
  });
}

}  // namespace custody::kernel_ref::test
