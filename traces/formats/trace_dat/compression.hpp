// SPDX-License-Identifier: BSD-2-Clause
// The two compressions that trace-cmd uses in its files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace custody::traces::formats::trace_dat {

enum class Compression : std::uint8_t { kNone, kZlib, kZstd };

/// By the name in the head of a file: `none`, `zlib`, `zstd`.
[[nodiscard]] std::optional<Compression> find_compression(std::string_view name);

/// Can `packed` hold `size` bytes? A file that says so of less is damaged, and no memory is made for it.
[[nodiscard]] bool can_hold(Compression compression, std::string_view packed, std::uint64_t size);

/// Unpacks `packed` into `into`, whose size is what has to come out. False where the bytes are none of that
/// compression, or give more or less.
[[nodiscard]] bool unpack(Compression compression, std::string_view packed, std::string& into);

}  // namespace custody::traces::formats::trace_dat
