// SPDX-License-Identifier: BSD-2-Clause
// Windows of user space that only dma_buf_ioctl() tells, as where the compiler put dma_buf_end_cpu_access() into it.
#include <gtest/gtest.h>

#include "tests/traces/ftrace_support.hpp"

namespace custody::traces::test {
namespace {

const std::string kReads = "1", kWrites = "2", kBoth = "3", kEndsReading = "5", kEndsWriting = "6", kEndsBoth = "7";

std::string ioctl(const std::string& flags, const std::string& cmd = "0x40086200") {
  return "sync_ioctl: (dma_buf_ioctl+0x0/0x300) dmabuf=0xa0 sync_cmd=" + cmd +
         (flags.empty() ? "" : " sync_flags=" + flags);
}
std::string returned(const std::string& value = "0") {
  return "sync_ioctl_ret: (__x64_sys_ioctl+0x8b/0xc0 <- dma_buf_ioctl) ret=" + value;
}
const std::string kIoctlBegin = "begin_cpu_access: (dma_buf_begin_cpu_access+0x0/0x90) dmabuf=0xa0 dir=2";
const std::string kIoctlBeginRet = "begin_cpu_access_ret: (dma_buf_ioctl+0x9f/0x300 <- dma_buf_begin_cpu_access) ret=0";
const std::string kEnd = "end_cpu_access: (dma_buf_end_cpu_access+0x0/0x60) dmabuf=0xa0 dir=2";
const std::string kEndRet = "end_cpu_access_ret: (dma_buf_ioctl+0xb4/0x300 <- dma_buf_end_cpu_access) ret=0";

constexpr auto kIoctlWindow = "export. begin_cpu_access( begin_cpu_access) end_cpu_access( end_cpu_access)";

/// A window for reading, to where its end is entered.
Ftrace until_the_end(Ftrace trace) {
  return trace.add(ioctl(kReads)).add(kIoctlBegin).add(kIoctlBeginRet).add(returned()).add(ioctl(kEndsReading));
}

TEST(SyncIoctl, TellsTheEndOfAWindowThatNoOtherProbeSees) {
  const FtraceRead r(until_the_end(Ftrace().add(kExport)).add(returned()));
  EXPECT_EQ(r.kinds(), kIoctlWindow);
  EXPECT_EQ(r.at(3).dir, model::Direction::kFromDevice);
  EXPECT_EQ(r.at(3).buffer, r.at(1).buffer);
  EXPECT_EQ(r.statistics.kept_warnings.size(), 0U) << r.warning(0);
}

TEST(SyncIoctl, IsOneCallWithTheFunctionThatItCalls) {
  const FtraceRead r(until_the_end(Ftrace().add(kExport)).add(kEnd).add(kEndRet).add(returned()));
  EXPECT_EQ(r.kinds(), kIoctlWindow);
  EXPECT_EQ(r.statistics.kept_warnings.size(), 0U) << r.warning(0);
}

TEST(SyncIoctl, EnclosesTheSyncsOfTheEnd) {
  const std::string sync = R"(sync_for_device: (dma_sync_sg_for_device+0x0/0x40) dev="cam.0" sgl=0xd0 nents=1 dir=2)";
  const FtraceRead r(
      until_the_end(Ftrace().add(kExport).add(kAttach).add(kMap).add(kDmaMap).add(kMapRet)).add(sync).add(returned()));
  const Event *end = nullptr, *operation = nullptr;
  for (const Event& e : r.events()) {
    if (e.kind == EventKind::kEndCpuAccess && e.phase == Phase::kEnter) end = &e;
    if (e.kind == EventKind::kSyncForDevice) operation = &e;
  }
  ASSERT_TRUE(end != nullptr && operation != nullptr) << r.kinds();
  EXPECT_EQ(operation->in, end->call);
}

TEST(SyncIoctl, SaysTheDirectionOfEachFlag) {
  const FtraceRead r(Ftrace()
                         .add(kExport)
                         .add(ioctl(kWrites))
                         .add(returned())
                         .add(ioctl(kEndsWriting))
                         .add(returned())
                         .add(ioctl(kBoth, "0x80086200"))
                         .add(returned())
                         .add(ioctl(kEndsBoth))
                         .add(returned("-4")));
  EXPECT_EQ(r.kinds(),
            std::string(kIoctlWindow) + " begin_cpu_access( begin_cpu_access) end_cpu_access( end_cpu_access)");
  EXPECT_EQ(r.at(1).dir, model::Direction::kToDevice);
  EXPECT_EQ(r.at(3).dir, model::Direction::kToDevice);
  EXPECT_EQ(r.at(5).dir, model::Direction::kBidirectional);
  EXPECT_EQ(r.at(8).ret, -4);
}

TEST(SyncIoctl, OtherIoctlsAndThoseThatAreRefusedTellNothing) {
  Ftrace trace;
  trace.add(kExport);
  trace.add(ioctl("5", "0x40086201")).add(returned());  // a name
  for (const char* const flags : {"0", "4", "8", "13", "255"}) trace.add(ioctl(flags)).add(returned("-22"));
  const Ftrace without = Ftrace().add(kExport).add("sync_ioctl: (dma_buf_ioctl+0x0/0x300)").add(returned());
  for (const std::string& text : {trace.text(), without.text()}) {
    const FtraceRead r(text);
    EXPECT_EQ(r.kinds(), "export.");
    EXPECT_EQ(r.statistics.kept_warnings.size(), 0U) << r.warning(0);
  }
}

TEST(SyncIoctl, FlagsThatCannotBeReadAreAGap) {
  for (const char* const flags : {"", "(fault)"}) {
    const FtraceRead r(Ftrace().add(kExport).add(ioctl(flags)).add(returned()));
    EXPECT_EQ(r.kinds(), "export.");
    ASSERT_GE(r.statistics.kept_warnings.size(), 1U);
    EXPECT_NE(r.warning(r.statistics.kept_warnings.size() - 1).find("whose flags could not be read"),
              std::string::npos);
    ASSERT_EQ(r.gaps.size(), 1U);
    EXPECT_EQ(r.gaps[0].event, EventKind::kEndCpuAccess);
  }
}

TEST(SyncIoctl, ACallOfAnotherBufferInsideIsACallOfItsOwn) {
  std::string other = kEnd;
  other.replace(other.find("0xa0"), 4, "0xa8");
  const FtraceRead r(Ftrace().add(kExport).add(ioctl(kEndsReading)).add(other).add(kEndRet).add(returned()));
  EXPECT_EQ(r.kinds(), "export. end_cpu_access( end_cpu_access) end_cpu_access( end_cpu_access)");
  EXPECT_NE(r.at(1).buffer, r.at(3).buffer);
}

}  // namespace
}  // namespace custody::traces::test
