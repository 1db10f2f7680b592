// SPDX-License-Identifier: BSD-2-Clause
// Records of the kernel's DMA tracepoints, as text.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace custody::traces::test {

inline std::string hex(std::uint64_t value) {
  char text[32];
  std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(value));
  return text;
}

/// A table of one segment.
struct Table {
  std::uint64_t dma = 0x80000000U, phys = 0x80000000U, bytes = 8192;
};

inline std::string traced_map(const std::string& device, const std::string& dir, const Table& t = {},
                              const std::string& attrs = "") {
  return "dma_map_sg: " + device + " dir=" + dir + " nents=1/1 ents=1/1 dma_addrs={0x" + hex(t.dma) + "} sizes={0x" +
         hex(t.bytes) + "} phys_addrs={0x" + hex(t.phys) + "} attrs=" + attrs;
}
inline std::string traced_unmap(const std::string& device, const std::string& dir, const Table& t = {},
                                const std::string& attrs = "") {
  return "dma_unmap_sg: " + device + " dir=" + dir + " phys_addrs={0x" + hex(t.phys) + "} attrs=" + attrs;
}
/// `side` is cpu or device.
inline std::string traced_sync(const std::string& side, const std::string& device, const std::string& dir,
                               const Table& t = {}) {
  return "dma_sync_sg_for_" + side + ": " + device + " dir=" + dir + " dma_addrs={0x" + hex(t.dma) + "} sizes={0x" +
         hex(t.bytes) + "}";
}
inline std::string traced_page_map(const std::string& device, const std::string& dir, const Table& t = {}) {
  return "dma_map_page: " + device + " dir=" + dir + " dma_addr=" + hex(t.dma) + " size=" + std::to_string(t.bytes) +
         " phys_addr=" + hex(t.phys) + " attrs=";
}
inline std::string traced_page_unmap(const std::string& device, const std::string& dir, const Table& t = {}) {
  return "dma_unmap_page: " + device + " dir=" + dir + " dma_addr=" + hex(t.dma) + " size=" + std::to_string(t.bytes) +
         " attrs=";
}
inline std::string traced_page_sync(const std::string& side, const std::string& device, const std::string& dir,
                                    const Table& t = {}) {
  return "dma_sync_single_for_" + side + ": " + device + " dir=" + dir + " dma_addr=" + hex(t.dma) +
         " size=" + std::to_string(t.bytes);
}
inline std::string traced_iommu_map(const Table& t) {
  return "map: IOMMU: iova=0x" + hex(t.dma) + " - 0x" + hex(t.dma + t.bytes) + " paddr=0x" + hex(t.phys) +
         " size=" + std::to_string(t.bytes);
}

}  // namespace custody::traces::test
