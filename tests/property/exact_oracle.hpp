// SPDX-License-Identifier: BSD-2-Clause
// The ground truth of a program that has all accesses, with their ranges: line by line and block by block.
#pragma once

#include "tests/property/block_sets.hpp"
#include "tests/property/program_oracle.hpp"

namespace custody::property {

/// `program.exact`. Devices are not bounced. Of mappings nothing is judged.
[[nodiscard]] Outcome follow_exactly(const Program& program, const Reading& reading, BlockSets& sets);

}  // namespace custody::property
