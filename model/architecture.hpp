// SPDX-License-Identifier: BSD-2-Clause
// What each DMA API call does to the CPU cache for a device that does not snoop, per architecture and release.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "model/coherence.hpp"
#include "model/direction.hpp"

namespace custody::model {

/// One architecture of one range of releases. Operations are indexed by Direction (BIDIRECTIONAL, TO, FROM).
struct ArchProfile {
  std::string_view name;
  std::string_view says;
  std::array<Operation, 3> for_device;  ///< dma_map and dma_sync_*_for_device
  std::array<Operation, 3> for_cpu;     ///< dma_unmap and dma_sync_*_for_cpu
  std::uint32_t line_bytes;             ///< cache line that accesses are rounded to
  bool all_coherent;                    ///< every device snoops
  bool cleans_edges;                    ///< an invalidate of a part of a line writes that line back first

  [[nodiscard]] constexpr Operation device_operation(Direction d) const {
    return d == Direction::kNone ? Operation::kNone : for_device[static_cast<std::size_t>(d)];
  }
  [[nodiscard]] constexpr Operation cpu_operation(Direction d) const {
    return d == Direction::kNone ? Operation::kNone : for_cpu[static_cast<std::size_t>(d)];
  }
};

namespace detail {
inline constexpr Operation kNop = Operation::kNone, kCln = Operation::kClean, kInv = Operation::kInvalidate,
                           kFlush = Operation::kCleanInvalidate;
}  // namespace detail

// clang-format off
/// Sources: arch_sync_dma_for_device() and arch_sync_dma_for_cpu() of each architecture (kernel-ref, K-24 and on);
/// arm64 changed in 5.19 ("arm64: mm: Don't invalidate FROM_DEVICE buffers at start of DMA transfer").
inline constexpr ArchProfile kArchProfiles[] = {
  //name           says                                                   for_device: BIDI, TO, FROM                     for_cpu: BIDI, TO, FROM                             line  coherent edges
  {"arm64-5.18", "arm64 up to 5.18: FROM_DEVICE is invalidated first",   {detail::kCln,   detail::kCln, detail::kInv}, {detail::kInv,   detail::kNop, detail::kInv},   64, false, true},
  {"arm64-6.1",  "arm64 since 5.19: every hand-over to a device cleans", {detail::kCln,   detail::kCln, detail::kCln}, {detail::kInv,   detail::kNop, detail::kInv},   64, false, true},
  {"armv7",      "32-bit Arm v7, with its outer cache",                  {detail::kCln,   detail::kCln, detail::kInv}, {detail::kInv,   detail::kNop, detail::kInv},   64, false, true},
  {"riscv-6.1",  "RISC-V with Zicbom, 6.1",                              {detail::kFlush, detail::kCln, detail::kCln}, {detail::kFlush, detail::kNop, detail::kFlush}, 64, false, false},
  {"riscv-6.6",  "RISC-V with Zicbom, 6.6 and later",                    {detail::kCln,   detail::kCln, detail::kCln}, {detail::kInv,   detail::kNop, detail::kInv},   64, false, false},
  {"x86",        "x86: every device snoops, no call touches the cache",  {detail::kNop,   detail::kNop, detail::kNop}, {detail::kNop,   detail::kNop, detail::kNop},   64, true, false},
};
// clang-format on

/// Used where neither the trace nor the user names one.
inline constexpr std::string_view kDefaultArch = "arm64-6.1";

/// The profile of that name; null where there is none.
[[nodiscard]] constexpr const ArchProfile* find_arch(std::string_view name) {
  for (const ArchProfile& p : kArchProfiles)
    if (p.name == name) return &p;
  return nullptr;
}

}  // namespace custody::model
