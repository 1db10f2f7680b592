// SPDX-License-Identifier: BSD-2-Clause
// Files that are read whole: contracts, profiles.
#pragma once

#include <cstddef>
#include <string>

namespace custody::checker::cli {

/// What is in the file, the pipe or the device at `path`. Throws spec::SpecError where it cannot be read, where there
/// are more than `most` bytes, of which no more are read, and where it is the file that standard output goes to.
[[nodiscard]] std::string read_small_file(const std::string& path, std::size_t most);

}  // namespace custody::checker::cli
