// SPDX-License-Identifier: BSD-2-Clause
// The machine under the DMA API: a read is really stale where a sync is missing.
#include "kernel-ref/machine/machine.hpp"

#include <gtest/gtest.h>

#include <array>

#include "kernel-ref/client/client.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::kernel_ref::test {
namespace {

using Line = std::array<std::uint8_t, 64>;
using model::Direction;

Line line_of(std::uint8_t byte) {
  Line line;
  line.fill(byte);
  return line;
}

TEST(Memory, KeepsACpuStoreInTheCacheUntilItIsCleaned) {
  machine::Memory m(1, 64);
  m.store(0, line_of(7).data(), 64);
  EXPECT_EQ(m.in_memory(0), 0);
  m.clean(0, 64);
  EXPECT_EQ(m.in_memory(0), 7);
  EXPECT_EQ(m.state(0), machine::LineState::kClean);
}

TEST(Memory, GivesTheCpuStaleBytesOfALineThatADeviceWroteBehind) {
  machine::Memory m(1, 64);
  Line read{};
  m.load(0, read.data(), 64);
  m.device_store(0, line_of(9).data(), 64, false);
  m.load(0, read.data(), 64);
  EXPECT_EQ(read[0], 0);
  m.invalidate(0, 64);
  m.load(0, read.data(), 64);
  EXPECT_EQ(read[0], 9);
}

TEST(Memory, WritesADirtyLineOverWhatADeviceWrote) {
  machine::Memory m(1, 64);
  m.store(0, line_of(7).data(), 64);
  m.device_store(0, line_of(9).data(), 64, false);
  m.write_back(0);
  EXPECT_EQ(m.in_memory(0), 7);
}

TEST(Memory, LosesWhatAnInvalidateFindsDirty) {
  machine::Memory m(1, 64);
  m.store(0, line_of(7).data(), 64);
  m.invalidate(0, 64);
  Line read{};
  m.load(0, read.data(), 64);
  EXPECT_EQ(read[0], 0);
}

TEST(Memory, WritesTheNeighboursOfAPartBack) {
  machine::Memory m(1, 128);
  Line read{};
  m.load(0, read.data(), 64);
  m.device_store(64, line_of(9).data(), 64, false);
  m.store(0, line_of(7).data(), 64);
  m.clean(0, 64);
  EXPECT_EQ(m.in_memory(64), 0) << "the device's bytes in the same line of 128 are overwritten";
}

TEST(Memory, LetsASnoopingDeviceSeeTheCache) {
  machine::Memory m(1, 64);
  m.store(0, line_of(7).data(), 64);
  Line read{};
  m.device_load(0, read.data(), 64, false);
  EXPECT_EQ(read[0], 0);
  m.device_load(0, read.data(), 64, true);
  EXPECT_EQ(read[0], 7);
  m.device_store(0, line_of(9).data(), 64, true);
  EXPECT_EQ(m.state(0), machine::LineState::kAbsent);
  EXPECT_EQ(m.in_memory(0), 9);
}

/// A machine with a system-heap buffer mapped by device 0.
struct Mapped {
  explicit Mapped(machine::Device device, Direction dir, std::uint64_t bytes = machine::kPageBytes)
      : machine({model::find_arch("arm64-6.1"), {std::move(device)}, 512, 64}), client(machine, trace, {}) {
    EXPECT_EQ(client.export_buffer(bytes, buffer), 0);
    EXPECT_EQ(client.attach(buffer, 0, attachment), 0);
    EXPECT_EQ(client.map(attachment, dir), 0);
  }
  machine::Machine machine;
  traces::RecordedTrace trace;
  client::Client client;
  std::uint32_t buffer = 0, attachment = 0;
};

TEST(Machine, ReadsReallyStaleBytesWithoutTheWindow) {
  Mapped m({"cam"}, Direction::kFromDevice);
  m.machine.memory().speculate(m.client.page(m.buffer, 0));
  EXPECT_TRUE(m.client.device_write(m.attachment, 0, line_of(5).data(), 64));
  Line read{};
  m.client.cpu_read(m.buffer, 0, read.data(), 64);
  EXPECT_EQ(read[0], 0) << "no begin_cpu_access, so the line is stale";
  ASSERT_EQ(m.client.begin_cpu_access(m.buffer, Direction::kFromDevice), 0);
  m.client.cpu_read(m.buffer, 0, read.data(), 64);
  EXPECT_EQ(read[0], 5);
}

TEST(Machine, KeepsABouncedDeviceOnItsSlotUntilASync) {
  Mapped m({"cam", false, true, false}, Direction::kFromDevice);
  EXPECT_TRUE(m.client.device_write(m.attachment, 0, line_of(5).data(), 64));
  Line read{};
  m.client.cpu_read(m.buffer, 0, read.data(), 64);
  EXPECT_EQ(read[0], 0);
  ASSERT_EQ(m.client.begin_cpu_access(m.buffer, Direction::kFromDevice), 0);
  m.client.cpu_read(m.buffer, 0, read.data(), 64);
  EXPECT_EQ(read[0], 5);
}

TEST(Machine, MergesSegmentsBehindAnIommu) {
  Mapped plain({"cam"}, Direction::kToDevice, 3 * machine::kPageBytes),
      merged({"cam", false, false, true}, Direction::kToDevice, 3 * machine::kPageBytes);
  const auto nents = [](const traces::RecordedTrace& trace) {
    for (const traces::Event& e : trace.events())
      if (e.kind == traces::EventKind::kDmaMap) return e.dma.nents;
    return 0U;
  };
  EXPECT_EQ(nents(plain.trace), 3U);
  EXPECT_EQ(nents(merged.trace), 1U);
  std::array<std::uint8_t, 8> read{};
  EXPECT_TRUE(merged.client.device_read(merged.attachment, 2 * machine::kPageBytes, read.data(), read.size()));
}

TEST(Machine, HasNoMappingAfterUnmap) {
  Mapped m({"cam"}, Direction::kFromDevice);
  m.client.unmap(m.attachment, Direction::kFromDevice);
  EXPECT_FALSE(m.client.device_write(m.attachment, 0, line_of(1).data(), 64));
}

TEST(Machine, FailsAMapWhenToldTo) {
  Mapped m({"cam"}, Direction::kFromDevice);
  m.client.unmap(m.attachment, Direction::kFromDevice);
  m.machine.fail_next_map();
  EXPECT_EQ(m.client.map(m.attachment, Direction::kFromDevice), -12);
  EXPECT_EQ(m.client.map(m.attachment, Direction::kFromDevice), 0);
}

TEST(Machine, FailsAnExportWithoutMemoryAndLeaksNothing) {
  machine::Machine machine({model::find_arch("arm64-6.1"), {{"cam"}}, 64, 64});
  traces::RecordedTrace trace;
  for (const char* const driver : {"system", "reserved", "udmabuf", "heap_helpers_2019", "ownership_heap"}) {
    client::Client client(machine, trace, {driver, 0, false});
    std::uint32_t buffer = 0;
    const unsigned long before = shim_live_allocations();
    machine.fail_next(MACHINE_FAIL_PAGES);
    EXPECT_EQ(client.export_buffer(machine::kPageBytes, buffer), -12) << driver;
    EXPECT_EQ(client.export_buffer(machine::kPageBytes * 1024, buffer), -12) << driver;
    EXPECT_EQ(shim_live_allocations(), before) << driver;
    EXPECT_EQ(shim_live_pages(), 0U) << driver;
  }
}

TEST(Machine, TurnsABugOfTheKernelIntoAnException) {
  Mapped m({"cam"}, Direction::kFromDevice);
  EXPECT_THROW(m.client.vunmap(m.buffer), machine::KernelBug);
}

}  // namespace
}  // namespace custody::kernel_ref::test
