// SPDX-License-Identifier: BSD-2-Clause
// The attributes of a DMA API call as kernels print them.
#pragma once

#include <cstdint>
#include <string_view>

namespace custody::traces {

struct DmaAttribute {
  std::string_view name;  ///< without its `DMA_ATTR_` prefix
  std::uint64_t bit;
};

/// linux/dma-mapping.h, 6.1; from MMIO on they are newer, and as the tracepoints print them. The bits have not moved
/// since 4.8.
inline constexpr DmaAttribute kDmaAttributes[] = {
    {"WEAK_ORDERING", 1U << 1},
    {"WRITE_COMBINE", 1U << 2},
    {"NO_KERNEL_MAPPING", 1U << 4},
    {"SKIP_CPU_SYNC", 1U << 5},
    {"FORCE_CONTIGUOUS", 1U << 6},
    {"ALLOC_SINGLE_PAGES", 1U << 7},
    {"NO_WARN", 1U << 8},
    {"PRIVILEGED", 1U << 9},
    {"MMIO", 1U << 10},
    {"CACHELINES_OVERLAP", 1U << 11},
    {"REQUIRE_COHERENT", 1U << 12},
    {"CC_SHARED", 1U << 13},
};

/// Newer than the table, and their bits are not known here; none of them skips a sync.
inline constexpr std::string_view kDmaAttributesWithoutBit[] = {"CPU_CACHE_CLEAN", "DEBUGGING_IGNORE_CACHELINES",
                                                                "ALLOC_CC_SHARED"};

/// `word` without `DMA_ATTR_`.
[[nodiscard]] constexpr std::string_view bare_dma_attribute(std::string_view word) {
  constexpr std::string_view kPrefix = "DMA_ATTR_";
  return word.substr(0, kPrefix.size()) == kPrefix ? word.substr(kPrefix.size()) : word;
}

/// Is it one of kDmaAttributesWithoutBit, with or without `DMA_ATTR_`?
[[nodiscard]] constexpr bool is_known_without_bit(std::string_view word) {
  for (const std::string_view known : kDmaAttributesWithoutBit)
    if (known == bare_dma_attribute(word)) return true;
  return false;
}

/// The bit of `word`, with or without `DMA_ATTR_`; 0 where it is not known.
[[nodiscard]] constexpr std::uint64_t dma_attribute_bit(std::string_view word) {
  for (const DmaAttribute& attribute : kDmaAttributes)
    if (attribute.name == bare_dma_attribute(word)) return attribute.bit;
  return 0;
}

}  // namespace custody::traces
