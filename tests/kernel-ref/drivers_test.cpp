// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "kernel-ref/client/client.hpp"
#include "traces/litmus_writer.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::kernel_ref {
namespace {

TEST(Drivers, Smoke) {
  for (const char* driver : {"system", "reserved", "udmabuf", "heap_helpers_2019", "ownership_heap"}) {
    Machine machine({model::find_arch("arm64-6.1"), {{"cam"}, {"gpu"}}, 1024, 64});
    traces::RecordedTrace trace;
    {
      Client client(machine, trace, {driver, 1, false});
      std::uint32_t b = 0, a = 0;
      ASSERT_EQ(client.export_buffer(8192, b), 0) << driver;
      ASSERT_EQ(client.attach(b, 0, a), 0);
      ASSERT_EQ(client.map(a, model::Direction::kFromDevice), 0);
      ASSERT_EQ(client.begin_cpu_access(b, model::Direction::kFromDevice), 0);
      ASSERT_EQ(client.end_cpu_access(b, model::Direction::kFromDevice), 0);
      client.unmap(a, model::Direction::kFromDevice);
      client.detach(a);
      client.release(b);
      client.finish();
    }
    printf("== %s %s\n", driver, trace.header().source.c_str());
    printf("%s", traces::write_litmus(trace).c_str());
    printf("\nlive %lu pages %lu warnings %lu\n", shim_live_allocations(), shim_live_pages(), shim_warnings());
  }
}

}  // namespace
}  // namespace custody::kernel_ref
