// SPDX-License-Identifier: BSD-2-Clause
// Files that options name: contracts, patches, profiles of exporters. They are read as a whole, up to a limit.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace custody::checker::cli {

/// All bytes of a file, a pipe or a device; - is standard input. Throws spec::SpecError with the path where it cannot
/// be read, and where there are more than `most` bytes: no more are read.
[[nodiscard]] std::string read_small_file(const std::string& path, std::size_t most);

/// What is wrong where two of the paths are standard input, which can be read once; else empty.
[[nodiscard]] std::string standard_input_twice(const std::vector<std::string>& paths);

}  // namespace custody::checker::cli
