// SPDX-License-Identifier: BSD-2-Clause
// The type information that lies in a file of a kernel.
#pragma once

#include <string>

namespace custody::traces::recording {

/// The BTF in the file at `path`: all of it, or the largest that lies in an ELF file or in a boot image (Image of
/// arm64, bzImage; compressed with gzip, xz, zstd, bzip2 or lz4). Throws InputError, which says what was expected, also
/// where the file is larger than any kernel.
[[nodiscard]] std::string types_of_image(const std::string& path);

}  // namespace custody::traces::recording
