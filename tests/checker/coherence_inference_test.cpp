// SPDX-License-Identifier: BSD-2-Clause
// What a trace tells of a device's coherence. R1 is said of a sync of a device that is known to snoop.
#include <gtest/gtest.h>

#include "checker/replay/device_table.hpp"
#include "tests/checker/replay_support.hpp"
#include "tests/traces/ftrace_support.hpp"

namespace custody::checker::test {
namespace {

using traces::test::Ftrace;

/// Begins a trace that carries cache operations, with gpu.0 attached.
Ftrace with_gpu() {
  Ftrace trace;
  trace.add(R"(export: dmabuf=0xa0 size=4096 exp_name="system" ino=1)")
      .add(R"(attach: attach=0xb0 dmabuf=0xa0 dev="cam.0")")
      .add("map: attach=0xb0 dmabuf=0xa0 dir=2")
      .add(R"(dma_map: dev="cam.0" sgt=0xc0 sgl=0xd0 dir=2 attrs=0x0)")
      .add("arch_clean: paddr=0x1000 size=4096 dir=2")
      .add("map_ret: sgt=0xc0")
      .add("unmap: attach=0xb0 dmabuf=0xa0 sgt=0xc0 dir=2")
      .add(R"(dma_unmap: dev="cam.0" sgl=0xd0 nents=1 dir=2 attrs=0x0)")
      .add("arch_inval: paddr=0x1000 size=4096 dir=2")
      .add("unmap_ret:")
      .add(R"(attach: attach=0xb1 dmabuf=0xa0 dev="gpu.0")");
  return trace;
}

/// One map and unmap of gpu.0, with or without the operations of a device that does not snoop.
Ftrace& map_gpu(Ftrace& trace, bool with_operation = false, const std::string& attrs = "0x0") {
  trace.add("map: attach=0xb1 dmabuf=0xa0 dir=1");
  trace.add(R"(dma_map: dev="gpu.0" sgt=0xc1 sgl=0xd1 dir=1 attrs=)" + attrs);
  if (with_operation) trace.add("arch_clean: paddr=0x1000 size=4096 dir=1");
  trace.add("map_ret: sgt=0xc1").add("unmap: attach=0xb1 dmabuf=0xa0 sgt=0xc1 dir=1");
  trace.add(R"(dma_unmap: dev="gpu.0" sgl=0xd1 nents=1 dir=1 attrs=)" + attrs);
  return trace.add("unmap_ret:");
}

/// Maps gpu.0 once more and syncs it for the device in a window, without operation.
std::size_t advice(Ftrace trace, const replay::Options& options = {}, const std::string& attrs = "0x20") {
  trace.add("map: attach=0xb1 dmabuf=0xa0 dir=1")
      .add(R"(dma_map: dev="gpu.0" sgt=0xc1 sgl=0xd1 dir=1 attrs=)" + attrs)
      .add("map_ret: sgt=0xc1")
      .add("begin_cpu_access: dmabuf=0xa0 dir=1")
      .add(R"(sync_for_cpu: dev="gpu.0" sgl=0xd1 nents=1 dir=1)")
      .add("begin_cpu_access_ret: ret=0");
  return replay_text(trace.text(), options).count("R1");
}

TEST(CoherenceInference, TakesTwoCallsWithoutOperationForACoherentDevice) {
  Ftrace trace = with_gpu();
  EXPECT_EQ(advice(map_gpu(map_gpu(trace))), 1U);
}

TEST(CoherenceInference, TakesOneCallForNoProof) {
  Ftrace trace = with_gpu();
  EXPECT_EQ(advice(map_gpu(trace)), 0U);
}

TEST(CoherenceInference, TakesOneOperationForProofOfTheContrary) {
  Ftrace trace = with_gpu();
  EXPECT_EQ(advice(map_gpu(map_gpu(map_gpu(trace, true)))), 0U);
}

TEST(CoherenceInference, LearnsNothingFromCallsThatSkipTheSync) {
  Ftrace trace = with_gpu();
  EXPECT_EQ(advice(map_gpu(map_gpu(trace, false, "0x20"), false, "0x20")), 0U);
}

TEST(CoherenceInference, LearnsNothingWhereEventsWereLost) {
  Ftrace trace = with_gpu();
  trace.raw("CPU:0 [LOST 3 EVENTS]");
  EXPECT_EQ(advice(map_gpu(map_gpu(trace))), 0U);
}

TEST(CoherenceInference, LearnsNothingWhereTheHeaderTellsOfOverwrittenEvents) {
  Ftrace trace;
  trace.raw("# entries-in-buffer/entries-written: 100/350   #P:4");
  Ftrace rest = with_gpu();
  trace.raw(rest.text().substr(0, rest.text().size() - 1));
  EXPECT_EQ(advice(map_gpu(map_gpu(trace))), 0U);
}

TEST(CoherenceInference, LearnsNothingFromCallsThatALossCut) {
  Ftrace trace = with_gpu();
  trace.add("map: attach=0xb1 dmabuf=0xa0 dir=1", 26)
      .add(R"(dma_map: dev="gpu.0" sgt=0xc1 sgl=0xd1 dir=1 attrs=0x0)", 26)
      .add(R"(export: dmabuf=0xa9 size=4096 exp_name="system" ino=2)", 27)
      .add(R"(attach: attach=0xb9 dmabuf=0xa9 dev="gpu.0")", 27)
      .add("map: attach=0xb9 dmabuf=0xa9 dir=1", 27)
      .add(R"(dma_map: dev="gpu.0" sgt=0xc9 sgl=0xd9 dir=1 attrs=0x0)", 27)
      .raw("CPU:0 [LOST 3 EVENTS]");
  EXPECT_EQ(advice(trace), 0U);
}

TEST(CoherenceInference, LearnsNothingFromATraceWithoutOperations) {
  Ftrace trace;
  trace.add(R"(export: dmabuf=0xa0 size=4096 exp_name="system" ino=1)");
  trace.add(R"(attach: attach=0xb1 dmabuf=0xa0 dev="gpu.0")");
  EXPECT_EQ(advice(map_gpu(map_gpu(trace))), 0U);
}

TEST(CoherenceInference, GivesWayToWhatTheUserSays) {
  replay::Options options;
  options.devices.push_back({"gpu.0", true, {}, {}, {}, {}});
  EXPECT_EQ(advice(with_gpu(), options), 1U);
  options.devices[0].coherent = false;
  Ftrace trace = with_gpu();
  EXPECT_EQ(advice(map_gpu(map_gpu(trace)), options), 0U);
}

/// Whether the first device allocates, of which the trace says `told` and an option `said`.
bool allocates(const traces::DeviceInfo& told, const replay::DeviceOverride& said) {
  traces::Directory directory;
  directory.devices.push_back(told);
  replay::Options options;
  options.devices.push_back(said);
  return replay::DeviceTable(options, directory).of(0).allocates;
}

TEST(DeviceTable, TellsWhatChangedOnceHoweverOftenItDid) {
  traces::Directory directory;
  directory.devices.resize(3);
  const replay::Options options;
  replay::DeviceTable devices(options, directory);
  std::uint64_t seen = 0, seen_early = 0;
  const auto changed = [&devices](std::uint64_t& since) {
    std::vector<std::uint32_t> out;
    devices.changed_since(since, [&](std::uint32_t device) { out.push_back(device); });
    return out;
  };
  const auto change = [&devices](std::uint32_t device) {
    devices.learn(device, false);
    devices.unlearn(device);
  };
  change(2);
  EXPECT_EQ(changed(seen_early), std::vector<std::uint32_t>{2});
  for (unsigned i = 0; i < 1000; ++i) {
    change(2);
    change(0);
  }
  EXPECT_EQ(changed(seen), (std::vector<std::uint32_t>{2, 0}));
  EXPECT_EQ(changed(seen_early), (std::vector<std::uint32_t>{2, 0}));
  EXPECT_TRUE(changed(seen).empty());
  change(1);
  EXPECT_EQ(changed(seen), std::vector<std::uint32_t>{1});
  EXPECT_LE(devices.kept_changes(), 2 * directory.devices.size());
}

TEST(DeviceTable, LetsADeviceAllocateWhereItSnoopsAndItIsSaid) {
  traces::DeviceInfo told;
  told.name = "G";
  replay::DeviceOverride said;
  said.name = "G";
  EXPECT_FALSE(allocates(told, said));
  said.coherent = said.allocates = true;
  EXPECT_TRUE(allocates(told, said));
  told.coherent = told.allocates = true;
  EXPECT_TRUE(allocates(told, {}));
  said.allocates.reset();
  EXPECT_TRUE(allocates(told, said)) << "the option says nothing of it";
  said.coherent = false;
  EXPECT_FALSE(allocates(told, said));
}

}  // namespace
}  // namespace custody::checker::test
