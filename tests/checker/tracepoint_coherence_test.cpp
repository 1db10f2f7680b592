// SPDX-License-Identifier: BSD-2-Clause
// A sync of a device that needs none makes no record since Linux 6.10: its absence proves nothing.
#include <gtest/gtest.h>

#include "tests/checker/replay_support.hpp"
#include "tests/traces/ftrace_support.hpp"
#include "tests/traces/tracepoint_support.hpp"

namespace custody::checker::test {
namespace {

using traces::test::Ftrace;
using traces::test::traced_map;
using traces::test::traced_sync;
using traces::test::traced_unmap;

const std::string kBegin = "begin_cpu_access: (dma_buf_begin_cpu_access+0x0/0x60) dmabuf=0xa0 dir=2";
const std::string kBeginRet = "begin_cpu_access_ret: (x+0x1/0x2 <- dma_buf_begin_cpu_access) ret=0";
const std::string kEnd = "end_cpu_access: (dma_buf_end_cpu_access+0x0/0x60) dmabuf=0xa0 dir=2";
const std::string kEndRet = "end_cpu_access_ret: (x+0x1/0x2 <- dma_buf_end_cpu_access) ret=0";

/// A device writes; then a window in which `sync` runs, or nothing. `before`: what the trace shows of the device
/// before.
Seen window(const std::string& before, const std::string& sync, const replay::Options& options = {},
            const std::string& map = traced_map("cam.0", "FROM_DEVICE")) {
  Ftrace t;
  t.add(traces::test::kExport).add(traces::test::kAttach).add(traces::test::kMap).add(map).add(traces::test::kMapRet);
  if (!before.empty()) t.add(before);
  t.add(kBegin);
  if (!sync.empty()) t.add(sync);
  t.add(kBeginRet).add(kEnd).add(kEndRet);
  t.add(traces::test::kUnmap).add(traced_unmap("cam.0", "FROM_DEVICE")).add(traces::test::kUnmapRet);
  t.add(traces::test::kDetach).add(traces::test::kRelease);
  return replay_text(t.text(), options);
}

std::uint64_t untraced(const Seen& seen) {
  return seen.result.summary.coverage.why_not[static_cast<std::size_t>(JudgedReason::kUntracedSyncs)];
}

replay::Options not_coherent() {
  replay::Options options;
  replay::DeviceOverride device;
  device.name = "cam.0";
  device.coherent = false;
  options.devices.push_back(device);
  return options;
}

TEST(TracepointCoherence, AMissingSyncMayBeACoherentDevice) {
  const Seen seen = window("", "");
  EXPECT_EQ(seen.count(spec::RuleClass::kMissing), 0U);
  EXPECT_EQ(untraced(seen), 1U);
  EXPECT_EQ(seen.result.summary.coverage.of(Judged::kWhole), 0U);
}

TEST(TracepointCoherence, AMissingSyncOfADeviceThatIsSyncedElsewhereIsMissing) {
  const Seen seen = window(traced_sync("device", "cam.0", "FROM_DEVICE"), "");
  EXPECT_EQ(seen.count("M3"), 1U);
  EXPECT_EQ(untraced(seen), 0U);
}

TEST(TracepointCoherence, AMissingSyncOfADeviceThatIsSaidNotToSnoopIsMissing) {
  EXPECT_EQ(window("", "", not_coherent()).count("M3"), 1U);
}

TEST(TracepointCoherence, ASyncThatIsThereIsEnough) {
  const Seen seen = window("", traced_sync("cpu", "cam.0", "FROM_DEVICE"), not_coherent());
  EXPECT_EQ(seen.count(spec::RuleClass::kMissing), 0U);
  EXPECT_EQ(untraced(seen), 0U);
  EXPECT_EQ(seen.result.summary.coverage.of(Judged::kWhole), 1U);
}

TEST(TracepointCoherence, AMissingSyncOfATableThatIsTooLongForARecordProvesNothing) {
  std::string map = traced_map("cam.0", "FROM_DEVICE");
  map.replace(map.find("1/1 ents=1/1"), 12, "1/512 ents=1/512 [TRUNCATED]");
  Ftrace t;
  t.add(traces::test::kExport).add(traces::test::kAttach).add(traces::test::kMap).add(map).add(traces::test::kMapRet);
  t.add(kBegin).add(kBeginRet).add(kEnd).add(kEndRet).add(traces::test::kUnmap).add(traces::test::kUnmapRet);
  t.add(traces::test::kDetach).add(traces::test::kRelease).add(traces::test::kExport).add(traces::test::kRelease);
  const Seen seen = replay_text(t.text(), not_coherent());
  EXPECT_EQ(seen.findings.size(), 0U) << testing::PrintToString(seen.findings);
  EXPECT_EQ(untraced(seen), 1U);
}

}  // namespace
}  // namespace custody::checker::test
