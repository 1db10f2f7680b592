// SPDX-License-Identifier: BSD-2-Clause
// What a cache operation costs.
#pragma once

#include <cstdint>

#include "model/coherence.hpp"

namespace custody::checker::optimum {

enum class Price : std::uint8_t {
  kCombined,  ///< clean and invalidate is one pass, as hardware offers
  kDmaApi,    ///< clean and invalidate is two passes: the DMA API has no call for both
};

/// Passes over the memory.
[[nodiscard]] constexpr std::uint32_t passes_of(model::Operation op, Price price) {
  if (op == model::Operation::kNone) return 0;
  return op == model::Operation::kCleanInvalidate && price == Price::kDmaApi ? 2 : 1;
}

}  // namespace custody::checker::optimum
