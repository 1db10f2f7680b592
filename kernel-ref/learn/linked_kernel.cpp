// SPDX-License-Identifier: GPL-2.0-only
// The drivers that are linked with the host.
#include "kernel-ref/learn/functions.hpp"
#include "kernel-ref/learn/kernel_side.hpp"
#include "kernel-ref/machine/machine.hpp"

namespace custody::kernel_ref::learn {

namespace {

class LinkedKernel final : public KernelSide {
 public:
  void set_policy(const ownership_policy& policy) override { ownership_heap_policy = policy; }
  std::string_view function_at(const void* address) override { return learn::function_at(address); }
  std::string guarded(const std::function<void()>& work) override {
    try {
      work();
    } catch (const machine::KernelBug& bug) {
      return bug.what();
    }
    return {};
  }
};

}  // namespace

std::unique_ptr<KernelSide> linked_kernel() { return std::make_unique<LinkedKernel>(); }

}  // namespace custody::kernel_ref::learn
