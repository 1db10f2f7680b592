// SPDX-License-Identifier: BSD-2-Clause
// How bytes are packed, by their first ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace custody::traces::input {

enum class Encoding : std::uint8_t {
  kPlain,  ///< nothing that is known here
  kGzip,
  kXz,
  kZstd,
  kBzip2,
  kLz4,
  kAtrace,  ///< a zlib stream behind the text that atrace prints first
  kUtf16Little,
  kUtf16Big,
  kTar,
  kZip,
};

/// More than so many first bytes are not needed to tell.
inline constexpr std::size_t kMostToTell = 512;

/// How what begins with `begin` is packed.
[[nodiscard]] Encoding encoding_of(std::string_view begin);

/// More bytes behind `begin` could tell otherwise. False for text with a whole line, so that a stream which is still
/// being written is not waited for.
[[nodiscard]] bool may_tell_more(std::string_view begin);

/// Of kAtrace: how many bytes of text stand before the zlib stream.
[[nodiscard]] std::size_t atrace_text(std::string_view begin);

}  // namespace custody::traces::input
