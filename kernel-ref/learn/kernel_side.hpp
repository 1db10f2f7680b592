// SPDX-License-Identifier: GPL-2.0-only
// The kernel's side of a host that answers programs: linked with it, or loaded.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "kernel-ref/drivers/ownership_policy.h"

namespace custody::kernel_ref::learn {

/// What a host needs of the drivers beside the client's calls.
class KernelSide {
 public:
  KernelSide() = default;
  KernelSide(const KernelSide&) = delete;
  KernelSide& operator=(const KernelSide&) = delete;
  virtual ~KernelSide() = default;

  /// Buffers that are allocated from now on have this policy.
  virtual void set_policy(const ownership_policy& policy) = 0;
  /// A machine is about to be switched on, and was.
  virtual void before_boot() {}
  virtual void after_boot() {}
  /// What the client asks for where it has no name; empty: nothing exports buffers.
  [[nodiscard]] virtual std::string first_exporter() { return {}; }
  /// Everything is as it was after the boot. False: what programs leave behind stays.
  virtual bool put_back() { return false; }
  /// A call is over.
  virtual void after_call() {}
  /// The C function that holds this address; empty: nobody knows. Valid as long as this.
  [[nodiscard]] virtual std::string_view function_at(const void* address) = 0;
  /// Runs `work`, which calls the drivers. What stopped it; empty: nothing did.
  [[nodiscard]] virtual std::string guarded(const std::function<void()>& work) = 0;
};

/// The drivers that are linked with this program.
[[nodiscard]] std::unique_ptr<KernelSide> linked_kernel();

}  // namespace custody::kernel_ref::learn
