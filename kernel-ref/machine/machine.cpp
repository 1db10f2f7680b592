// SPDX-License-Identifier: GPL-2.0-only
// What Linux 6.1 does in kernel/dma: direct mappings, swiotlb, iommu-dma, as far as caches and copies go.
#include "kernel-ref/machine/machine.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace custody::kernel_ref::machine {

namespace {

constexpr std::uint64_t kSkipCpuSync = 1U << 5U;
constexpr int kNoMemory = -12;
Machine* the_machine = nullptr;

std::uint64_t bytes_of(const machine_segment* s, std::uint32_t n) {
  return std::accumulate(s, s + n, std::uint64_t{0},
                         [](std::uint64_t sum, const machine_segment& x) { return sum + x.length; });
}

}  // namespace

Machine::Machine(MachineOptions options) : options_(std::move(options)), memory_(options_.pages, options_.line_bytes) {
  the_machine = this;
  shim_boot(memory_.ram(), options_.pages);
}

Machine::~Machine() {
  if (the_machine == this) the_machine = nullptr;
}

void Machine::forget() {
  mappings_.clear();
  expect_no_failure();
  snooping_writes_stay_ = false;
}

/// The lowest that no live mapping has: what a driver keeps is the same after the same calls.
std::uint64_t Machine::free_iova(std::uint64_t bytes) const {
  std::uint64_t at = std::uint64_t{1} << 40U;
  for (bool moved = true; moved;) {
    moved = false;
    for (const Mapping& m : mappings_)
      if (m.iova != 0 && at < m.iova + m.bytes && m.iova < at + bytes) {
        at = m.iova + m.bytes;
        moved = true;
      }
  }
  return at;
}

Machine::Mapping* Machine::find(const void* table, std::uint32_t device) {
  const auto it = std::find_if(mappings_.begin(), mappings_.end(),
                               [&](const Mapping& m) { return m.table == table && m.device == device; });
  return it != mappings_.end() ? &*it : nullptr;
}

void Machine::copy(Mapping& m, bool in) {
  std::uint8_t* slot = m.slot.data();
  for (const machine_segment& s : m.segments) {
    if (in) memory_.load(s.phys, slot, s.length);
    else memory_.store(s.phys, slot, s.length);
    slot += s.length;
  }
}

model::Operation Machine::maintain(const DmaCall& call, const machine_segment* s, std::uint32_t n) {
  const bool for_device = call.kind == DmaCall::Kind::kMap || call.kind == DmaCall::Kind::kSyncForDevice;
  const model::Operation op =
      for_device ? options_.arch->device_operation(call.dir) : options_.arch->cpu_operation(call.dir);
  // The direct mapping of 6.1 works on the address that map left in the table: 0 in one that was never mapped.
  const bool by_dma = call.kind != DmaCall::Kind::kMap && !options_.devices[call.device].iommu;
  for (std::uint32_t i = 0; i < n; ++i) {
    const Phys at = by_dma ? s[i].dma : s[i].phys;
    if (op == model::Operation::kClean || op == model::Operation::kCleanInvalidate) memory_.clean(at, s[i].length);
    if (op == model::Operation::kInvalidate || op == model::Operation::kCleanInvalidate)
      memory_.invalidate(at, s[i].length);
  }
  return op;
}

int Machine::map(std::uint32_t device, machine_segment* s, std::uint32_t* n, DmaCall call) {
  if (std::exchange(fail_map_, false) || (on_request && on_request(MACHINE_FAIL_MAP))) return kNoMemory;
  if (before_dma) before_dma();
  const Device& d = options_.devices[device];
  Mapping m{call.table, device, {s, s + *n}, {}, 0, 0};
  call.bytes = bytes_of(s, *n);
  call.orig_nents = *n;
  if (d.bounced) {
    m.slot.resize(call.bytes);
    copy(m, true);
  } else if (!snoops(device) && (call.attrs & kSkipCpuSync) == 0) {
    call.helper_ran = true;
    call.operation = maintain(call, s, *n);
  }
  for (std::uint32_t i = 0; i < *n; ++i) s[i].dma = s[i].phys;
  if (d.iommu && !d.bounced) {
    m.iova = free_iova(call.bytes);
    m.bytes = call.bytes;
    s[0].dma = m.iova;
    s[0].length = call.bytes;
    *n = 1;
  }
  call.nents = *n;
  mappings_.push_back(std::move(m));
  if (on_dma) on_dma(call);
  return 0;
}

