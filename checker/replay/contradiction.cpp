// SPDX-License-Identifier: BSD-2-Clause
// Compares what a person says of devices with what their calls did.
#include "checker/replay/contradiction.hpp"

#include <algorithm>

#include "model/architecture.hpp"

namespace custody::checker::replay {

namespace {

bool ran_an_operation(const traces::Event& e) {
  return traces::is_dma_call(e.kind) && e.maintenance.known &&
         (e.maintenance.helper_ran || e.maintenance.kind != model::Operation::kNone);
}

}  // namespace

std::string contradiction_of(const traces::Event& e, const traces::Directory& directory, const Options& options) {
  if (options.devices.empty() && options.arch.empty()) return {};
  if (!ran_an_operation(e) || e.device >= directory.devices.size()) return {};
  const std::string& device = directory.devices[e.device].name;
  const model::ArchProfile* arch = model::find_arch(options.arch);
  const bool by_arch = arch != nullptr && arch->all_coherent;
  const bool by_device = std::any_of(options.devices.begin(), options.devices.end(), [&](const DeviceOverride& o) {
    return o.name == device && o.coherent.value_or(false);
  });
  if (!by_arch && !by_device) return {};
  const std::string did = "a " + std::string(traces::name(e.kind)) + " of " + device + " ran a cache operation here";
  if (by_arch)
    return "--arch " + options.arch + " contradicts the trace: " + did +
           ", and no device of that architecture needs one";
  return "--device " + device + "=coherent contradicts the trace: " + did + ", so it does not snoop";
}

}  // namespace custody::checker::replay
