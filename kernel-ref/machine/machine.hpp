// SPDX-License-Identifier: GPL-2.0-only
// The machine under the DMA API: memory, a cache, devices. The kernel's drivers run on it through the shim.
#pragma once

#include <array>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernel-ref/machine/memory.hpp"
#include "kernel-ref/shim/machine_abi.h"
#include "model/architecture.hpp"

namespace custody::kernel_ref::machine {

/// The kernel's code called BUG(). The machine is not to be used any more.
struct KernelBug : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Device {
  std::string name;
  bool coherent = false;
  bool bounced = false;  ///< its mask does not reach the memory: it works on slots that the DMA API copies
  bool iommu = false;    ///< merges the segments of a mapping into one
};

struct MachineOptions {
  const model::ArchProfile* arch = model::find_arch(model::kDefaultArch);
  std::vector<Device> devices;
  std::size_t pages = 4096;
  std::uint32_t line_bytes = 64;
  bool own_devices_merge = false;  ///< pseudo devices of exporters are behind an IOMMU too
};

/// What a call of the DMA API did.
struct DmaCall {
  enum class Kind : std::uint8_t { kMap, kUnmap, kSyncForCpu, kSyncForDevice } kind = Kind::kMap;
  std::uint32_t device = 0;
  const void* table = nullptr;  ///< identity of the scatterlist
  model::Direction dir = model::Direction::kNone;
  std::uint64_t attrs = 0;
  std::uint32_t nents = 0, orig_nents = 0;
  std::uint64_t bytes = 0;  ///< of the segments that were given
  bool helper_ran = false;  ///< the architecture's helper was called
  bool live = true;         ///< the table was mapped for the device; of a map: it is now
  model::Operation operation = model::Operation::kNone;
};

/// One machine at a time is switched on; the drivers of the shim serve that one. Not thread safe.
class Machine {
 public:
  explicit Machine(MachineOptions options);
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine();

  /// As it was when it was switched on, but for its bytes. The drivers are not told.
  void forget();
  [[nodiscard]] std::size_t live_mappings() const { return mappings_.size(); }

  [[nodiscard]] Memory& memory() { return memory_; }
  [[nodiscard]] const MachineOptions& options() const { return options_; }
  [[nodiscard]] const std::vector<Device>& devices() const { return options_.devices; }
  [[nodiscard]] bool snoops(std::uint32_t device) const {
    return options_.devices[device].coherent || options_.arch->all_coherent;
  }

  /// Reads or writes through a live mapping, `offset` bytes into it. False where there is none: the device touched
  /// what it does not own.
  bool device_load(const void* table, std::uint32_t device, std::size_t offset, std::uint8_t* to, std::size_t n);
  bool device_store(const void* table, std::uint32_t device, std::size_t offset, const std::uint8_t* from,
                    std::size_t n);
  /// Where the writes of snooping devices end from now on: in memory, their lines gone, as at first; or in the cache,
  /// dirty. The hardware is free to do either at each.
  void keep_snooping_writes(bool in_cache) { snooping_writes_stay_ = in_cache; }

  /// The next allocation (MACHINE_FAIL_...) fails, or the next dma_map does.
  void fail_next(int kind) { fail_[static_cast<std::size_t>(kind)] = true; }
  void fail_next_map() { fail_map_ = true; }
  void expect_no_failure() {
    fail_ = {};
    fail_map_ = false;
  }

  /// Who is told of each call of the DMA API, after it ran; who plays the hardware before each; what a waiting task
  /// waits for (true: it may go on); the alias operations of kernel mappings.
  std::function<void(const DmaCall&)> on_dma;
  std::function<void(std::uint64_t bytes)> on_flush;  ///< a pass outside the DMA API that cleaned and invalidated
  std::function<void()> before_dma;
  std::function<bool()> on_wait;
  std::function<bool(int kind)> on_request;  ///< whether a request (MACHINE_FAIL_...) fails
  std::function<void(bool flush, bool live, std::uint64_t bytes)> on_alias;
  const void* caller = nullptr;  ///< an address in the function of the driver that made the latest call or pass

 private:
  friend struct Abi;
  struct Mapping {
    const void* table;
    std::uint32_t device;
    std::vector<machine_segment> segments;  ///< physical
    std::vector<std::uint8_t> slot;         ///< of a bounced device
    std::uint64_t iova = 0, bytes = 0;      ///< behind an IOMMU
  };
  Mapping* find(const void* table, std::uint32_t device);
  void copy(Mapping& m, bool in);
  [[nodiscard]] std::uint64_t free_iova(std::uint64_t bytes) const;
  [[nodiscard]] model::Operation maintain(const DmaCall& call, const machine_segment* s, std::uint32_t n);
  template <class Visit>
  bool visit(const void* table, std::uint32_t device, std::size_t offset, std::size_t n, const Visit& visit);

  int map(std::uint32_t device, machine_segment* s, std::uint32_t* n, DmaCall call);
  void unmap(const machine_segment* s, std::uint32_t n, DmaCall call);
  void sync(const machine_segment* s, std::uint32_t n, DmaCall call);

  MachineOptions options_;
  Memory memory_;
  std::vector<Mapping> mappings_;
  std::array<bool, 4> fail_{};
  bool fail_map_ = false;
  bool snooping_writes_stay_ = false;
};

}  // namespace custody::kernel_ref::machine
