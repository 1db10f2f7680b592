// SPDX-License-Identifier: BSD-2-Clause
#include "traces/extents.hpp"

#include <algorithm>
#include <limits>

namespace custody::traces {

void cover(Maintenance& did, std::vector<Extent> extents) {
  std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) { return a.offset < b.offset; });
  bool is_one = !extents.empty();
  std::uint64_t bytes = 0, end = 0;
  for (const Extent& extent : extents) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    is_one = is_one && extent.placed && (bytes == 0 || extent.offset <= end);
    const std::uint64_t from = std::max(extent.offset, end);
    const std::uint64_t to = extent.bytes > kMost - extent.offset ? kMost : extent.offset + extent.bytes;
    if (to > from) bytes += to - from;
    end = std::max(end, to);
  }
  did.bytes = bytes;
  if (is_one) did.offset = extents.front().offset;
}

}  // namespace custody::traces
