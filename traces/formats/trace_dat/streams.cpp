// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/streams.hpp"

#include <algorithm>
#include <string>

namespace custody::traces::formats::trace_dat {

std::vector<Stream> open_streams(const Bytes& file, Layout& layout, const EventPlans& plans) {
  // All streams together; a page that is being read stays in any case.
  constexpr std::uint64_t kMapped = std::uint64_t{1} << 23U, kUnpacked = std::uint64_t{1} << 29U;
  std::size_t all = 0;
  for (const Buffer& buffer : layout.buffers) all += buffer.cpus.size();
  const std::size_t cpus = std::max<std::size_t>(all, 1);
  std::vector<Stream> streams;
  std::string_view clock;
  for (const Buffer& buffer : layout.buffers) {
    const bool is_empty = std::all_of(buffer.cpus.begin(), buffer.cpus.end(), [](auto& c) { return c.size == 0; });
    if (is_empty) continue;
    if (clock.empty()) clock = buffer.clock;
    if (!buffer.clock.empty() && buffer.clock != clock) {
      layout.is_incomplete = true;
      layout.damages.push_back("the instance '" + std::string(buffer.name) + "' has another clock, '" +
                               std::string(buffer.clock) + "'; not read");
      continue;
    }
    for (const CpuData& cpu : buffer.cpus) {
      const Pages::Room room = {std::max(kMapped / cpus, 4 * buffer.page_size),
                                std::max(kUnpacked / cpus, 16 * buffer.page_size)};
      const bool drops = cpu.cpu < layout.losses.size() && layout.losses[cpu.cpu].dropped != 0;
      streams.push_back(
          {Records(Pages(file, layout, buffer, cpu, room), plans.long_size(), layout.swapped, drops), cpu.cpu, false});
    }
  }
  return streams;
}

}  // namespace custody::traces::formats::trace_dat
