// SPDX-License-Identifier: BSD-2-Clause
// Comments for the kernel: what an exporter's operations may do in which state.
#pragma once

#include <string>

#include "spec/document/document.hpp"

namespace custody::spec::document {

/// `struct dma_buf_ops` with a comment for each member, which the kernel's scripts/kernel-doc takes: where the call is
/// legal and where it leads, the syncs due, and what is forbidden. Members and types are those of the release that the
/// citations are of.
[[nodiscard]] std::string render_kernel_doc(const Document& document);

}  // namespace custody::spec::document
