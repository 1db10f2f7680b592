// SPDX-License-Identifier: BSD-2-Clause
// Records of one task on several processors, whose clocks may differ, and those that are out of their place.
#include <gtest/gtest.h>

#include <string>

#include "tests/traces/ftrace_support.hpp"

namespace custody::traces::test {
namespace {

std::string on(int cpu, int microseconds, const std::string& event) {
  const std::string fraction = std::to_string(1'000'000 + microseconds).substr(1);
  return "  a-30  [00" + std::to_string(cpu) + "] d....  1." + fraction + ": " + event + "\n";
}

const std::string kWindow = "begin_cpu_access: (x) dmabuf=0xa0 dir=2", kOpen = "begin_cpu_access_ret: (x) ret=0";

TEST(FtraceWindow, LetsProcessorsHaveClocksThatDiffer) {
  const FtraceRead trace(on(0, 10, kExport) + on(1, 500, kAttach) + on(0, 20, kWindow) + on(1, 510, kOpen) +
                         on(0, 30, kRelease));
  EXPECT_EQ(trace.kinds(), "export. attach. begin_cpu_access( begin_cpu_access) release.");
  EXPECT_EQ(trace.statistics.malformed, 0U);
}

TEST(FtraceWindow, PassesOverARecordAheadOfItsProcessor) {
  const FtraceRead trace(on(1, 500, kWindow) + on(0, 10, kExport) + on(1, 20, kAttach) + on(1, 510, kOpen));
  EXPECT_EQ(trace.kinds().substr(0, 15), "export. attach.");
  EXPECT_EQ(trace.statistics.malformed, 1U);
  EXPECT_EQ(trace.warning(0).substr(0, 3), "1: ");
}

TEST(FtraceWindow, SeesARecordAgainBehindOneOfAnotherProcessor) {
  const std::string attach = on(0, 20, kAttach);
  const FtraceRead trace(on(0, 10, kExport) + attach + on(1, 30, kWindow) + attach + on(1, 40, kOpen));
  EXPECT_EQ(trace.kinds(), "export. attach. begin_cpu_access( begin_cpu_access)");
  EXPECT_EQ(trace.statistics.malformed, 1U);
}

}  // namespace
}  // namespace custody::traces::test
