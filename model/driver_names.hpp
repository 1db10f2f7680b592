// SPDX-License-Identifier: BSD-2-Clause
// What the drivers are called that can be run outside the kernel.
#pragma once

#include <iterator>
#include <string>
#include <string_view>

namespace custody::model {

struct DriverName {
  std::string_view name;         ///< of its source, without `.c`
  std::string_view export_name;  ///< what its buffers are exported as
  std::string_view folder;       ///< of its source in the kernel; empty: it is one of ours
};
inline constexpr DriverName kDriverNames[] = {
    {"system_heap", "system", "drivers/dma-buf/heaps"}, {"cma_heap", "reserved", "drivers/dma-buf/heaps"},
    {"udmabuf", "udmabuf", "drivers/dma-buf"},          {"heap_helpers_2019", "heap_helpers_2019", ""},
    {"ownership_heap", "ownership_heap", ""},
};

/// Drivers that register nothing themselves, and are run as their subsystem calls them: no contract is kept of them.
struct CalledDriverName {
  std::string_view name;    ///< of its source, without `.c`; of a variant with a dash and a word behind it
  std::string_view source;  ///< in the kernel
};
inline constexpr CalledDriverName kCalledDriverNames[] = {
    {"videobuf2-dma-sg", "drivers/media/common/videobuf2/videobuf2-dma-sg.c"},
    {"videobuf2-dma-sg-output", "drivers/media/common/videobuf2/videobuf2-dma-sg.c"},
    {"videobuf2-dma-sg-bidirectional", "drivers/media/common/videobuf2/videobuf2-dma-sg.c"},
    {"videobuf2-dma-contig", "drivers/media/common/videobuf2/videobuf2-dma-contig.c"},
    {"videobuf2-dma-contig-non_coherent", "drivers/media/common/videobuf2/videobuf2-dma-contig.c"},
};

/// By its name, or the first variant by the file name of its source; null where no driver is called so.
[[nodiscard]] constexpr const CalledDriverName* find_called_driver_name(std::string_view word) {
  for (const CalledDriverName& driver : kCalledDriverNames)
    if (word == driver.name || (word.ends_with(".c") && word == driver.source.substr(driver.source.rfind('/') + 1)))
      return &driver;
  return nullptr;
}

/// By either name, or by the file name of its source; null where no driver is called so.
[[nodiscard]] constexpr const DriverName* find_driver_name(std::string_view word) {
  for (const DriverName& driver : kDriverNames)
    if (word == driver.name || word == driver.export_name ||
        (word.ends_with(".c") && word.substr(0, word.size() - 2) == driver.name))
      return &driver;
  return nullptr;
}

/// `system_heap, cma_heap, ...`, with `last` before the last one: `, ` or ` or `.
[[nodiscard]] inline std::string driver_names(std::string_view last = ", ") {
  std::string out;
  for (const DriverName& driver : kDriverNames) {
    if (!out.empty()) out += &driver == std::end(kDriverNames) - 1 ? last : ", ";
    out += driver.name;
  }
  return out;
}

}  // namespace custody::model