void Machine::unmap(const machine_segment* s, std::uint32_t n, DmaCall call) {
  if (before_dma) before_dma();
  call.bytes = bytes_of(s, n);
  call.nents = n;
  const bool skips = (call.attrs & kSkipCpuSync) != 0;
  Mapping* m = find(call.table, call.device);
  call.live = m != nullptr;
  if (options_.devices[call.device].bounced) {
    if (m != nullptr && !skips && model::device_may_write(call.dir)) copy(*m, false);
  } else if (!snoops(call.device) && !skips) {
    call.helper_ran = true;
    call.operation = maintain(call, s, n);
  }
  if (m != nullptr) mappings_.erase(mappings_.begin() + (m - mappings_.data()));
  if (on_dma) on_dma(call);
}

void Machine::sync(const machine_segment* s, std::uint32_t n, DmaCall call) {
  if (before_dma) before_dma();
  call.bytes = bytes_of(s, n);
  call.nents = n;
  const bool for_cpu = call.kind == DmaCall::Kind::kSyncForCpu;
  Mapping* const m = find(call.table, call.device);
  call.live = m != nullptr;
  if (options_.devices[call.device].bounced) {
    const bool copies = for_cpu ? model::device_may_write(call.dir) : model::device_may_read(call.dir);
    if (m != nullptr && copies) copy(*m, !for_cpu);
  } else if (!snoops(call.device)) {
    call.helper_ran = true;
    call.operation = maintain(call, s, n);
  }
  if (on_dma) on_dma(call);
}

template <class Visit>
bool Machine::visit(const void* table, std::uint32_t device, std::size_t offset, std::size_t n, const Visit& visit) {
  Mapping* m = find(table, device);
  if (m == nullptr) return false;
  if (!m->slot.empty()) {
    visit(m->slot.data() + offset, Phys{0}, n);
    return true;
  }
  for (const machine_segment& s : m->segments) {
    if (offset >= s.length) {
      offset -= s.length;
      continue;
    }
    const std::size_t part = std::min<std::size_t>(n, s.length - offset);
    if (part != 0) visit(nullptr, s.phys + offset, part);
    n -= part;
    offset = 0;
  }
  return true;
}

bool Machine::device_load(const void* table, std::uint32_t device, std::size_t offset, std::uint8_t* to,
                          std::size_t n) {
  return visit(table, device, offset, n, [&](const std::uint8_t* slot, Phys at, std::size_t part) {
    if (slot != nullptr) std::copy_n(slot, part, to);
    else memory_.device_load(at, to, part, snoops(device));
    to += part;
  });
}

bool Machine::device_store(const void* table, std::uint32_t device, std::size_t offset, const std::uint8_t* from,
                           std::size_t n) {
  return visit(table, device, offset, n, [&](std::uint8_t* slot, Phys at, std::size_t part) {
    if (slot != nullptr) std::copy_n(from, part, slot);
    else if (snoops(device) && snooping_writes_stay_) memory_.store(at, from, part);
    else memory_.device_store(at, from, part, snoops(device));
    from += part;
  });
}

