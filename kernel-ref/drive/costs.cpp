// SPDX-License-Identifier: GPL-2.0-only
// What a driver's syncs cost on the standard workloads.
#include "kernel-ref/drive/costs.hpp"

#include <map>

#include "kernel-ref/drive/run.hpp"
#include "spec/workload.hpp"
#include "traces/formats/litmus/reader.hpp"

namespace custody::kernel_ref::drive {

using traces::EventKind;

namespace {

constexpr std::size_t kPages = 1024;

/// Plays the calls of a workload on the driver.
class Player {
 public:
  Player(client::Client& client, const traces::RecordedTrace& workload) : client_(client), workload_(workload) {}

  /// The errno of the first call that failed.
  int play() {
    for (const traces::Event& e : workload_.events()) {
      if (e.phase == traces::Phase::kReturn) continue;
      if (const int ret = make(e); ret < 0) return ret;
    }
    return 0;
  }

 private:
  int make(const traces::Event& e) {
    switch (e.kind) {
      case EventKind::kExport:
        return client_.export_buffer(workload_.directory().buffers[e.buffer].size, buffers_[e.buffer]);
      case EventKind::kAttach: return client_.attach(buffers_[e.buffer], e.device, attachments_[e.attachment]);
      case EventKind::kDetach: client_.detach(attachments_[e.attachment]); return 0;
      case EventKind::kMap: return client_.map(attachments_[e.attachment], e.dir);
      case EventKind::kUnmap: client_.unmap(attachments_[e.attachment], e.dir); return 0;
      case EventKind::kBeginCpuAccess: return client_.begin_cpu_access(buffers_[e.buffer], e.dir);
      case EventKind::kEndCpuAccess: return client_.end_cpu_access(buffers_[e.buffer], e.dir);
      case EventKind::kVmap: return client_.vmap(buffers_[e.buffer]);
      case EventKind::kVunmap: client_.vunmap(buffers_[e.buffer]); return 0;
      case EventKind::kMmap: return client_.mmap(buffers_[e.buffer]);
      case EventKind::kRelease: client_.release(buffers_[e.buffer]); return 0;
      default: return 0;
    }
  }
  client::Client& client_;
  const traces::RecordedTrace& workload_;
  std::map<std::uint32_t, std::uint32_t> buffers_, attachments_;
};

WorkloadCost cost_of(Kernel& kernel, const Kernel::Saved& fresh, const Built& built, const spec::Workload& w) {
  WorkloadCost cost;
  cost.name = w.name;
  traces::RecordedTrace trace;
  static_cast<void>(traces::formats::litmus::read_litmus(w.text, std::string(w.name), trace));
  Configuration c;
  c.arch = model::kDefaultArch;
  for (const auto& d : trace.directory().devices) c.devices.push_back({d.name});
  Stage stage(kernel, fresh, c, built.driver, built.profile, kPages);
  if (stage.boot()) return cost.failed = stage.boot().what, cost;
  stage.restore();
  checker::replay::Engine engine(stage.options(), [](const checker::Finding&, const traces::Directory&) {});
  const Stop stop = guarded([&] {
    client::Client client(stage.machine(), engine, {stage.driver(), 0, false});
    const int ret = Player(client, trace).play();
    if (ret != 0) cost.failed = "a call returns " + std::to_string(ret);
    client.finish();
  });
  if (stop) return cost.failed = stop.what, cost;
  const checker::MaintenanceTotals& m = engine.finish().maintenance;
  cost.operations = m.operations;
  cost.bytes = m.bytes;
  cost.no_effect = m.no_effect.operations;
  cost.optimum = m.optimum.operations;
  cost.has_optimum = m.no_optimum == 0;
  return cost;
}

}  // namespace

std::vector<WorkloadCost> costs_of(Kernel& kernel, const Kernel::Saved& fresh, const Built& built) {
  std::vector<WorkloadCost> costs;
  for (const spec::Workload& w : spec::standard_workloads()) costs.push_back(cost_of(kernel, fresh, built, w));
  return costs;
}

}  // namespace custody::kernel_ref::drive
