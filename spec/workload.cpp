// SPDX-License-Identifier: BSD-2-Clause
// Uses of buffers that are typical, to say what a contract costs.
#include "spec/workload.hpp"

#include "spec/workloads_text.hpp"

namespace custody::spec {

const std::vector<Workload>& standard_workloads() {
  static const std::vector<Workload> workloads = [] {
    std::vector<Workload> out;
    constexpr std::string_view kMagic = "custody litmus: ";
    for (const auto& [name, text] : kWorkloads)
      out.push_back({name, text.substr(kMagic.size(), text.find('\n') - kMagic.size()), text});
    return out;
  }();
  return workloads;
}

}  // namespace custody::spec