/// The functions that the shim calls.
struct Abi {
  static DmaCall call(DmaCall::Kind kind, std::uint32_t device, const void* table, int direction, std::uint64_t attrs) {
    DmaCall c;
    c.kind = kind;
    c.device = device;
    c.table = table;
    c.dir = static_cast<model::Direction>(direction);
    c.attrs = attrs;
    return c;
  }
  static bool should_fail(int kind) {
    if (the_machine == nullptr) return false;
    if (the_machine->on_request && the_machine->on_request(kind)) return true;
    return std::exchange(the_machine->fail_[static_cast<std::size_t>(kind)], false);
  }
  static std::uint32_t new_device(const char* name) {
    // A pseudo device keeps the architecture's default: it does not snoop, unless every device does.
    the_machine->options_.devices.push_back({name, false, false, the_machine->options_.own_devices_merge});
    return static_cast<std::uint32_t>(the_machine->options_.devices.size() - 1);
  }
  static int map(std::uint32_t device, machine_segment* s, unsigned* n, const void* table, int dir,
                 std::uint64_t attrs) {
    return the_machine->map(device, s, n, call(DmaCall::Kind::kMap, device, table, dir, attrs));
  }
  static void unmap(std::uint32_t device, const machine_segment* s, unsigned n, const void* table, int dir,
                    std::uint64_t attrs) {
    the_machine->unmap(s, n, call(DmaCall::Kind::kUnmap, device, table, dir, attrs));
  }
  static void flush(const machine_segment* s, unsigned n) {
    if (the_machine->before_dma) the_machine->before_dma();
    for (unsigned i = 0; i < n; ++i) {
      the_machine->memory().clean(s[i].phys, s[i].length);
      the_machine->memory().invalidate(s[i].phys, s[i].length);
    }
    if (the_machine->on_flush) the_machine->on_flush(bytes_of(s, n));
  }
  static void sync(std::uint32_t device, const machine_segment* s, unsigned n, const void* table, int dir,
                   bool for_cpu) {
    const auto kind = for_cpu ? DmaCall::Kind::kSyncForCpu : DmaCall::Kind::kSyncForDevice;
    the_machine->sync(s, n, call(kind, device, table, dir, 0));
  }
};

}  // namespace custody::kernel_ref::machine

using custody::kernel_ref::machine::Abi;
using custody::kernel_ref::machine::the_machine;

extern "C" {

void machine_cpu_fill(unsigned long long phys, int byte, unsigned long n) {
  the_machine->memory().fill(phys, static_cast<std::uint8_t>(byte), n);
}
void machine_cpu_store(unsigned long long phys, const void* from, unsigned long n) {
  the_machine->memory().store(phys, static_cast<const std::uint8_t*>(from), n);
}
void machine_cpu_load(unsigned long long phys, void* to, unsigned long n) {
  the_machine->memory().load(phys, static_cast<std::uint8_t*>(to), n);
}
int machine_dma_map(unsigned device, machine_segment* s, unsigned* n, const void* table, int direction,
                    unsigned long attrs) {
  return Abi::map(device, s, n, table, direction, attrs);
}
void machine_dma_unmap(unsigned device, const machine_segment* s, unsigned n, const void* table, int direction,
                       unsigned long attrs) {
  Abi::unmap(device, s, n, table, direction, attrs);
}
void machine_dma_sync(unsigned device, const machine_segment* s, unsigned n, const void* table, int direction,
                      int for_cpu) {
  Abi::sync(device, s, n, table, direction, for_cpu != 0);
}
void machine_called_from(const void* address) { the_machine->caller = address; }
void machine_prepare_coherent(unsigned long long phys, unsigned long n) {
  the_machine->memory().clean(phys, n);
  the_machine->memory().invalidate(phys, n);
}
void machine_flush(const machine_segment* s, unsigned n) { Abi::flush(s, n); }
int machine_is_coherent(unsigned device) { return the_machine->snoops(device) ? 1 : 0; }
void machine_alias(const void* /*address*/, unsigned long size, int flush, int live) {
  if (the_machine->on_alias) the_machine->on_alias(flush != 0, live != 0, size);
}
unsigned machine_new_device(const char* name) { return Abi::new_device(name); }
int machine_should_fail(int kind) { return Abi::should_fail(kind) ? 1 : 0; }
void machine_bug(const char* what, const char* file, int line) {
  throw custody::kernel_ref::machine::KernelBug(std::string(file) + ":" + std::to_string(line) + ": " + what);
}
int machine_wait(void) { return the_machine->on_wait && the_machine->on_wait() ? 1 : 0; }
}
