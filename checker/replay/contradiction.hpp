// SPDX-License-Identifier: BSD-2-Clause
// Options of the command line that the trace itself refutes.
#pragma once

#include <string>

#include "checker/replay/options.hpp"
#include "traces/directory.hpp"

namespace custody::checker::replay {

/// A device that snoops runs no cache operation: where a call ran one, a person who says that its device snoops is
/// wrong, and every verdict on it would be. Empty where nothing contradicts.
[[nodiscard]] std::string contradiction_of(const traces::Event& e, const traces::Directory& directory,
                                           const Options& options);

}  // namespace custody::checker::replay
