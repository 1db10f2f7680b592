// SPDX-License-Identifier: BSD-2-Clause
// Interrupts: the first one ends the work with what there is so far.
#pragma once

#include <atomic>

namespace custody::checker::cli {

/// From now on the first SIGINT or SIGTERM sets what is returned; a second one, should the report not end, ends the
/// program.
[[nodiscard]] const std::atomic<bool>& end_with_a_summary();

}  // namespace custody::checker::cli
