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
