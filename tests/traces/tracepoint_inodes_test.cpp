// SPDX-License-Identifier: BSD-2-Clause
// The kernel's tracepoints of dma-bufs by inode, and of fences.
#include <gtest/gtest.h>

#include "tests/traces/ftrace_support.hpp"
#include "tests/traces/tracepoint_support.hpp"

namespace custody::traces::test {
namespace {

constexpr Table kInodeTable{0xffe00000U, 0x80000000U, 8192};

const std::string kExported = "dma_buf_export: exp_name=system size=8192 ino=17";
const std::string kAttached =
    "dma_buf_dynamic_attach: exp_name=system size=8192 ino=17 attachment:00000000c0ffee00 is_dynamic=0 dev_name=cam";
const std::string kDetached =
    "dma_buf_detach: exp_name=system size=8192 ino=17 attachment:00000000c0ffee00 is_dynamic=0 dev_name=cam";

TEST(TracepointInodes, NameTheBufferOfAMapByTheTaskThatAttached) {
  const FtraceRead trace(Ftrace()
                             .add(kExported)
                             .add("dma_buf_fd: exp_name=system size=8192 ino=17 fd=5")
                             .add(kAttached)
                             .add(traced_map("cam", "FROM_DEVICE", kInodeTable))
                             .add(traced_unmap("cam", "FROM_DEVICE", kInodeTable))
                             .add(kDetached)
                             .add("dma_buf_put: exp_name=system size=8192 ino=17"));
  EXPECT_EQ(trace.kinds(), "export. fd. attach. dma_map. dma_unmap. detach. put.");
  for (std::size_t i = 1; i < 7; ++i) EXPECT_EQ(trace.at(i).buffer, trace.at(0).buffer) << i;
  EXPECT_EQ(trace.at(2).attachment, trace.at(5).attachment);
  EXPECT_EQ(trace.directory().buffers[0].exporter, "system");
  EXPECT_EQ(trace.directory().buffers[0].ino, 17U);
  EXPECT_EQ(trace.at(1).range.length, 5U);
}

TEST(TracepointInodes, AreNotGuessedWhereTwoFitOrTheSizeDiffers) {
  std::string other = kAttached;
  other.replace(other.find("ino=17"), 6, "ino=18");
  other.replace(other.find("c0ffee"), 6, "decade");
  const FtraceRead two(Ftrace().add(kAttached).add(other).add(traced_map("cam", "FROM_DEVICE", kInodeTable)));
  EXPECT_NE(two.at(2).buffer, two.at(0).buffer);
  EXPECT_NE(two.at(2).buffer, two.at(1).buffer);
  const FtraceRead sized(
      Ftrace().add(kAttached).add(traced_map("cam", "FROM_DEVICE", {kInodeTable.dma, kInodeTable.phys, 4096})));
  EXPECT_NE(sized.at(1).buffer, sized.at(0).buffer);
  const FtraceRead task(Ftrace().add(kAttached).add(traced_map("cam", "FROM_DEVICE", kInodeTable), 26));
  EXPECT_NE(task.at(1).buffer, task.at(0).buffer);
}

TEST(TracepointInodes, APutIsNoReleaseAndAnExportOfTheSameInodeIsAnother) {
  const FtraceRead trace(Ftrace()
                             .add(kExported)
                             .add("dma_buf_put: exp_name=system size=8192 ino=17")
                             .add("dma_buf_get: exp_name=system size=8192 ino=17 fd=4")
                             .add("dma_buf_mmap: exp_name=system size=8192 ino=17")
                             .add(kExported));
  EXPECT_EQ(trace.kinds(), "export. put. mmap. export.");
  EXPECT_EQ(trace.at(2).buffer, trace.at(0).buffer);
  EXPECT_NE(trace.at(3).buffer, trace.at(0).buffer);
}

TEST(TracepointInodes, AreCountedOnlyBesideProbesOfTheCore) {
  const FtraceRead trace(Ftrace().add(kExport).add(kExported).add(kAttach));
  EXPECT_EQ(trace.kinds(), "export. attach.");
  EXPECT_EQ(trace.statistics.tracepoints[static_cast<std::size_t>(RecordSource::kBufferTracepoints)], 1U);
}

TEST(TracepointFences, AreOfNoBufferThatTheirRecordsName) {
  const FtraceRead trace(Ftrace()
                             .add(traced_map("cam", "FROM_DEVICE", kInodeTable))
                             .add("dma_fence_emit: driver=cam timeline=cam context=1 seqno=2")
                             .add("dma_fence_signaled: driver=cam timeline=cam context=1 seqno=2")
                             .add("fence_init: driver=cam timeline=cam context=1 seqno=3"));
  EXPECT_EQ(trace.kinds(), "dma_map.");
  EXPECT_EQ(trace.statistics.tracepoints[static_cast<std::size_t>(RecordSource::kFenceTracepoints)], 3U);
  EXPECT_EQ(trace.statistics.unknown_events, 0U);
}

}  // namespace
}  // namespace custody::traces::test
