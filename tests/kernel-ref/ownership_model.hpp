// SPDX-License-Identifier: BSD-2-Clause
// The ownership contract as the lifetime tables have it: an operation exactly where the owner's state changes. Explored
// with two devices and one window, with what the caches may hold.
#pragma once

#include <optional>

#include "kernel-ref/drivers/ownership_policy.h"
#include "model/coherence.hpp"
#include "model/words.hpp"
#include "tests/kernel-ref/execution.hpp"

namespace custody::kernel_ref::test {

/// The operation of a change of owner under `policy`; states are indices of model::kStates.
[[nodiscard]] model::Operation operation_between(model::Id before, model::Id after, const ownership_policy& policy);

/// A shortest legal program after which an agent may read old data or lose a write; none where the policy is safe.
/// Explores every reachable state.
[[nodiscard]] std::optional<Program> counterexample(const ownership_policy& policy);

}  // namespace custody::kernel_ref::test
