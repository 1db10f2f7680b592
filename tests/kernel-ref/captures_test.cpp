// SPDX-License-Identifier: BSD-2-Clause
// The calls of the real captures, made again on the drivers in user space: the DMA calls and cache operations inside
// them are those that the real kernel ran.
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "kernel-ref/client/client.hpp"
#include "traces/open.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::kernel_ref::test {
namespace {

using traces::Event;
using traces::EventKind;

/// One DMA call with what it did, without the names of a machine.
struct Done {
  EventKind kind;
  std::string device;
  model::Direction dir;
  std::uint64_t attrs;
  model::Operation operation;
  std::uint64_t bytes;
  bool operator==(const Done&) const = default;
};

void PrintTo(const Done& d, std::ostream* out) {
  *out << traces::name(d.kind) << " " << d.device << " " << model::name(d.dir) << " attrs " << d.attrs << " operation "
       << static_cast<int>(d.operation) << " bytes " << d.bytes;
}

std::vector<Done> dma_calls(const traces::RecordedTrace& trace) {
  std::vector<Done> out;
  for (const Event& e : trace.events())
    if (e.kind == EventKind::kDmaMap || e.kind == EventKind::kDmaUnmap || e.kind == EventKind::kSyncForCpu ||
        e.kind == EventKind::kSyncForDevice)
      out.push_back({e.kind, trace.directory().devices[e.device].name, e.dir, e.dma.attrs, e.maintenance.kind,
                     e.maintenance.bytes});
  return out;
}

/// Makes the calls of `from` again, in its order.
void repeat(const traces::RecordedTrace& from, client::Client& client, const std::vector<machine::Device>& devices) {
  std::map<std::uint32_t, std::uint32_t> buffers, attachments;
  for (const Event& e : from.events()) {
    if (e.phase == traces::Phase::kReturn) continue;
    switch (e.kind) {
      case EventKind::kExport:
        ASSERT_EQ(client.export_buffer(from.directory().buffers[e.buffer].size, buffers[e.buffer]), 0);
        break;
      case EventKind::kAttach: {
        const std::string& name = from.directory().devices[from.directory().attachments[e.attachment].device].name;
        std::uint32_t device = 0;
        while (devices[device].name != name) ++device;
        ASSERT_EQ(client.attach(buffers[e.buffer], device, attachments[e.attachment]), 0);
        break;
      }
      case EventKind::kMap: ASSERT_EQ(client.map(attachments[e.attachment], e.dir), 0); break;
      case EventKind::kUnmap: client.unmap(attachments[e.attachment], e.dir); break;
      case EventKind::kDetach: client.detach(attachments[e.attachment]); break;
      case EventKind::kBeginCpuAccess: ASSERT_EQ(client.begin_cpu_access(buffers[e.buffer], e.dir), 0); break;
      case EventKind::kEndCpuAccess: ASSERT_EQ(client.end_cpu_access(buffers[e.buffer], e.dir), 0); break;
      case EventKind::kMmap: ASSERT_EQ(client.mmap(buffers[e.buffer]), 0); break;
      case EventKind::kRelease: client.release(buffers[e.buffer]); break;
      default: break;
    }
  }
}

class Captures : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Captures, AreWhatTheDriverInUserSpaceDoes) {
  const auto [name, driver] = GetParam();
  traces::RecordedTrace real, ours;
  static_cast<void>(traces::read_trace(std::string("traces/recorded/") + name + ".ftrace.txt", real));
  const std::vector<machine::Device> devices = {{"cam.0"}, {"gpu.0"}, {"disp.0"}};
  machine::Machine machine({model::find_arch("arm64-6.1"), devices, 1024, 64});
  client::Client client(machine, ours, {driver, 0, false});
  repeat(real, client, devices);
  EXPECT_FALSE(dma_calls(real).empty());
  EXPECT_EQ(dma_calls(real), dma_calls(ours));
}

INSTANTIATE_TEST_SUITE_P(Recorded, Captures,
                         ::testing::Values(std::pair{"pipeline_remap", "system"}, std::pair{"pipeline_keep", "system"},
                                           std::pair{"cpu_unattached", "system"}, std::pair{"cma", "reserved"}));

}  // namespace
}  // namespace custody::kernel_ref::test
