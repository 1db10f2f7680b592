// SPDX-License-Identifier: GPL-2.0-only
// A driver that was built and loaded, as the kernel's side of a host that answers programs.
#pragma once

#include <memory>
#include <string>

#include "kernel-ref/learn/kernel_side.hpp"

namespace custody::kernel_ref::drive {

/// Loads the object, which need not be there any longer then. Throws std::runtime_error.
[[nodiscard]] std::unique_ptr<learn::KernelSide> load_kernel(const std::string& object);

}  // namespace custody::kernel_ref::drive
