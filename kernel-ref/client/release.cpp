// SPDX-License-Identifier: GPL-2.0-only
// How a client lets a buffer go: the last steps of its life.
#include "kernel-ref/client/client.hpp"

namespace custody::kernel_ref::client {

std::string kernel_release() { return CUSTODY_KERNEL_RELEASE; }

}  // namespace custody::kernel_ref::client
